package import Operations
package import Support

/// A value of a function.
package struct Value: Hashable, Sendable {

  /// Where a value comes from.
  package enum Origin: Hashable, Sendable {

    /// It is persistent storage, which is there before the first instruction.
    case storage(StorageID)

    /// It is a result of this instruction.
    case instruction(InstructionID)

  }

  /// The path that names it, unique in its function.
  package let name: String

  package let type: TensorType

  package let origin: Origin

}

/// An operation applied to values.
package struct Instruction: Hashable, Sendable {

  package let operation: Operation

  package let operands: [ValueID]

  /// The values it defines, in the order of the operation's result types.
  package let results: [ValueID]

  /// The line of source it was lowered from.
  package let site: SourceSite

}

/// A straight-line function in single-assignment form: one step of training, or of evaluation.
package struct Function: Sendable {

  /// A scalar that the program reports.
  package struct Result: Hashable, Sendable {

    package let result: ProgramResult

    package let value: ValueID

    package init(_ result: ProgramResult, _ value: ValueID) {
      self.result = result
      self.value = value
    }

  }

  /// `train` or `eval`.
  package let name: String

  /// What its inputs are filled from.
  package var bindings: [InputBinding] = []

  package private(set) var values: [Value] = []

  /// The instructions; each uses only values defined before it.
  package private(set) var instructions: [Instruction] = []

  /// The first instruction of the backward part, or `nil` before differentiation.
  package var backwardStart: InstructionID?

  /// The first instruction of the part that is executed once a step, after the last micro-batch; `nil` where a step is one
  /// batch, and before differentiation.
  package var applyStart: InstructionID?

  /// The loss and the metrics.
  package var results: [Result] = []

  /// The values that the source marks with `checkpoint(…)`, ascending.
  package var checkpoints: [ValueID] = []

  /// The value that stands for each storage, by the index of the storage, as far as the function uses it.
  private var valueOfStorage: [ValueID?] = []

  /// The names that values have, and the words that begin other lines of the text.
  var usedNames = NameTable([
    "apply", "backward", "bind", "checkpoint", "delete", "loss", "metric", "program", "update",
  ])

  package init(name: String) { self.name = name }

  package subscript(v: ValueID) -> Value { values[v.index] }

  /// Returns the size of a value.
  package func size(of v: ValueID) -> ByteCount { values[v.index].type.size }

  package subscript(i: InstructionID) -> Instruction { instructions[i.index] }

  /// The value of the loss, or `nil` where there is none yet.
  package var loss: ValueID? { results.first { $0.result.role == .loss }?.value }

  /// All instructions in order of execution.
  package var instructionIDs: some RandomAccessCollection<InstructionID> {
    instructions.indices.lazy.map(InstructionID.init)
  }

  /// Returns the value that stands for `storage`, adding it at its first use.
  ///
  /// - Requires: no other value has the name.
  package mutating func value(of storage: StorageID, named name: String, type: TensorType) -> ValueID {
    if let v = existingValue(of: storage) { return v }
    guard let v = addValue(of: storage, named: name, type: type) else {
      preconditionFailure("the name of storage is taken: \(name)")
    }
    return v
  }

  /// Adds the value that stands for `storage`, or returns `nil` if the name is taken.
  ///
  /// - Requires: the function does not use `storage` yet.
  package mutating func addValue(of storage: StorageID, named name: String, type: TensorType) -> ValueID? {
    guard usedNames.insert(name) else { return nil }
    values.append(.init(name: name, type: type, origin: .storage(storage)))
    let v = ValueID(values.count - 1)
    while valueOfStorage.count <= storage.index { valueOfStorage.append(nil) }
    valueOfStorage[storage.index] = v
    return v
  }

  /// Returns the value that stands for `storage`, or `nil` if the function does not use it.
  package func existingValue(of storage: StorageID) -> ValueID? {
    valueOfStorage.indices.contains(storage.index) ? valueOfStorage[storage.index] : nil
  }

  /// Makes room for `count` values.
  mutating func reserveCapacity(_ count: Int) {
    values.reserveCapacity(count)
    usedNames.reserveCapacity(count)
  }

  /// Appends an instruction and returns the values it defines, named `name` or `name~2`, `name~3` … if that is taken;
  /// a second result is called `name.1` and so on, after the first one's name.
  ///
  /// - Requires: `operands` are defined in `self`.
  /// - Throws: if the operation does not apply to operands of their types.
  @discardableResult
  package mutating func append(
    _ operation: Operation, _ operands: [ValueID], named name: String, at site: SourceSite
  ) throws(ShapeError) -> [ValueID] {
    let types = try operation.resultTypes(operands.map { values[$0.index].type })
    let id = InstructionID(instructions.count)
    var results: [ValueID] = []
    results.reserveCapacity(types.count)
    for (i, t) in types.enumerated() {
      let unique = usedNames.insertNext(results.first.map { "\(values[$0.index].name).\(i)" } ?? name)
      values.append(.init(name: unique, type: t, origin: .instruction(id)))
      results.append(.init(values.count - 1))
    }
    instructions.append(.init(operation: operation, operands: operands, results: results, site: site))
    return results
  }

  /// Appends an instruction whose results have the given `types` and `names`, and returns the values it defines.
  ///
  /// - Requires: the operation gives these types, and no value has one of the `names`.
  mutating func append(
    _ operation: Operation, types: [TensorType], operands: [ValueID], names: [String], at site: SourceSite
  ) -> [ValueID] {
    let id = InstructionID(instructions.count)
    var results: [ValueID] = []
    for (n, t) in zip(names, types) {
      precondition(usedNames.insert(n), "the name is taken: \(n)")
      values.append(.init(name: n, type: t, origin: .instruction(id)))
      results.append(.init(values.count - 1))
    }
    instructions.append(.init(operation: operation, operands: operands, results: results, site: site))
    return results
  }

  /// `true` iff a value is called `name`, or no value may be.
  package func hasName(_ name: String) -> Bool { usedNames.contains(name) }

  /// Returns the name that the next value asked to be called `name` gets: `name` itself, or the first of `name~2`,
  /// `name~3` … that no value has.
  ///
  /// - Complexity: amortised O(1) for names asked for in order.
  package func nextName(_ name: String) -> String { usedNames.next(name) }

}
