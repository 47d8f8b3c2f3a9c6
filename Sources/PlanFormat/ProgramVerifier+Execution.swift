import Operations
import Support

/// Each function returns what is wrong, or `nil` if nothing is.
extension ProgramVerifier {

  mutating func execute(_ instruction: PlanInstruction, at i: Int) -> PlanProblem? {
    let count = program.values.count
    for v in instruction.operands where v < 0 || v >= count { return .indexOutOfRange(v, count) }
    for v in instruction.results where v < 0 || v >= count { return .indexOutOfRange(v, count) }
    switch instruction.action {
    case .compute(let operation): return compute(operation, instruction, at: i)
    case .recompute(let operation): return recompute(operation, instruction, at: i)
    case .update(let operation): return update(operation, instruction, at: i) ?? work(operation, instruction)
    case .delete: return delete(instruction, at: i)
    case .offload(let host): return offload(instruction, to: host, at: i)
    case .fetch(let v, let host):
      return program.values.indices.contains(v)
        ? fetch(instruction, of: v, from: host, at: i) : .indexOutOfRange(v, count)
    }
  }

  private mutating func compute(_ operation: Operation, _ instruction: PlanInstruction, at i: Int) -> PlanProblem? {
    if operation.effect == .update { return .effectComputed(operation.mnemonic) }
    for r in instruction.results {
      let name = program.values[r].name
      if VersionedName(name) != nil { return .versionedName(name) }
      creators[r] = Int32(i)
    }
    if let problem = read(instruction.operands) ?? check(operation, instruction) { return problem }
    if let problem = draw(operation, instruction.results) { return problem }
    figures.count(flops: operation.flops(types(instruction.operands), types(instruction.results)))
    return define(operation, instruction, at: i)
  }

  private mutating func recompute(_ operation: Operation, _ instruction: PlanInstruction, at i: Int) -> PlanProblem? {
    if !operation.isRecomputable { return .effectRecomputed(operation.mnemonic) }
    if let problem = read(instruction.operands) ?? check(operation, instruction) { return problem }
    if let problem = matchFirstComputation(operation, instruction) { return problem }
    figures.count(recomputeFlops: operation.flops(types(instruction.operands), types(instruction.results)))
    return define(operation, instruction, at: i)
  }

  private mutating func delete(_ instruction: PlanInstruction, at i: Int) -> PlanProblem? {
    guard instruction.operands.count == 1, instruction.results.isEmpty else {
      return .malformedDelete(instruction.operands.count, instruction.results.count)
    }
    if let w = instruction.workspace { return .wrongWorkspace("delete", said: w.byteCount, derived: 0) }
    let v = instruction.operands[0]
    let value = program.values[v]
    if !value.isInArena { return .deletedStorage(value.name) }
    if isResult[v] { return .deletedResult(value.name) }
    switch states[v] {
    case .undefined: return .readBeforeDefinition(value.name)
    case .deleted(let by): return .deletedTwice(value.name, Int(by))
    case .live:
      spans.remove(v)
      figures.delete(v, value.type.size.value)
    case .overwritten: break
    }
    states[v] = .deleted(by: Int32(i))
    if !beingCopied.isEmpty { beingCopied.remove(v) }
    return nil
  }

  func types(_ values: PlanValueList) -> [TensorType] { values.map { program.values[$0].type } }

  /// Checks that the operands may be read by what is no update.
  private mutating func read(_ operands: PlanValueList) -> PlanProblem? {
    for v in operands {
      switch program.values[v].place {
      case .arena: if let problem = readArena(v) { return problem }
      case .storage(let s): if let problem = readStorage(s) { return problem }
      }
    }
    return nil
  }

  /// Checks that a value in the arena is live.
  mutating func readArena(_ v: PlanValueIndex) -> PlanProblem? {
    switch states[v] {
    case .undefined: return .readBeforeDefinition(program.values[v].name)
    case .overwritten(let by): return .readAfterOverwriting(program.values[v].name, Int(by))
    case .deleted(let by): return .readAfterDelete(program.values[v].name, Int(by))
    case .live:
      figures.read(v, program.values[v].type.size.value)
      return nil
    }
  }

  /// Checks that storage has the content that what is no update may read.
  private func readStorage(_ s: Int) -> PlanProblem? {
    let storage = plan.storage[s].storage
    switch storage.kind {
    case .frozen: return nil
    case .gradient: return readSum(s)
    case .parameter, .state: return updates[s].map { .readAfterUpdate(storage.name, $0) }
    case .slot: return .slotRead(storage.name)
    case .input: return boundInputs.contains(storage.name) ? nil : .inputUnbound(storage.name)
    }
  }

  /// Checks that the operation applies to its operands and gives what its results are declared to be.
  func check(_ operation: Operation, _ instruction: PlanInstruction) -> PlanProblem? {
    let derived: [TensorType]
    do { derived = try operation.resultTypes(types(instruction.operands)) } catch { return .shape(error) }
    guard derived.count == instruction.results.count else {
      return .resultCount(operation.mnemonic, declared: instruction.results.count, derived: derived.count)
    }
    for (type, r) in zip(derived, instruction.results) where program.values[r].type != type {
      return .resultType(program.values[r].name, declared: program.values[r].type, derived: type)
    }
    return nil
  }

  /// Brings the results to life, each at a place of its own in the arena, or in that of an operand whose bytes it takes
  /// over.
  private mutating func define(_ operation: Operation, _ instruction: PlanInstruction, at i: Int) -> PlanProblem? {
    if let v = program.takenOver(by: operation, instruction), states[v] == .live, !isResult[v] {
      if beingCopied.contains(v) { return .overwrittenWhileCopied(program.values[v].name, offloads[v] ?? i) }
      states[v] = .overwritten(by: Int32(i))
      spans.remove(v)
      figures.delete(v, program.values[v].type.size.value)
    }
    for r in instruction.results { if let problem = bringToLife(r) { return problem } }
    figures.measure()
    return work(operation, instruction)
  }

  /// Brings `r` to life, made from a copy on the host.
  mutating func defineFetched(_ r: PlanValueIndex) -> PlanProblem? {
    if let problem = bringToLife(r) { return problem }
    figures.measure()
    return nil
  }

  private mutating func bringToLife(_ r: PlanValueIndex) -> PlanProblem? {
    let value = program.values[r]
    if states[r] != .undefined { return value.isInArena ? .definedTwice(value.name) : .resultInStorage(value.name) }
    switch value.place {
    case .storage: return .resultInStorage(value.name)
    case .arena(let offset): if let problem = occupy(r, value, offset) { return problem }
    }
    states[r] = .live
    return nil
  }

  /// Checks that the instruction has the workspace that its operation needs, and no other, where nothing is live.
  ///
  /// - Requires: its operands and results are checked and live.
  private mutating func work(_ operation: Operation, _ instruction: PlanInstruction) -> PlanProblem? {
    let derived = plan.workspaceModel.bytes(of: operation, types(instruction.operands))
    let said = instruction.workspace?.byteCount ?? 0
    if said != derived || (instruction.workspace != nil) != (derived > 0) {
      return .wrongWorkspace(operation.mnemonic, said: said, derived: derived)
    }
    guard let w = instruction.workspace else { return nil }
    let (name, limit) = ("the workspace of \(operation.mnemonic)", plan.totals.arenaBytes)
    if w.offset % plan.alignment != 0 { return .misaligned(name, w.offset, plan.alignment) }
    if w.offset < 0 || w.byteCount > limit || w.offset > limit - w.byteCount {
      return .outsideArena(name, w.offset, w.byteCount, limit)
    }
    if let other = spans.overlap(with: w.offset..<w.end) { return .workspaceOverlap(w, program.values[other]) }
    figures.measure(w)
    return nil
  }

  private mutating func occupy(_ r: PlanValueIndex, _ value: PlanValue, _ offset: Int) -> PlanProblem? {
    let size = value.type.size.value
    if offset % plan.alignment != 0 { return .misaligned(value.name, offset, plan.alignment) }
    let limit = plan.totals.arenaBytes
    if offset < 0 || size > limit || offset > limit - size {
      return .outsideArena(value.name, offset, size, limit)
    }
    if let other = spans.insert(r) { return overlap(value, offset, other) }
    figures.define(r, size, offset: offset)
    return nil
  }

  private func overlap(_ value: PlanValue, _ offset: Int, _ other: PlanValueIndex) -> PlanProblem? {
    switch program.values[other].place {
    case .arena(let start): .overlap(value, offset, program.values[other], start)
    case .storage: nil
    }
  }

}
