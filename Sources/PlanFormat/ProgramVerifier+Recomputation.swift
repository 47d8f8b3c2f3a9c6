import Operations

/// A name with the number of a version: `h.act'2`.
struct VersionedName {

  let base: String

  /// At least 2.
  let version: Int

  /// Returns `nil` iff `name` does not end in `'` and a number of at least 2 without leading zeros.
  init?(_ name: String) {
    guard let mark = name.utf8.lastIndex(of: UInt8(ascii: "'")) else { return nil }
    let digits = name[name.utf8.index(after: mark)...]
    guard let n = Int(digits), n >= 2, "\(n)" == digits else { return nil }
    base = String(name[..<mark])
    version = n
  }

}

/// Each function returns what is wrong, or `nil` if nothing is.
extension ProgramVerifier {

  /// Checks that the instruction repeats the one that computed its results for the first time.
  ///
  /// An operand may be another version of the first operand: as recomputing repeats the operation on the same values, by
  /// induction all versions of a value have the same bits.
  mutating func matchFirstComputation(_ operation: Operation, _ instruction: PlanInstruction) -> PlanProblem? {
    for (k, r) in instruction.results.enumerated() {
      let name = program.values[r].name
      guard let versioned = VersionedName(name) else { return .unversionedName(name) }
      guard let base = position(of: versioned.base), creators[base] >= 0, states[base] != .undefined else {
        return .neverComputed(name, versioned.base)
      }
      let creator = Int(creators[base])
      if let problem = match(operation, instruction, creator, name) { return problem }
      guard program.instructions[creator].results[k] == base else { return .differentResults(name, creator) }
      versions[base] += 1
      if versioned.version != versions[base] { return .wrongVersion(name, expected: Int(versions[base])) }
      origins[r] = base
    }
    return nil
  }

  private func match(
    _ operation: Operation, _ instruction: PlanInstruction, _ creator: Int, _ name: String
  ) -> PlanProblem? {
    let first = program.instructions[creator]
    let sameOperands = first.operands.map { origins[$0] } == instruction.operands.map { origins[$0] }
    if first.action == .compute(operation), sameOperands { return nil }
    return .differentOperation(name, text(of: instruction), creator, text(of: first))
  }

  /// Returns the operation and operands of an instruction as the plan's text has them.
  private func text(of instruction: PlanInstruction) -> String {
    let operands = instruction.operands.map { program.values[$0].name }
    switch instruction.action {
    case .compute(let o), .recompute(let o), .update(let o): return o.text(operands: operands)
    case .delete: return "delete"
    case .offload: return "offload"
    case .fetch(let v, _): return "fetch \(program.values[v].name)"
    }
  }

}
