/// A loss that is a sum over pairs of elements, divided by a count.
package enum PairLoss: String, Hashable, Sendable, CaseIterable {

  /// Mean of `(x − y)²`.
  case mse

  /// Mean of `|x − y|`, whose derivative is 0 where the two are equal.
  case mae

  /// Mean of `−y·log σ(x) − (1 − y)·log(1 − σ(x))` of scores `x` and probabilities `y`; σ is the sigmoid.
  case bceWithLogits = "bce_with_logits"

  /// Mean over the rows of `Σ y·(log y − x)` of logarithms of probabilities `x` and probabilities `y`; 0 where `y` is.
  case klDivergence = "kl_divergence"

  /// The number that the sum over operands of type `x` is divided by.
  package func divisor(of x: TensorType) -> Int {
    switch self {
    case .mse, .mae, .bceWithLogits: x.count
    case .klDivergence: x.extents.dropLast().reduce(1, *)
    }
  }

  /// Floating-point operations for one pair.
  var flopsPerPair: Int {
    switch self {
    case .mse, .mae: 3
    case .klDivergence: 15
    case .bceWithLogits: 28
    }
  }

}

/// What cross-entropy compares scores with.
package enum Targets: Hashable, Sendable {

  /// Labels i32, each for the distribution `(1 − smoothing)·onehot + smoothing / classes`; outside `[0, classes)` they
  /// end the run.
  case labels(smoothing: Double)

  /// Probabilities f32 of the scores' shape, which need not sum to 1.
  case probabilities

}
