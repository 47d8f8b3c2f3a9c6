package import IR
import Operations
import Support

extension Policy {

  /// `cost()`: never recomputes what is dear, and recomputes what is cheap wherever that frees bytes.
  ///
  /// Products (GEMM, convolution, attention) are dear, and so is whatever costs more than the dearest elementwise function
  /// would, erf, with results of as many bytes: in FLOPs 64 for the 4 bytes of an f32, with a cost profile what was
  /// measured. In FLOPs elementwise functions, norms, softmax, dropout and changes of shape are below, with the shapes of
  /// the model, sums over more than 64 elements above.
  ///
  /// In order of execution, a cheap value that backward reads is given up iff that frees bytes, those that must then be
  /// kept for its recomputation taken off, and its chain costs no more than such a function with results of as many:
  ///
  ///     m = x @ w     dear
  ///     z = m + b     cheap, read by the gradient of gelu; would take m instead: saved
  ///     h = gelu(z)   cheap, read by the gradient of the next product; recomputed from z
  ///
  /// - Complexity: O(*n*), with chains of up to 256 instructions.
  static let cost = Policy(
    "cost", form: "cost()", summary: "Never recomputes products or what else is dear; recomputes cheap values."
  ) { (problem, _) in
    let choice = ReleaseChoice(problem)
    var saved = choice.saved(without: [])
    var chains = RecomputeChains(problem)
    for r in choice.all where !problem.isDear(r.instruction) {
      let (cost, anchors) = chains.chain(of: r.instruction) { (i) in
        problem.isDear(i) || problem.isKept(i, under: saved)
      }
      let added = anchors.filter { !problem.isKept($0, under: saved) }
      let freed = r.bytes - added.reduce(0) { $0 + problem.arenaBytes(of: $1) }
      if freed <= 0 || cost > problem.cost.functionCost(ofBytes: freed) { continue }
      choice.set(r, false, in: &saved)
      for a in added { if let v = problem.analysis.function[a].results.first { saved[v.index] = true } }
    }
    return saved
  }

}

extension SchedulingProblem {

  /// `true` iff `id` is a product, or costs more than the dearest function of single elements would for its results.
  package func isDear(_ id: InstructionID) -> Bool {
    let (f, i) = (analysis.function, analysis.function[id])
    let price = cost.cost(of: id, in: f)
    if price > 0, i.operation.isProduct { return true }
    let bytes = i.results.reduce(0) { $0.addedSaturating(to: f[$1].type.size.value) }
    return price > cost.functionCost(ofBytes: bytes)
  }

  /// `true` iff the results of `id` are kept under the decision `saved`, rules and marks included.
  func isKept(_ id: InstructionID, under saved: [Bool]) -> Bool {
    guard let v = analysis.function[id].results.first else { return false }
    switch obligations.demands[v.index] {
    case .none: return saved[v.index]
    case .save: return true
    case .recompute: return false
    }
  }

  /// Returns the bytes of the results of `id`.
  func arenaBytes(of id: InstructionID) -> Int {
    analysis.function[id].results.reduce(0) { $0 + analysis.arenaBytes(of: $1) }
  }

}

extension Operation {

  /// `true` iff it multiplies matrices, images with kernels, or queries with keys.
  fileprivate var isProduct: Bool {
    switch self {
    case .linear, .convolution, .attention: true
    case .elementwise, .reduction, .layout, .indexing, .classification, .pooling, .normalization, .random, .update,
      .state:
      false
    }
  }

}
