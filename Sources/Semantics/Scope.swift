/// The names declared between one pair of braces.
///
/// Most scopes hold a handful of names and are opened for every repetition, so that they are searched in order; one that
/// grows past that gets an index.
struct Scope: Sendable {

  /// The names in order of declaration.
  private(set) var names: [String] = []

  private var bindings: [Binding] = []

  /// The position of each name, once there are more than `searchLimit`.
  private var index: [String: Int] = [:]

  /// The most names that are searched one by one.
  private static let searchLimit = 12

  /// What `name` stands for, or `nil`; only names that are declared can be set.
  ///
  /// - Complexity: O(1).
  subscript(name: String) -> Binding? {
    get { position(of: name).map { bindings[$0] } }
    set {
      guard let i = position(of: name), let newValue else { preconditionFailure("'\(name)' stays declared") }
      bindings[i] = newValue
    }
  }

  /// Declares `name` and returns what it stood for in the scope before, if anything.
  mutating func declare(_ name: String, _ binding: Binding) -> Binding? {
    if let i = position(of: name) {
      let earlier = bindings[i]
      bindings[i] = binding
      return earlier
    }
    names.append(name)
    bindings.append(binding)
    if names.count == Self.searchLimit + 1 {
      for (i, n) in names.enumerated() { index[n] = i }
    } else if names.count > Self.searchLimit {
      index[name] = names.count - 1
    }
    return nil
  }

  /// `true` iff the scope declares `name`.
  func declares(_ name: String) -> Bool { position(of: name) != nil }

  private func position(of name: String) -> Int? {
    if names.count > Self.searchLimit { return index[name] }
    return names.firstIndex { $0 == name }
  }

}
