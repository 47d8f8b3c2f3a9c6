import Operations

/// Each function returns what is wrong, or `nil` if nothing is.
extension ProgramVerifier {

  /// Checks an update: a parameter, its slots in the optimizer's order, and a gradient; each written once.
  mutating func update(_ operation: Operation, _ instruction: PlanInstruction, at i: Int) -> PlanProblem? {
    switch operation {
    case .layout, .indexing: return .notAnUpdate(operation.mnemonic)
    case .elementwise, .reduction, .linear, .classification, .random: return .notAnUpdate(operation.mnemonic)
    case .update(let optimizer):
      if position > 0 { return .updateOutsideTraining() }
      if let problem = write(optimizer, instruction.operands.dropLast(), at: i) { return problem }
      if let problem = check(operation, instruction) { return problem }
      if let g = instruction.operands.last, let problem = readGradient(g) { return problem }
      figures.count(flops: operation.flops(types(instruction.operands), []))
      return nil
    }
  }

  private mutating func write(_ optimizer: Optimizer, _ targets: ArraySlice<Int>, at i: Int) -> PlanProblem? {
    guard let first = targets.first else { return nil }
    let parameter = program.values[first].name
    let expected = [parameter] + optimizer.slots.map { "\($0)(\(parameter))" }
    for (k, (name, v)) in zip(expected, targets).enumerated() {
      let kind: Storage.Kind = k == 0 ? .parameter : .slot
      guard let s = storage(v, kind), program.values[v].name == name else {
        return .updateTarget(program.values[v].name, expected: "\(kind.rawValue) \(name)")
      }
      if let before = updates[s] { return .updatedTwice(name, before) }
      updates[s] = i
    }
    return nil
  }

  /// Returns the position of the storage that `v` names if it is of this kind.
  private func storage(_ v: PlanValueIndex, _ kind: Storage.Kind) -> Int? {
    switch program.values[v].place {
    case .arena: nil
    case .storage(let s): plan.storage[s].storage.kind == kind ? s : nil
    }
  }

  private mutating func readGradient(_ g: PlanValueIndex) -> PlanProblem? {
    program.values[g].isInArena ? readArena(g) : .updateGradient(program.values[g].name)
  }

  /// Checks that a key is drawn once, and that an adjoint repeats a draw there was.
  mutating func draw(_ operation: Operation, _ results: [PlanValueIndex]) -> PlanProblem? {
    switch operation {
    case .layout, .indexing: return nil
    case .elementwise, .reduction, .linear, .classification, .update: return nil
    case .random(.dropout(let rate, let key)):
      if key.isEmpty { return .emptyKey(operation.mnemonic) }
      let drawn = (rate: rate, type: program.values[results[0]].type)
      return draws.updateValue(drawn, forKey: key) == nil ? nil : .keyTwice(key)
    case .random(.dropoutGradient(let rate, let key)):
      guard let drawn = draws[key], drawn.rate == rate, drawn.type == program.values[results[0]].type else {
        return .differentDraw(key)
      }
      return nil
    }
  }

}
