/// A set of names that only grows.
///
/// A name is hashed once: growing moves hashes, not names, which is what makes a set of a hundred thousand paths slow.
/// A slot holds its name's hash, so that most names that are not there are told without looking at another.
package struct NameTable: Sendable {

  private var names: [String] = []

  /// For each name that was asked for again, by its position, the number to try next.
  private var nextVersions: [Int: Int] = [:]

  /// The slots; a power of two in number, at most half of them taken.
  private var slots = Array(repeating: Slot.free, count: 32)

  /// Where a name belongs: the upper half is that of its hash, the lower one its position plus one, or 0.
  private struct Slot {

    static let free = Slot(bits: 0)

    let bits: UInt64

    init(bits: UInt64) { self.bits = bits }

    init(_ position: Int, _ hash: UInt32) { bits = UInt64(hash) << 32 | UInt64(position + 1) }

    var isFree: Bool { bits == 0 }

    var position: Int { Int(bits & 0xffff_ffff) - 1 }

    var hash: UInt32 { UInt32(bits >> 32) }

  }

  /// Creates a table of `names`.
  package init(_ names: [String] = []) { for n in names { _ = insert(n) } }

  /// The number of names.
  package var count: Int { names.count }

  /// `true` iff `name` is among the names.
  ///
  /// - Complexity: O(1) on average.
  package func contains(_ name: String) -> Bool { !slots[slot(of: name, hash(of: name))].isFree }

  /// Adds `name` and returns `true`, or returns `false` if it is there.
  ///
  /// - Complexity: amortised O(1).
  package mutating func insert(_ name: String) -> Bool {
    let hash = hash(of: name)
    let s = slot(of: name, hash)
    if !slots[s].isFree { return false }
    add(name, hash, at: s)
    return true
  }

  /// Returns `name`, or the first of `name~2`, `name~3` … that is not among the names if it is.
  ///
  /// - Complexity: amortised O(1) for names that are added in order.
  package func next(_ name: String) -> String {
    let s = slot(of: name, hash(of: name))
    if slots[s].isFree { return name }
    var n = nextVersions[slots[s].position] ?? 2
    while contains("\(name)~\(n)") { n += 1 }
    return "\(name)~\(n)"
  }

  /// Adds and returns `next(name)`.
  ///
  /// - Complexity: amortised O(1).
  package mutating func insertNext(_ name: String) -> String {
    let hash = hash(of: name)
    let s = slot(of: name, hash)
    if slots[s].isFree {
      add(name, hash, at: s)
      return name
    }
    let position = slots[s].position
    var n = nextVersions[position] ?? 2
    while !insert("\(name)~\(n)") { n += 1 }
    nextVersions[position] = n + 1
    return names[names.count - 1]
  }

  /// Adds `name`, whose hash is `hash`, to the free slot `s`.
  private mutating func add(_ name: String, _ hash: UInt32, at s: Int) {
    names.append(name)
    slots[s] = .init(names.count - 1, hash)
    if 2 * names.count > slots.count { grow() }
  }

  /// Makes room for `count` names.
  package mutating func reserveCapacity(_ count: Int) {
    names.reserveCapacity(count)
    while slots.count < 2 * count { grow() }
  }

  private func hash(of name: String) -> UInt32 { UInt32(truncatingIfNeeded: name.hashValue) }

  /// Returns the slot that holds `name`, or the free one where it belongs.
  private func slot(of name: String, _ hash: UInt32) -> Int {
    var s = Int(hash) & (slots.count - 1)
    while !slots[s].isFree {
      if slots[s].hash == hash, names[slots[s].position] == name { break }
      s = (s + 1) & (slots.count - 1)
    }
    return s
  }

  /// Doubles the slots.
  private mutating func grow() {
    let old = slots
    slots = Array(repeating: .free, count: 2 * old.count)
    for slot in old where !slot.isFree {
      var s = Int(slot.hash) & (slots.count - 1)
      while !slots[s].isFree { s = (s + 1) & (slots.count - 1) }
      slots[s] = slot
    }
  }

}
