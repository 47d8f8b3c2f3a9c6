import Operations
import Support

/// A broken invariant of the IR, which is a bug in the compiler.
package struct IRViolation: Error, Hashable, Sendable, CustomStringConvertible {

  package let program: String

  /// The instruction's line, if one is at fault.
  package let line: String?

  package let message: String

  package var description: String { "\(program): \(line.map { "'\($0)': " } ?? "")\(message)" }

}

extension Module {

  /// Checks that the programs are well-formed.
  ///
  /// Written apart from the builder, so that one cannot share the other's mistake.
  ///
  /// - Complexity: O(*n*) where *n* is the number of operands.
  package func verify() throws(IRViolation) {
    for p in programs { try p.verify(in: self) }
  }

}

extension Function {

  /// Checks that every use follows its definition, that types follow from operands, and that effects are in place.
  package func verify(in module: Module) throws(IRViolation) {
    var isDefined = values.map { (v) in
      if case .storage(let s) = v.origin {
        module.storage.indices.contains(s.index) && module[s].type == v.type
      } else {
        false
      }
    }
    var names = Set<String>(minimumCapacity: values.count)
    for v in values {
      try require(TextScanner.isName(v.name), nil, "'\(v.name)' is not a name")
      try require(names.insert(v.name).inserted, nil, "two values are called '\(v.name)'")
    }
    for id in instructionIDs {
      try verify(id, isDefined, module)
      for r in self[id].results {
        try require(self[r].origin == .instruction(id), id, "'\(self[r].name)' says it comes from elsewhere")
        isDefined[r.index] = true
      }
    }
    try verifyResults(isDefined)
  }

  private func verify(_ id: InstructionID, _ isDefined: [Bool], _ module: Module) throws(IRViolation) {
    let i = self[id]
    for o in i.operands { try require(isDefined[o.index], id, "'\(self[o].name)' is used before its definition") }
    try require(try resultTypes(of: id) == i.results.map { self[$0].type }, id, "the results have other types")
    switch i.operation {
    case .state(.assign): try verifyAssignment(id, module)
    case .state(.accumulate): try verifyAccumulation(id, module)
    case .update(let optimizer): try verifyUpdate(id, optimizer, module)
    case .elementwise, .reduction, .layout, .indexing, .linear, .classification, .convolution, .pooling, .attention,
      .normalization, .random:
      return
    }
  }

  /// Checks that a parameter and its slots are written, in the part of the step where gradients are complete.
  private func verifyUpdate(_ id: InstructionID, _ optimizer: Optimizer, _ module: Module) throws(IRViolation) {
    try require(backwardStart.map { $0 <= id } ?? false, id, "an update before the backward part")
    try require(applyStart.map { $0 <= id } ?? true, id, "an update in each micro-batch")
    for (n, o) in self[id].operands.prefix(optimizer.writtenCount).enumerated() {
      guard case .storage(let s) = self[o].origin else { throw violation(id, "'\(self[o].name)' is not storage") }
      let kind: Storage.Kind = n == 0 ? .parameter : .slot
      try require(module[s].kind == kind, id, "'\(self[o].name)' is not a \(kind.rawValue)")
    }
  }

  /// Checks that a computed gradient is added to a sum, in each micro-batch.
  private func verifyAccumulation(_ id: InstructionID, _ module: Module) throws(IRViolation) {
    let (target, value) = (self[id].operands[0], self[id].operands[1])
    guard case .storage(let s) = self[target].origin, module[s].kind == .gradient else {
      throw violation(id, "'\(self[target].name)' is not a sum of gradients")
    }
    if case .storage = self[value].origin { throw violation(id, "'\(self[value].name)' is not computed") }
    let isInBackward = backwardStart.map { $0 <= id } ?? false
    try require(isInBackward && applyStart.map { id < $0 } ?? false, id, "an accumulation outside of the backward part")
  }

  /// Checks that a computed value is written to a state, in the forward part.
  private func verifyAssignment(_ id: InstructionID, _ module: Module) throws(IRViolation) {
    let (target, value) = (self[id].operands[0], self[id].operands[1])
    guard case .storage(let s) = self[target].origin, module[s].kind == .state else {
      throw violation(id, "'\(self[target].name)' is not a state")
    }
    if case .storage = self[value].origin { throw violation(id, "'\(self[value].name)' is not computed") }
    try require(backwardStart.map { id < $0 } ?? true, id, "an assignment behind the forward part")
  }

  private func resultTypes(of id: InstructionID) throws(IRViolation) -> [TensorType] {
    do throws(ShapeError) {
      return try self[id].operation.resultTypes(self[id].operands.map { self[$0].type })
    } catch {
      throw violation(id, error.description)
    }
  }

  private func verifyResults(_ isDefined: [Bool]) throws(IRViolation) {
    try require(results.filter { $0.result.role == .loss }.count == 1, nil, "there is not one loss")
    for r in results {
      try require(isDefined[r.value.index], nil, "the result '\(r.result.label)' is not defined")
      try require(self[r.value].type == .init(.f32), nil, "the result '\(r.result.label)' is not f32[]")
      if case .storage = self[r.value].origin { throw violation(nil, "the result '\(r.result.label)' is storage") }
    }
  }

  private func violation(_ id: InstructionID?, _ message: String) -> IRViolation {
    .init(program: name, line: id.map { text(of: $0) }, message: message)
  }

  private func require(
    _ condition: Bool, _ id: InstructionID?, _ message: @autoclosure () -> String
  ) throws(IRViolation) {
    if !condition { throw violation(id, message()) }
  }

}
