import IR
import Operations

extension FunctionPass {

  /// Has products add to a value that was there before them, instead of a sum of both.
  ///
  ///     p = matmul a, b : f32[2,4]        // left for dce
  ///     c = add p, s : f32[2,4]           // c = matmul a, b, s : f32[2,4]
  ///
  /// Where `s` is read for the last time, as it is where gradients add up and in sums of several products, the result lies in
  /// its place, and `p` needs none. `s` was made before `p`, so that nothing has to live longer than it did.
  ///
  /// In forward, sums and products that are reported, marked with `checkpoint(…)` or selected by a rule that names them or
  /// their operation stay as they are. Rules must not change results: so products are joined there only if they have the bits
  /// of the two operations, which libraries of matrix products give as long as they do not cut the inner index. The products
  /// of backward are the compiler's own.
  ///
  /// - Complexity: O(*n*·*s*) for *n* operands and *s* selectors.
  package static let productAccumulation = FunctionPass(
    "accumulate-products", summary: "Has products add to a value that is there, instead of a sum of both."
  ) { (f, context) in
    let uses = f.useCounts
    let pinned = context.operationsPinned(in: f)
    let reported = Set(f.checkpoints).union(f.results.map(\.value))
    return f.rebuilt { (id, operands) in
      guard f[id].operation == .elementwise(.binary(.add)) else { return .keep }
      let sum = f[id].results[0]
      let isForward = f.isForward(id)
      let kept = isForward ? pinned : reported
      if kept.contains(sum) { return .keep }
      for (p, s) in [(operands[1], operands[0]), (operands[0], operands[1])] {
        guard case .instruction(let made) = f[p].origin, case .linear = f[made].operation, uses[p.index] == 1,
          f[made].operands.count == 2, !kept.contains(p), f[s].type == f[sum].type, f[p].type == f[sum].type,
          f.isForward(made) == isForward, f.isApplied(made) == f.isApplied(id), f.isDefined(s, before: made),
          !f[made].operands.contains(s), !isForward || f.addsAtOnce(made)
        else { continue }
        return .become(f[made].operation, f[made].operands + [s])
      }
      return .keep
    }
  }

}

extension Function {

  /// The inner extent up to which libraries of matrix products add whole sums to what is there: OpenBLAS cuts it above
  /// `GEMM_Q`, which is 256 or more for its processors of single precision.
  private static let uncutInner = 256

  /// How often each value is read; results of the function count.
  fileprivate var useCounts: [Int] {
    var counts = [Int](repeating: 0, count: values.count)
    for i in instructions { for o in i.operands { counts[o.index] += 1 } }
    for r in results { counts[r.value.index] += 1 }
    return counts
  }

  fileprivate func isForward(_ i: InstructionID) -> Bool { backwardStart.map { i < $0 } ?? true }

  fileprivate func isApplied(_ i: InstructionID) -> Bool { applyStart.map { $0 <= i } ?? false }

  fileprivate func isDefined(_ v: ValueID, before i: InstructionID) -> Bool {
    if case .instruction(let made) = self[v].origin { return made < i }
    return true
  }

  /// `true` iff product `i` is added to another value as a whole, whatever it is added by.
  fileprivate func addsAtOnce(_ i: InstructionID) -> Bool {
    guard case .linear(let f) = self[i].operation, case .matmul = f,
      let e = try? f.extents(self[i].operands.map { self[$0].type })
    else { return false }
    return e.k > 0 && e.k <= Self.uncutInner
  }

}
