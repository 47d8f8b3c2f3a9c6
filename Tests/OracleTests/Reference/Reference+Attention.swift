import Glibc
import Operations

extension Reference {

  static func results(of f: Attention, _ x: [ReferenceTensor]) -> [ReferenceTensor] {
    switch f {
    case .attention(let s): attention(x[0], x[1], x[2], s)
    case .gradient(let s): gradient(x[0], x[1], x[2], dy: x[5], s)
    case .causalMask: [masked(x[0], -.infinity)]
    case .causalMaskGradient: [masked(x[0], 0)]
    }
  }

  private static func masked(_ x: ReferenceTensor, _ fill: Double) -> ReferenceTensor {
    .init(x.extents) { (i) in i[i.count - 1] > i[i.count - 2] ? fill : x[i] }
  }

  /// The numbers of one head as rows.
  private typealias Matrix = [[Double]]

  /// Returns the matrices that a tensor consists of.
  private static func matrices(_ x: ReferenceTensor) -> [Matrix] {
    let (rows, count) = (x.rows, x.extents[x.extents.count - 2])
    return stride(from: 0, to: rows.count, by: max(count, 1)).map { Array(rows[$0..<$0 + count]) }
  }

  private static func inner(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).map { $0 * $1 }.reduce(0, +) }

  /// Returns the scores of one head, those not seen being −∞.
  private static func scores(_ q: Matrix, _ k: Matrix, _ s: Attention.Scores) -> Matrix {
    q.enumerated().map { (i, query) in
      k.enumerated().map { (j, key) in s.causal && j > i ? -.infinity : s.scale * inner(query, key) }
    }
  }

  private static func logSum(_ row: [Double]) -> Double {
    let greatest = row.max() ?? 0
    return greatest + log(row.map { exp($0 - greatest) }.reduce(0, +))
  }

  private static func combination(_ weights: [Double], _ rows: Matrix) -> [Double] {
    rows[0].indices.map { (c) in zip(weights, rows).map { $0 * $1[c] }.reduce(0, +) }
  }

  private static func transposed(_ m: Matrix, columns: Int) -> Matrix { (0..<columns).map { (j) in m.map { $0[j] } } }

  private static func attention(
    _ q: ReferenceTensor, _ k: ReferenceTensor, _ v: ReferenceTensor, _ s: Attention.Scores
  ) -> [ReferenceTensor] {
    var (y, sums) = ([Double](), [Double]())
    for (q, (k, v)) in zip(matrices(q), zip(matrices(k), matrices(v))) {
      for row in scores(q, k, s) {
        let sum = logSum(row)
        sums.append(sum)
        y += combination(row.map { exp($0 - sum) }, v)
      }
    }
    return [.init(q.extents.dropLast() + v.extents.suffix(1), y), .init(q.extents.dropLast(), sums)]
  }

  private static func gradient(
    _ q: ReferenceTensor, _ k: ReferenceTensor, _ v: ReferenceTensor, dy: ReferenceTensor, _ s: Attention.Scores
  ) -> [ReferenceTensor] {
    var (dq, dk, dv) = ([Double](), [Double](), [Double]())
    let heads = zip(zip(matrices(q), matrices(k)), zip(matrices(v), matrices(dy)))
    for ((q, k), (v, dy)) in heads {
      let p = scores(q, k, s).map { (row) in row.map { exp($0 - logSum(row)) } }
      let ds = zip(p, dy).map { (p, dy) in
        let dp = v.map { inner($0, dy) }
        return zip(p, dp).map { s.scale * $0 * ($1 - inner(p, dp)) }
      }
      dq += ds.flatMap { combination($0, k) }
      dk += transposed(ds, columns: k.count).flatMap { combination($0, q) }
      dv += transposed(p, columns: k.count).flatMap { combination($0, dy) }
    }
    return [.init(q.extents, dq), .init(k.extents, dk), .init(v.extents, dv)]
  }

}
