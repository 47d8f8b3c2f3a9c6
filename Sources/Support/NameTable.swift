/// A set of names that only grows.
package struct NameTable: Sendable {

  private var names: [String] = []

  private var slots = NameSlots()

  /// For each name that was asked for again, by its position, the number to try next.
  private var nextVersions: [Int: Int] = [:]

  /// Creates a table of `names`.
  package init(_ names: [String] = []) { for n in names { _ = insert(n) } }

  /// The number of names.
  package var count: Int { names.count }

  /// `true` iff `name` is among the names.
  ///
  /// - Complexity: O(1) on average.
  package func contains(_ name: String) -> Bool { position(of: name, NameSlots.hash(of: name)) != nil }

  /// Adds `name` and returns `true`, or returns `false` if it is there.
  ///
  /// - Complexity: amortised O(1).
  package mutating func insert(_ name: String) -> Bool {
    let hash = NameSlots.hash(of: name)
    if position(of: name, hash) != nil { return false }
    add(name, hash)
    return true
  }

  /// Returns `name`, or the first of `name~2`, `name~3` … that is not among the names if it is.
  ///
  /// - Complexity: amortised O(1) for names that are added in order.
  package func next(_ name: String) -> String {
    guard let position = position(of: name, NameSlots.hash(of: name)) else { return name }
    var n = nextVersions[position] ?? 2
    while contains("\(name)~\(n)") { n += 1 }
    return "\(name)~\(n)"
  }

  /// Adds and returns `next(name)`.
  ///
  /// - Complexity: amortised O(1).
  package mutating func insertNext(_ name: String) -> String {
    let hash = NameSlots.hash(of: name)
    guard let position = position(of: name, hash) else {
      add(name, hash)
      return name
    }
    var n = nextVersions[position] ?? 2
    while !insert("\(name)~\(n)") { n += 1 }
    nextVersions[position] = n + 1
    return names[names.count - 1]
  }

  /// Adds `name`, whose hash is `hash` and which is not there.
  private mutating func add(_ name: String, _ hash: UInt32) {
    slots.insert(names.count, hash: hash)
    names.append(name)
  }

  /// Makes room for `count` names.
  package mutating func reserveCapacity(_ count: Int) {
    names.reserveCapacity(count)
    slots.reserveCapacity(count)
  }

  private func position(of name: String, _ hash: UInt32) -> Int? {
    slots.position(of: name, hash: hash) { names[$0] }
  }

}
