package import Operations
package import Support

extension Function {

  /// A copy of a function under construction, into which instructions may be inserted.
  package struct Inserter {

    /// The copy so far.
    package private(set) var function: Function

    /// For each value of the old function the one in the copy.
    private var new: [ValueID?]

    private var names: NameTable

    fileprivate init(_ old: Function) {
      function = Function(name: old.name)
      function.reserveCapacity(old.values.count)
      function.bindings = old.bindings
      new = .init(repeating: nil, count: old.values.count)
      names = old.usedNames
      for (v, value) in old.values.enumerated() {
        if case .storage(let s) = value.origin { new[v] = function.value(of: s, named: value.name, type: value.type) }
      }
    }

    /// Returns the value of the copy that `old` became.
    ///
    /// - Requires: its instruction was copied before.
    package func copied(_ old: ValueID) -> ValueID {
      guard let n = new[old.index] else { preconditionFailure("a value was dropped") }
      return n
    }

    /// Appends an instruction with one result, called as `value` of the old function where that was not copied, or else by
    /// a name that no value has.
    ///
    /// - Requires: `operand` is a value of the copy, and the operation gives a result of the type of `value`.
    package mutating func insert(
      _ operation: Operation, _ operand: ValueID, as value: ValueID, of old: Function, at site: SourceSite
    ) -> ValueID {
      let name = function.hasName(old[value].name) ? names.insertNext(old[value].name) : old[value].name
      return function.append(operation, types: [old[value].type], operands: [operand], names: [name], at: site)[0]
    }

    /// Appends the old instruction `id`, which reads `operands` of the copy.
    fileprivate mutating func copy(_ id: InstructionID, of old: Function, _ operands: [ValueID]) {
      let i = old[id]
      let results = function.append(
        i.operation, types: i.results.map { old[$0].type }, operands: operands, names: i.results.map { old[$0].name },
        at: i.site)
      for (o, n) in zip(i.results, results) { new[o.index] = n }
    }

    fileprivate mutating func finish(_ old: Function) -> Function {
      if let b = old.backwardStart, b.index == old.instructions.count {
        function.backwardStart = .init(function.instructions.count)
      }
      function.results = old.results.map { .init($0.result, copied($0.value)) }
      function.checkpoints = old.checkpoints.map(copied).sorted()
      return function
    }

    fileprivate mutating func enter(_ id: InstructionID, of old: Function) {
      if id == old.backwardStart { function.backwardStart = .init(function.instructions.count) }
      if id == old.applyStart { function.applyStart = .init(function.instructions.count) }
    }

  }

  /// Returns a copy with instructions inserted: `operands` inserts what it likes before an instruction and returns what that
  /// reads in the copy, or `nil` to drop it.
  ///
  /// - Requires: results and marked values are not dropped, and nothing reads what is dropped.
  /// - Complexity: O(*n*) where *n* is the number of operands.
  package func inserting(_ operands: (InstructionID, inout Inserter) -> [ValueID]?) -> Function {
    var inserter = Inserter(self)
    for id in instructionIDs {
      inserter.enter(id, of: self)
      if let read = operands(id, &inserter) { inserter.copy(id, of: self, read) }
    }
    return inserter.finish(self)
  }

}
