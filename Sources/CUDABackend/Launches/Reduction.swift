import Operations
import Runtime

extension Work {

  init(_ f: Reduction, _ operands: [Buffer], _ results: [Buffer]) {
    let (x, y) = (operands[0], results[0])
    switch f {
    case .reduce(let g, let axes, _): self.init(Self.reduce(g, axes, x, y))
    case .sumTo(let extents): self.init(Self.reduce(.sum, Self.stretched(extents, to: x.type.extents), x, y))
    case .sumSquares: self.init(Self.sumSquares(x, y))
    case .broadcast(_, let inserted):
      let expanded = Reduction.expand(x.type.extents, rank: y.type.rank, inserted: inserted)!
      self.init(Self.copy(of: x, from: 0, Broadcasting.strides(of: expanded, as: y.type.extents), to: y))
    case .argmax: self.init(Self.argmax(x, y))
    }
  }

  /// Returns the axes of `result` that broadcasting stretches to get there from `extents`.
  private static func stretched(_ extents: [Int], to result: [Int]) -> [Int] {
    let lead = result.count - extents.count
    return result.indices.filter { (i) in i < lead || (extents[i - lead] == 1 && result[i] != 1) }
  }

  private static func reduce(_ f: ReductionFunction, _ axes: [Int], _ x: Buffer, _ y: Buffer) -> [Launch] {
    if y.count == 0 { return [] }
    if x.count == 0 { return fill(y, f.valueOfNothing) }
    let r = AxisReduction(x, y, axes)
    let finish: AxisReduction.Finish =
      switch f {
      case .sum, .max, .min, .logsumexp: .plain
      case .mean, .variance: .mean
      }
    switch f {
    case .sum: return r.launches(.sum, finish)
    case .mean: return r.launches(x.type.element == .bool ? .bytes : .sum, finish)
    case .max: return r.launches(.max, finish)
    case .min: return r.launches(.min, finish)
    case .variance: return r.launches(.sum, finish) + r.launches(.squares, finish)
    case .logsumexp: return r.launches(.max, finish) + r.launches(.powers, .logarithm)
    }
  }

  /// The squares are those of differences from a center, which is in the result before.
  private static func sumSquares(_ x: Buffer, _ y: Buffer) -> [Launch] {
    if x.count == 0 { return fill(y, 0) }
    return fill(y, 0) + AxisReduction(x, y, Array(x.type.extents.indices)).launches(.squares, .plain)
  }

  /// Sets all elements.
  static func fill(_ y: Buffer, _ value: Float) -> [Launch] {
    Launch.loop("cgad_cuda_fill", over: y.count, [.count(y.count), .float(value), y.argument()])
  }

  private static func argmax(_ x: Buffer, _ y: Buffer) -> [Launch] {
    if y.count == 0 { return [] }
    return [
      .init(
        "cgad_cuda_argmax", grid: .init(min(4096, Launch.quotient(x.rows, 4))), block: .init(32, min(4, x.rows)),
        [.count(x.rows), .count(x.columns), x.argument(), y.argument()])
    ]
  }

}

extension ReductionFunction {

  /// The result where there are no elements.
  fileprivate var valueOfNothing: Float {
    switch self {
    case .sum: 0
    case .mean, .variance: .nan
    case .max, .logsumexp: -.infinity
    case .min: .infinity
    }
  }

}
