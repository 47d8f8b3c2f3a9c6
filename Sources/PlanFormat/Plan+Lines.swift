import Operations

extension Plan {

  /// The number of lines of text before the first program.
  private var headerLineCount: Int {
    let fixed = 6 + PlanTotals.fields.count + 1
    return fixed + (header.budget == nil ? 0 : 1) + (header.costs == nil ? 0 : 1) + (header.computes == nil ? 0 : 1)
      + (header.precision == .f32 ? 0 : 1) + (header.library == .cgad ? 0 : 1)
      + (header.dims.isEmpty ? 0 : 1) + (totals.hostBytes == 0 ? 0 : 1)
      + (certificate?.lineCount ?? 0) + (operandCertificate?.lineCount ?? 0) + data.count + storage.count
  }

  /// Returns the line of the text, counted from 1, that instruction `i` of program `p` is written on.
  ///
  /// - Requires: `p` and `i` are positions in the plan.
  /// - Complexity: O(1), as there are at most two programs.
  package func line(ofInstruction i: Int, inProgram p: Int) -> Int {
    let before = programs[..<p].reduce(headerLineCount) { $0 + $1.lineCount }
    let program = programs[p]
    let markers = [program.backwardStart, program.applyStart].count { $0.map { $0 <= i } ?? false }
    return before + 2 + program.bindings.count + markers + i + 1
  }

}

extension PlanProgram {

  /// The number of lines `backward` and `apply` in the text.
  private var markerCount: Int {
    [backwardStart, applyStart].count { $0.map { (0...instructions.count).contains($0) } ?? false }
  }

  /// The number of lines of text, the blank one before included.
  fileprivate var lineCount: Int {
    3 + bindings.count + instructions.count + markerCount + results.count
  }

}
