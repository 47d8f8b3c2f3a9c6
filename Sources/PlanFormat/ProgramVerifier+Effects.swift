import Operations

/// Each function returns what is wrong, or `nil` if nothing is.
extension ProgramVerifier {

  /// Checks an update: a parameter, its slots in the optimizer's order, and a gradient; each written once.
  mutating func update(_ operation: Operation, _ instruction: PlanInstruction, at i: Int) -> PlanProblem? {
    if operation == .assign { return assign(operation, instruction, at: i) }
    guard case .update(let optimizer) = operation else { return .notAnUpdate(operation.mnemonic) }
    if position > 0 { return .updateOutsideTraining() }
    if let problem = write(optimizer, instruction.operands.dropLast(), at: i) { return problem }
    if let problem = check(operation, instruction) { return problem }
    if let g = instruction.operands.last, let problem = readGradient(g) { return problem }
    figures.count(flops: operation.flops(types(instruction.operands), []))
    return nil
  }

  /// Checks an assignment: a state, written once, and a value in the arena.
  private mutating func assign(_ operation: Operation, _ instruction: PlanInstruction, at i: Int) -> PlanProblem? {
    if position > 0 { return .updateOutsideTraining() }
    if let problem = check(operation, instruction) { return problem }
    let (target, value) = (instruction.operands[0], instruction.operands[1])
    guard let s = storage(target, .state) else {
      return .updateTarget(program.values[target].name, expected: "a state")
    }
    if let before = updates[s] { return .updatedTwice(program.values[target].name, before) }
    updates[s] = i
    return readGradient(value)
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
    guard case .random(let f) = operation else { return nil }
    switch f {
    case .dropout(let rate, let key):
      if key.isEmpty { return .emptyKey(operation.mnemonic) }
      let drawn = (rate: rate, type: program.values[results[0]].type)
      return draws.updateValue(drawn, forKey: key) == nil ? nil : .keyTwice(key)
    case .dropoutGradient(let rate, let key):
      guard let drawn = draws[key], drawn.rate == rate, drawn.type == program.values[results[0]].type else {
        return .differentDraw(key)
      }
      return nil
    }
  }

}
