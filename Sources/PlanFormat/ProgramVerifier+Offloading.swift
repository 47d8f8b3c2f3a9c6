import Operations
import Support

/// Each function returns what is wrong, or `nil` if nothing is.
extension ProgramVerifier {

  /// Checks that a value in the arena is copied to the host, once, to where nothing lies that is fetched later.
  mutating func offload(_ instruction: PlanInstruction, to host: Int, at i: Int) -> PlanProblem? {
    guard instruction.operands.count == 1, instruction.results.isEmpty else {
      return .malformedOffload(instruction.operands.count, instruction.results.count)
    }
    if let w = instruction.workspace { return .wrongWorkspace("offload", said: w.byteCount, derived: 0) }
    let v = instruction.operands[0]
    let (value, size) = (program.values[v], program.values[v].type.size.value)
    if !value.isInArena { return .offloadedStorage(value.name) }
    if let problem = readArena(v) { return problem }
    if let before = offloads.updateValue(i, forKey: v) { return .offloadedTwice(value.name, before) }
    if host % plan.alignment != 0 { return .slotMisaligned(value.name, host, plan.alignment) }
    let limit = plan.totals.hostBytes
    if host < 0 || size > limit || host > limit - size { return .outsideHost(value.name, host, size, limit) }
    if hostSlots.lastFetch(of: v) < i { return .neverFetched(value.name) }
    if let other = hostSlots.take(v) {
      let start = hostSlots.offset(of: other) ?? 0
      return .slotOverlap(value, host, program.values[other], start)
    }
    beingCopied.insert(v)
    figures.offload(to: host, size)
    return nil
  }

  /// Checks that a new version is made of a value whose copy on the host is complete.
  ///
  /// The copy is complete where the value that was copied is deleted, which waits for it. As a slot is not given back before
  /// its last fetch, it holds that value still.
  mutating func fetch(
    _ instruction: PlanInstruction, of v: PlanValueIndex, from host: Int, at i: Int
  ) -> PlanProblem? {
    guard instruction.operands.isEmpty, instruction.results.count == 1 else {
      return .malformedFetch(instruction.operands.count, instruction.results.count)
    }
    if let w = instruction.workspace { return .wrongWorkspace("fetch", said: w.byteCount, derived: 0) }
    let r = instruction.results[0]
    let (result, source) = (program.values[r], program.values[v])
    guard offloads[v] != nil, let slot = hostSlots.offset(of: v) else {
      return .neverOffloaded(result.name, source.name)
    }
    if slot != host { return .wrongSlot(result.name, host, source.name, slot) }
    if case .deleted = states[v] {} else { return .fetchedWhileLive(result.name, source.name) }
    if result.type != source.type { return .fetchedType(result, source) }
    if let problem = matchFetched(r, origins[v]) { return problem }
    if hostSlots.lastFetch(of: v) == i { hostSlots.free(v) }
    return defineFetched(r)
  }

  /// Checks that the name of `r` is the next version of `origin`, and notes that it is one.
  private mutating func matchFetched(_ r: PlanValueIndex, _ origin: PlanValueIndex) -> PlanProblem? {
    let (name, base) = (program.values[r].name, program.values[origin].name)
    guard let versioned = VersionedName(name), versioned.base == base else { return .fetchedName(name, base) }
    versions[origin] += 1
    if versioned.version != versions[origin] { return .wrongVersion(name, expected: Int(versions[origin])) }
    origins[r] = origin
    return nil
  }

}
