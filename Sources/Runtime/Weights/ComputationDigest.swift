import Operations
import PlanFormat
import Support

extension VerifiedPlan {

  /// The digest over what each program computes, in hexadecimal; it does not depend on the schedule, nor on where the source
  /// and the data are.
  ///
  /// - Complexity: O(*n* log *n*) in the length of the programs.
  var computationDigest: String {
    var lines = ["micro_batches \(plan.training.microBatches)"]
    lines += plan.header.numericLines
    for p in plan.programs { lines += ["program \(p.name)"] + p.bindings.map(\.text) + p.computedLines.sorted() }
    let value = lines.reduce(UInt64(0)) { (h, line) in (h ^ StableHash.fnv1a(line)) &* 0x100_0000_01b3 }
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

}

extension PlanProgram {

  /// A line for each instruction that is executed for the first time in a step; recomputed operands have the names of the
  /// values they repeat.
  fileprivate var computedLines: [String] {
    let originals = originals
    return instructions.compactMap { (i) in
      let operands = i.operands.map { values[originals[$0]].name }
      switch i.action {
      case .compute(let operation):
        let results = i.results.map { "\(values[$0].name) : \(values[$0].type)" }
        return "\(results.joined(separator: ", ")) = \(operation.text(operands: operands))"
      case .update(let operation): return "update \(operation.text(operands: operands))"
      case .recompute, .delete, .offload, .fetch: return nil
      }
    }
  }

}
