/// A set of names that only grows.
///
/// A name is hashed once: growing moves hashes, not names, which is what makes a set of a hundred thousand paths slow.
package struct NameTable: Sendable {

  private var names: [String] = []

  /// The hash of each name.
  private var hashes: [Int] = []

  /// For each slot, the position of a name plus one, or 0; a power of two in number, at most half of them taken.
  private var slots: [Int32] = Array(repeating: 0, count: 32)

  /// Creates a table of `names`.
  package init(_ names: [String] = []) { for n in names { _ = insert(n) } }

  /// The number of names.
  package var count: Int { names.count }

  /// `true` iff `name` is among the names.
  ///
  /// - Complexity: O(1) on average.
  package func contains(_ name: String) -> Bool { slots[slot(of: name, name.hashValue)] != 0 }

  /// Adds `name` and returns `true`, or returns `false` if it is there.
  ///
  /// - Complexity: amortised O(1).
  package mutating func insert(_ name: String) -> Bool {
    let hash = name.hashValue
    let s = slot(of: name, hash)
    if slots[s] != 0 { return false }
    names.append(name)
    hashes.append(hash)
    slots[s] = Int32(names.count)
    if 2 * names.count > slots.count { grow() }
    return true
  }

  /// Makes room for `count` names.
  package mutating func reserveCapacity(_ count: Int) {
    names.reserveCapacity(count)
    hashes.reserveCapacity(count)
    while slots.count < 2 * count { grow() }
  }

  /// Returns the slot that holds `name`, or the free one where it belongs.
  private func slot(of name: String, _ hash: Int) -> Int {
    var s = hash & (slots.count - 1)
    while slots[s] != 0 {
      let i = Int(slots[s]) - 1
      if hashes[i] == hash, names[i] == name { break }
      s = (s + 1) & (slots.count - 1)
    }
    return s
  }

  /// Doubles the slots.
  private mutating func grow() {
    slots = Array(repeating: 0, count: 2 * slots.count)
    for (i, hash) in hashes.enumerated() {
      var s = hash & (slots.count - 1)
      while slots[s] != 0 { s = (s + 1) & (slots.count - 1) }
      slots[s] = Int32(i + 1)
    }
  }

}
