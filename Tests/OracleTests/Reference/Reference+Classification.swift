import Glibc
import Operations

extension Reference {

  static func result(of f: Classification, _ x: [ReferenceTensor]) -> ReferenceTensor {
    switch f {
    case .softmax: .init(x[0].extents, x[0].rows.flatMap(softmax))
    case .softmaxGradient: softmaxGradient(x[0], x[1])
    case .logSoftmax: .init(x[0].extents, x[0].rows.flatMap(logSoftmax))
    case .logSoftmaxGradient: logSoftmaxGradient(x[0], x[1])
    case .entropy(let t): entropy(x[0], distributions(t, x[1], of: x[0]))
    case .entropyGradient(let t): entropyGradient(x[0], distributions(t, x[1], of: x[0]), x[2].elements[0])
    case .pairLoss(let g):
      .init(x[0].combined(x[1]) { term(of: g, $0, $1) }.elements.reduce(0, +) / divisor(of: g, x[0]))
    case .pairLossGradient(let g):
      x[0].combined(x[1]) { x[2].elements[0] * slope(of: g, $0, $1) / divisor(of: g, x[0]) }
    }
  }

  private static func divisor(of f: PairLoss, _ x: ReferenceTensor) -> Double {
    f == .klDivergence ? Double(x.extents.dropLast().reduce(1, *)) : Double(x.elements.count)
  }

  private static func term(of f: PairLoss, _ x: Double, _ y: Double) -> Double {
    switch f {
    case .mse: (x - y) * (x - y)
    case .mae: abs(x - y)
    case .bceWithLogits: max(x, 0) - x * y + log1p(exp(-abs(x)))
    case .klDivergence: y == 0 ? 0 : y * (log(y) - x)
    }
  }

  private static func slope(of f: PairLoss, _ x: Double, _ y: Double) -> Double {
    switch f {
    case .mse: 2 * (x - y)
    case .mae: x > y ? 1 : x < y ? -1 : 0
    case .bceWithLogits: 1 / (1 + exp(-x)) - y
    case .klDivergence: -y
    }
  }

  private static func softmax(_ row: [Double]) -> [Double] {
    let greatest = row.max() ?? 0
    let powers = row.map { exp($0 - greatest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  private static func softmaxGradient(_ y: ReferenceTensor, _ dy: ReferenceTensor) -> ReferenceTensor {
    let rows = zip(y.rows, dy.rows).flatMap { (y, dy) in
      let inner = zip(y, dy).map { $0 * $1 }.reduce(0, +)
      return zip(y, dy).map { $0 * ($1 - inner) }
    }
    return .init(y.extents, rows)
  }

  private static func logSoftmax(_ row: [Double]) -> [Double] {
    let greatest = row.max() ?? 0
    let logarithm = log(row.map { exp($0 - greatest) }.reduce(0, +))
    return row.map { $0 - greatest - logarithm }
  }

  private static func logSoftmaxGradient(_ y: ReferenceTensor, _ dy: ReferenceTensor) -> ReferenceTensor {
    let rows = zip(y.rows, dy.rows).flatMap { (y, dy) in
      let sum = dy.reduce(0, +)
      return zip(y, dy).map { $1 - exp($0) * sum }
    }
    return .init(y.extents, rows)
  }

  /// Returns the distribution that each row of `x` is compared with.
  private static func distributions(
    _ targets: Targets, _ t: ReferenceTensor, of x: ReferenceTensor
  ) -> [[Double]] {
    guard case .labels(let smoothing) = targets else { return t.rows }
    return zip(x.rows, t.elements).map { (row, label) in
      row.indices.map { ($0 == Int(label) ? 1 - smoothing : 0) + smoothing / Double(row.count) }
    }
  }

  private static func entropy(_ x: ReferenceTensor, _ targets: [[Double]]) -> ReferenceTensor {
    let losses = zip(x.rows, targets).map { (row, t) in zip(t, logSoftmax(row)).reduce(0) { $0 - $1.0 * $1.1 } }
    return .init(losses.reduce(0, +) / Double(losses.count))
  }

  private static func entropyGradient(_ x: ReferenceTensor, _ targets: [[Double]], _ g: Double) -> ReferenceTensor {
    let rows = zip(x.rows, targets).flatMap { (row, t) in
      let total = t.reduce(0, +)
      return zip(softmax(row), t).map { g * ($0 * total - $1) / Double(targets.count) }
    }
    return .init(x.extents, rows)
  }

}
