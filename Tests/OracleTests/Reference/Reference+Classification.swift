import Glibc
import Operations

extension Reference {

  static func result(of f: Classification, _ x: [ReferenceTensor]) -> ReferenceTensor {
    switch f {
    case .softmax: .init(x[0].extents, x[0].rows.flatMap(softmax))
    case .softmaxGradient: softmaxGradient(x[0], x[1])
    case .crossEntropy: crossEntropy(x[0], x[1])
    case .crossEntropyGradient: crossEntropyGradient(x[0], x[1], x[2])
    case .mse: .init(x[0].combined(x[1]) { ($0 - $1) * ($0 - $1) }.elements.reduce(0, +) / Double(x[0].elements.count))
    case .mseGradient: x[0].combined(x[1]) { x[2].elements[0] * 2 * ($0 - $1) / Double(x[0].elements.count) }
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

  private static func crossEntropy(_ x: ReferenceTensor, _ labels: ReferenceTensor) -> ReferenceTensor {
    let losses = zip(x.rows, labels.elements).map { -log(softmax($0)[Int($1)]) }
    return .init(losses.reduce(0, +) / Double(losses.count))
  }

  private static func crossEntropyGradient(
    _ x: ReferenceTensor, _ labels: ReferenceTensor, _ g: ReferenceTensor
  ) -> ReferenceTensor {
    let count = Double(labels.elements.count)
    let rows = zip(x.rows, labels.elements).flatMap { (row, label) in
      softmax(row).enumerated().map { g.elements[0] * ($0.element - ($0.offset == Int(label) ? 1 : 0)) / count }
    }
    return .init(x.extents, rows)
  }

}
