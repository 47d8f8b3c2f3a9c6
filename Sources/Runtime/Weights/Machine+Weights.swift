import Operations
import PlanFormat
import Support

/// What was taken from a file of weights.
package struct LoadedWeights: Hashable, Sendable {

  /// The parameters and states that were read.
  package let read: [String]

  /// The parameters that the file lacks; they keep their initial values.
  package let missing: [String]

  /// The tensors of the file that the plan has nothing for.
  package let ignored: [String]

}

extension Machine {

  /// Sets parameters to the tensors of the same name in `file`, and states as far as it has them.
  ///
  /// - Parameter isPartial: `true` iff parameters that the file lacks keep their values.
  /// - Throws: if one is missing that must not be, or has another shape; the parameters may be partly changed then.
  package func load(_ file: SafetensorsFile, isPartial: Bool = false) throws(StateFileError) -> LoadedWeights {
    let all = verified.plan.storage.map(\.storage)
    let wanted = all.indices.filter { all[$0].kind.isWeight }
    let found = wanted.filter { file.entry(all[$0].name) != nil }
    let missing = wanted.filter { all[$0].kind != .state && file.entry(all[$0].name) == nil }.map { all[$0].name }
    let known = Set(all.filter { $0.kind.isSaved }.map(\.name))
    let ignored = file.names.filter { !known.contains($0) }
    if !missing.isEmpty && !isPartial {
      throw .init(file.path, .missing(Self.described(missing, ignored)))
    }
    try checkTypes(found, of: file)
    for i in found {
      if let entry = file.entry(all[i].name) { try read(entry, of: file, into: i) }
    }
    return .init(read: found.map { all[$0].name }, missing: missing, ignored: ignored)
  }

  /// Sets the storage at position `i` to `entry` of `file`.
  func read(_ entry: SafetensorsHeader.Entry, of file: SafetensorsFile, into i: Int) throws(StateFileError) {
    try backend.modify(storage[i]) { (b) throws(StateFileError) in try file.read(entry, into: b) }
  }

  /// Returns the names with the one of `others` that each is most like, where it is looked for.
  private static func described(_ names: [String], _ others: [String]) -> [StateFileError.MissingName] {
    names.enumerated().map { (i, name) in
      let isShown = i < StateFileError.listLimit
      return .init(name, nearest: isShown ? Suggestion.nearest(to: name, in: others) : nil)
    }
  }

  /// Checks that `file` has the storage at `positions` with its shapes, in types that can be read.
  private func checkTypes(_ positions: [Int], of file: SafetensorsFile) throws(StateFileError) {
    var differences: [StateFileError.TypeDifference] = []
    for i in positions {
      let s = verified.plan.storage[i].storage
      guard let entry = file.entry(s.name) else { continue }
      if entry.extents == s.type.extents, let e = entry.type?.element,
        SafetensorsFile.converts(e, to: s.type.element)
      {
        continue
      }
      differences.append(.init(s.name, found: entry.typeDescription, expected: s.type))
    }
    if !differences.isEmpty { throw .init(file.path, .wrongTypes(differences)) }
  }

}

extension Storage.Kind {

  /// `true` iff a file of weights may hold it.
  var isWeight: Bool {
    switch self {
    case .parameter, .frozen, .state: true
    case .slot, .gradient, .input: false
    }
  }

  /// `true` iff its bytes between two steps decide what the next steps do.
  var isSaved: Bool {
    switch self {
    case .parameter, .frozen, .state, .slot: true
    case .gradient, .input: false
    }
  }

}
