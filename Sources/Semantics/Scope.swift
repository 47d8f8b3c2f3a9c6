/// The names declared between one pair of braces.
///
/// Most scopes hold a handful of names and are opened for every repetition, so that they are searched in order; one that
/// grows past that gets an index.
struct Scope: Sendable {

  private struct Entry: Sendable {

    let name: String

    var binding: Binding

  }

  /// What is declared, in order of declaration.
  private var entries: [Entry] = []

  /// The position of each name, once there are more than `searchLimit`.
  private var index: [String: Int] = [:]

  /// The most names that are searched one by one.
  private static let searchLimit = 12

  /// Creates a scope with room for `capacity` names.
  init(capacity: Int = 0) { entries.reserveCapacity(min(capacity, Self.searchLimit)) }

  /// The names in order of declaration.
  var names: [String] { entries.map(\.name) }

  /// What `name` stands for, or `nil`.
  ///
  /// - Complexity: O(1).
  subscript(name: String) -> Binding? { position(of: name).map { entries[$0].binding } }

  /// What `name` means, or `nil`.
  ///
  /// - Complexity: O(1).
  func meaning(of name: String) -> Meaning? { position(of: name).map { entries[$0].binding.meaning } }

  /// Gives `name` a new meaning.
  ///
  /// - Requires: the scope declares `name`.
  mutating func set(_ name: String, to meaning: Meaning) {
    guard let i = position(of: name) else { preconditionFailure("'\(name)' is declared") }
    entries[i].binding.meaning = meaning
  }

  /// Declares `name` and returns what it stood for in the scope before, if anything.
  mutating func declare(_ name: String, _ binding: Binding) -> Binding? {
    if let i = position(of: name) {
      let earlier = entries[i].binding
      entries[i].binding = binding
      return earlier
    }
    entries.append(.init(name: name, binding: binding))
    if entries.count == Self.searchLimit + 1 {
      for (i, e) in entries.enumerated() { index[e.name] = i }
    } else if entries.count > Self.searchLimit {
      index[name] = entries.count - 1
    }
    return nil
  }

  /// `true` iff the scope declares `name`.
  func declares(_ name: String) -> Bool { position(of: name) != nil }

  private func position(of name: String) -> Int? {
    if entries.count > Self.searchLimit { return index[name] }
    for i in entries.indices where entries[i].name == name { return i }
    return nil
  }

}
