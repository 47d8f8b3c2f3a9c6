import Operations

/// Each function returns what is wrong, or `nil` if nothing is.
extension ProgramVerifier {

  /// Checks an update: a parameter, its slots in the optimizer's order, its gradient and at most a factor; each written
  /// once.
  mutating func update(_ operation: Operation, _ instruction: PlanInstruction, at i: Int) -> PlanProblem? {
    if position > 0, operation.effect == .update { return .updateOutsideTraining() }
    switch operation {
    case .update(let optimizer): return update(optimizer, instruction, at: i)
    case .state(.assign): return assign(operation, instruction, at: i)
    case .state(.accumulate): return accumulate(operation, instruction, at: i)
    case .elementwise, .reduction, .layout, .indexing, .linear, .classification, .convolution, .pooling, .attention,
      .normalization, .random:
      return .notAnUpdate(operation.mnemonic)
    }
  }

  private mutating func update(_ optimizer: Optimizer, _ instruction: PlanInstruction, at i: Int) -> PlanProblem? {
    let operation = Operation.update(optimizer)
    let count = optimizer.writtenCount
    if instruction.operands.count <= count { return check(operation, instruction) }
    if let problem = write(optimizer, instruction.operands.prefix(count), at: i) { return problem }
    if let problem = check(operation, instruction) { return problem }
    if let problem = readGradient(instruction.operands[count], of: instruction.operands[0]) { return problem }
    for f in instruction.operands.dropFirst(count + 1) { if let problem = readFactor(f) { return problem } }
    figures.count(flops: operation.flops(types(instruction.operands), []))
    return nil
  }

  /// Checks an assignment: a state, written once, and a value in the arena.
  private mutating func assign(_ operation: Operation, _ instruction: PlanInstruction, at i: Int) -> PlanProblem? {
    if let problem = check(operation, instruction) { return problem }
    let (target, value) = (instruction.operands[0], instruction.operands[1])
    guard let s = storage(target, .state) else {
      return .updateTarget(program.values[target].name, expected: "a state")
    }
    return writeInEachMicroBatch(s, at: i) ?? readComputed(value)
  }

  /// Checks that a gradient in the arena is added to a sum, once in each micro-batch.
  private mutating func accumulate(_ operation: Operation, _ instruction: PlanInstruction, at i: Int) -> PlanProblem? {
    if let problem = check(operation, instruction) { return problem }
    let (target, value) = (instruction.operands[0], instruction.operands[1])
    guard let s = storage(target, .gradient) else {
      return .updateTarget(program.values[target].name, expected: "a sum of gradients")
    }
    if let problem = writeInEachMicroBatch(s, at: i) ?? readComputed(value) { return problem }
    figures.count(flops: operation.flops(types(instruction.operands), []))
    return nil
  }

  private mutating func writeInEachMicroBatch(_ s: Int, at i: Int) -> PlanProblem? {
    let name = plan.storage[s].storage.name
    if isApplying { return .updateAfterMicroBatches(name) }
    if let before = updates[s] { return .updatedTwice(name, before) }
    updates[s] = i
    return nil
  }

  private mutating func write(_ optimizer: Optimizer, _ targets: PlanValueList.SubSequence, at i: Int) -> PlanProblem? {
    guard let first = targets.first else { return nil }
    let parameter = program.values[first].name
    let expected = [parameter] + optimizer.slots.map { "\($0)(\(parameter))" }
    for (k, (name, v)) in zip(expected, targets).enumerated() {
      let kind: Storage.Kind = k == 0 ? .parameter : .slot
      guard let s = storage(v, kind), program.values[v].name == name else {
        return .updateTarget(program.values[v].name, expected: "\(kind.rawValue) \(name)")
      }
      if program.applyStart != nil, !isApplying { return .updateInEachMicroBatch(name) }
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

  /// Checks what an update takes as gradient: with several micro-batches their sum, otherwise a value in the arena.
  private mutating func readGradient(_ g: PlanValueIndex, of parameter: PlanValueIndex) -> PlanProblem? {
    if program.applyStart == nil { return readComputed(g) }
    let expected = "gradient(\(program.values[parameter].name))"
    guard let s = storage(g, .gradient), program.values[g].name == expected else {
      return .updateSum(program.values[g].name, expected: expected)
    }
    return readSum(s)
  }

  private mutating func readComputed(_ g: PlanValueIndex) -> PlanProblem? {
    program.values[g].isInArena ? readArena(g) : .updateGradient(program.values[g].name)
  }

  private mutating func readFactor(_ f: PlanValueIndex) -> PlanProblem? {
    program.values[f].isInArena ? readArena(f) : .updateFactor(program.values[f].name)
  }

  /// Checks that the sum of gradients at position `s` of storage has those of all micro-batches.
  func readSum(_ s: Int) -> PlanProblem? {
    isApplying && updates[s] != nil ? nil : .sumUnfinished(plan.storage[s].storage.name)
  }

  /// Returns what is wrong with where the part behind the last micro-batch starts, or with what is reported.
  var misplacedApplication: PlanProblem? {
    let count = plan.training.microBatches
    guard let start = program.applyStart else { return count > 1 && position == 0 ? .noApplication(count) : nil }
    guard position == 0, let backward = program.backwardStart, start >= backward, start <= program.instructions.count
    else { return .applicationMisplaced(start) }
    if count == 1 { return .applicationOfOneBatch() }
    for i in program.instructions[start...] {
      if let r = i.results.first(where: { isResult.indices.contains($0) && isResult[$0] }) {
        return .resultAfterMicroBatches(program.values[r].name)
      }
    }
    return nil
  }

  /// Checks that a key is drawn once, and that an adjoint repeats a draw there was.
  mutating func draw(_ operation: Operation, _ results: PlanValueList) -> PlanProblem? {
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
