import Operations
import Runtime

extension Work {

  init(_ f: Attention, _ operands: [Buffer], _ results: [Buffer]) {
    switch f {
    case .attention(let scores):
      let (q, v) = (operands[0], operands[2])
      self.init(
        Self.attention("cgad_cuda_attention", q, v.columns, Self.arguments(scores, operands), operands + results))
    case .gradient(let scores): self.init(Self.gradient(Self.arguments(scores, operands), operands, results))
    case .causalMask: self.init(Self.mask(-.infinity, operands[0], results[0]))
    case .causalMaskGradient: self.init(Self.mask(0, operands[0], results[0]))
    }
  }

  /// Extents and attributes as kernels take them.
  private static func arguments(_ scores: Attention.Scores, _ operands: [Buffer]) -> [Argument] {
    let (q, k, v) = (operands[0], operands[1], operands[2])
    let extents = [q.planes, q.type.extents[q.type.rank - 2], k.type.extents[k.type.rank - 2], q.columns, v.columns]
    return extents.map { .count($0) } + [.flag(scores.causal), .float(Float(scores.scale))]
  }

  /// The rows and columns of a tile.
  private static let tile = 64

  /// A kernel whose blocks make 64 rows of a matrix as high as those of `x`, and 64 of `columns` columns.
  private static func attention(
    _ kernel: String, _ x: Buffer, _ columns: Int, _ arguments: [Argument], _ buffers: [Buffer]
  ) -> [Launch] {
    let blocks = Launch.quotient(x.type.extents[x.type.rank - 2], tile) * Launch.quotient(columns, tile)
    let items = x.planes * blocks
    if items == 0 { return [] }
    return [
      .init(
        kernel, grid: .init(min(items, 1 << 20)), block: .init(256), arguments + buffers.map { $0.argument() })
    ]
  }

  private static func gradient(_ arguments: [Argument], _ operands: [Buffer], _ results: [Buffer]) -> [Launch] {
    let (q, k, v) = (operands[0], operands[1], operands[2])
    return attention("cgad_cuda_attention_query_grad", q, q.columns, arguments, operands + [results[0]])
      + attention(
        "cgad_cuda_attention_key_grad", k, max(k.columns, v.columns), arguments, operands + results[1...])
  }

  private static func mask(_ fill: Float, _ x: Buffer, _ y: Buffer) -> [Launch] {
    let (rows, columns) = (x.type.extents[x.type.rank - 2], x.columns)
    return Launch.loop(
      "cgad_cuda_causal_mask", over: y.count,
      [.count(y.count), x.argument(), y.argument(), .count(rows), .count(columns), .float(fill)])
  }

}
