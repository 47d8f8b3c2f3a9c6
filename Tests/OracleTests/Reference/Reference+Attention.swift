import Glibc
import Operations

extension Reference {

  static func results(of f: Attention, _ x: [ReferenceTensor]) -> [ReferenceTensor] {
    switch f {
    case .attention(let s):
      joined(attention(parts(x, s.heads), s), s.heads)
    case .gradient(let s):
      gradients(gradient(parts(x, s.heads), dy: apart(x[x.count - 1], s.heads), s), s.heads)
    case .causalMask: [masked(x[0], -.infinity)]
    case .causalMaskGradient: [masked(x[0], 0)]
    }
  }

  /// Returns `[..,T,heads·D]` as `[..,heads,T,D]`.
  private static func apart(_ x: ReferenceTensor, _ heads: Attention.Heads) -> ReferenceTensor {
    if heads == .apart { return x }
    let n = x.extents.count
    let width = x.extents[n - 1] / heads.count
    return .init(x.extents.dropLast(2) + [heads.count, x.extents[n - 2], width]) { (i) in
      x[i.dropLast(3) + [i[n - 1], i[n - 2] * width + i[n]]]
    }
  }

  /// Returns `[..,heads,T,D]` as `[..,T,heads·D]`.
  private static func sideBySide(_ x: ReferenceTensor) -> ReferenceTensor {
    let n = x.extents.count
    let (heads, rows, width) = (x.extents[n - 3], x.extents[n - 2], x.extents[n - 1])
    return .init(x.extents.dropLast(3) + [rows, heads * width]) { (i) in
      x[i.dropLast(2) + [i[n - 2] / width, i[n - 3], i[n - 2] % width]]
    }
  }

  /// Returns queries, keys and values with an index of its own for each head.
  private static func parts(_ x: [ReferenceTensor], _ heads: Attention.Heads) -> [ReferenceTensor] {
    switch heads {
    case .apart, .sideBySide: return x[..<3].map { apart($0, heads) }
    case .valuesSideBySide: return [x[0], x[1], apart(x[2], heads)]
    case .packed:
      let width = (x[0].extents.last ?? 0) / 3
      return (0..<3).map { (part) in
        let third = ReferenceTensor(x[0].extents.dropLast() + [width]) { (i) in
          x[0][i.dropLast() + [part * width + i[i.count - 1]]]
        }
        return apart(third, heads)
      }
    }
  }

  /// Returns the results of attention as the operation has them.
  private static func joined(_ results: [ReferenceTensor], _ heads: Attention.Heads) -> [ReferenceTensor] {
    heads == .apart ? results : [sideBySide(results[0]), results[1]]
  }

  /// Returns the gradients of queries, keys and values as the operation has them.
  private static func gradients(_ parts: [ReferenceTensor], _ heads: Attention.Heads) -> [ReferenceTensor] {
    switch heads {
    case .apart: return parts
    case .sideBySide: return parts.map(sideBySide)
    case .valuesSideBySide: return [parts[0], parts[1], sideBySide(parts[2])]
    case .packed:
      let rows = parts.map { sideBySide($0).rows }
      let joined = rows[0].indices.flatMap { (r) in rows.flatMap { $0[r] } }
      let extents = sideBySide(parts[0]).extents
      return [.init(extents.dropLast() + [3 * (extents.last ?? 0)], joined)]
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

  private static func attention(_ parts: [ReferenceTensor], _ s: Attention.Scores) -> [ReferenceTensor] {
    let (q, k, v) = (parts[0], parts[1], parts[2])
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
    _ parts: [ReferenceTensor], dy: ReferenceTensor, _ s: Attention.Scores
  ) -> [ReferenceTensor] {
    let (q, k, v) = (parts[0], parts[1], parts[2])
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
