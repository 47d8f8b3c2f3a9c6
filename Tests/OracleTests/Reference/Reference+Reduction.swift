import Glibc
import Operations

extension Reference {

  static func result(of f: Operations.Reduction, _ x: [ReferenceTensor]) -> ReferenceTensor {
    switch f {
    case .reduce(let g, let axes, let keep): reduce(g, x[0], axes, keep)
    case .sumTo(let extents): sum(x[0], to: extents)
    case .broadcast(let extents, let inserted): broadcast(x[0], to: extents, inserted)
    case .sumSquares: .init([], [x[0].elements.reduce(0) { $0 + $1 * $1 }])
    case .argmax: .init(Array(x[0].extents.dropLast()), x[0].rows.map { Double(firstGreatest($0)) })
    }
  }

  private static func reduce(
    _ f: ReductionFunction, _ x: ReferenceTensor, _ axes: [Int], _ keep: Bool
  ) -> ReferenceTensor {
    let kept = ReferenceTensor(x.extents.enumerated().map { axes.contains($0.offset) ? 1 : $0.element }) { (_) in 0 }
    var groups = kept.elements.map { (_) in [Double]() }
    for i in ReferenceTensor.indices(of: x.extents) {
      groups[kept.position(of: i.enumerated().map { axes.contains($0.offset) ? 0 : $0.element })].append(x[i])
    }
    let results = groups.map { combined(f, $0) }
    if keep { return .init(kept.extents, results) }
    return .init(x.extents.enumerated().filter { !axes.contains($0.offset) }.map(\.element), results)
  }

  private static func combined(_ f: ReductionFunction, _ group: [Double]) -> Double {
    let sum = group.reduce(0, +)
    let count = Double(group.count)
    switch f {
    case .sum: return sum
    case .mean: return sum / count
    case .max: return group.max() ?? -.infinity
    case .min: return group.min() ?? .infinity
    case .variance: return group.map { ($0 - sum / count) * ($0 - sum / count) }.reduce(0, +) / count
    case .logsumexp:
      let greatest = group.max() ?? 0
      return greatest + log(group.map { exp($0 - greatest) }.reduce(0, +))
    }
  }

  private static func sum(_ x: ReferenceTensor, to extents: [Int]) -> ReferenceTensor {
    var result = ReferenceTensor(extents) { (_) in 0 }
    for i in ReferenceTensor.indices(of: x.extents) {
      let target = zip(i.suffix(extents.count), extents).map { $1 == 1 ? 0 : $0 }
      result.elements[result.position(of: target)] += x[i]
    }
    return result
  }

  private static func broadcast(_ x: ReferenceTensor, to extents: [Int], _ inserted: [Int]) -> ReferenceTensor {
    .init(extents) { (index) in
      x.broadcastElement(at: index.enumerated().filter { !inserted.contains($0.offset) }.map(\.element))
    }
  }

  private static func firstGreatest(_ row: [Double]) -> Int {
    var best = 0
    for (i, x) in row.enumerated() where x > row[best] { best = i }
    return best
  }

}
