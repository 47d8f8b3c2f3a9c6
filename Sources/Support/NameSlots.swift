/// Where names are in a list that somebody else keeps: a hash table of positions.
///
/// A name is hashed once: growing moves hashes, not names, which is what makes a set of a hundred thousand paths slow.
/// A slot holds its name's hash, so that most names that are not there are told without looking at another.
package struct NameSlots: Sendable {

  /// The slots; a power of two in number, at most three quarters of them taken.
  private var slots = Array(repeating: Slot.free, count: 32)

  /// The number of names.
  package private(set) var count = 0

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

  package init() {}

  /// Returns what `position` and `insert` take as the hash of `name`.
  package static func hash(of name: String) -> UInt32 { UInt32(truncatingIfNeeded: name.hashValue) }

  /// Returns the position of `name`, whose hash is `hash`, or `nil` if it has none; `nameAt` gives the names by position.
  ///
  /// - Complexity: O(1) on average.
  package func position(of name: String, hash: UInt32, in nameAt: (Int) -> String) -> Int? {
    var s = Int(hash) & (slots.count - 1)
    while !slots[s].isFree {
      if slots[s].hash == hash, nameAt(slots[s].position) == name { return slots[s].position }
      s = (s + 1) & (slots.count - 1)
    }
    return nil
  }

  /// Notes that a name whose hash is `hash` is at `position`.
  ///
  /// - Requires: the name has no position yet; `position` is less than 2^32 - 1.
  /// - Complexity: amortised O(1).
  package mutating func insert(_ position: Int, hash: UInt32) {
    count += 1
    if 4 * count > 3 * slots.count { grow() }
    place(.init(position, hash))
  }

  /// Makes room for `count` names.
  package mutating func reserveCapacity(_ count: Int) { while 3 * slots.count < 4 * count { grow() } }

  /// Puts `slot` into the first free one from where it belongs.
  private mutating func place(_ slot: Slot) {
    var s = Int(slot.hash) & (slots.count - 1)
    while !slots[s].isFree { s = (s + 1) & (slots.count - 1) }
    slots[s] = slot
  }

  /// Doubles the slots.
  private mutating func grow() {
    let old = slots
    slots = Array(repeating: .free, count: 2 * old.count)
    for slot in old where !slot.isFree { place(slot) }
  }

}
