import Operations
import Runtime

extension Work {

  init(_ f: Attention, _ operands: [Buffer], _ results: [Buffer]) {
    switch f {
    case .attention(let scores):
      let l = AttentionLayout(scores.heads, operands.map(\.type))
      self.init(
        Self.attention(
          "cgad_cuda_attention", l.heads, l.queries, l.valueWidth, l.arguments(scores),
          l.parts(operands) + results.map { $0.argument() }))
    case .gradient(let scores): self.init(Self.gradient(scores, operands, results))
    case .causalMask: self.init(Self.mask(-.infinity, operands[0], results[0]))
    case .causalMaskGradient: self.init(Self.mask(0, operands[0], results[0]))
    }
  }

  /// The rows and columns of a tile.
  private static let tile = 64

  /// A kernel whose blocks make 64 rows of one of `heads` matrices of `rows` rows, and 64 of its columns.
  private static func attention(
    _ kernel: String, _ heads: Int, _ rows: Int, _ columns: Int, _ attributes: [Argument], _ buffers: [Argument]
  ) -> [Launch] {
    let items = heads * Launch.quotient(rows, tile) * Launch.quotient(columns, tile)
    if items == 0 { return [] }
    return [.init(kernel, grid: .init(min(items, 1 << 20)), block: .init(256), attributes + buffers)]
  }

  private static func gradient(
    _ scores: Attention.Scores, _ operands: [Buffer], _ results: [Buffer]
  ) -> [Launch] {
    let l = AttentionLayout(scores.heads, operands.map(\.type))
    let attributes = l.arguments(scores)
    let read = l.parts(Array(operands.dropLast(3))) + operands.suffix(3).map { $0.argument() }
    let written = l.parts(results)
    return attention("cgad_cuda_attention_query_grad", l.heads, l.queries, l.width, attributes, read + [written[0]])
      + attention(
        "cgad_cuda_attention_key_grad", l.heads, l.keys, max(l.width, l.valueWidth), attributes, read + written[1...])
  }

  private static func mask(_ fill: Float, _ x: Buffer, _ y: Buffer) -> [Launch] {
    let (rows, columns) = (x.type.extents[x.type.rank - 2], x.columns)
    return Launch.loop(
      "cgad_cuda_causal_mask", over: y.count,
      [.count(y.count), x.argument(), y.argument(), .count(rows), .count(columns), .float(fill)])
  }

}

extension AttentionLayout {

  /// Extents, attributes and strides as kernels take them.
  fileprivate func arguments(_ scores: Attention.Scores) -> [Argument] {
    [heads, queries, keys, width, valueWidth].map { .count($0) }
      + [.flag(scores.causal), .float(Float(scores.scale))]
      + [group, valueGroup, strides.q, strides.k, strides.v, strides.y].map { .count($0) }
  }

  /// Returns where queries, keys and values begin, in buffers of their own or side by side in one.
  fileprivate func parts(_ buffers: [Buffer]) -> [Argument] {
    if buffers.count == 3 { return buffers.map { $0.argument() } }
    let part = group * width * MemoryLayout<Float>.size
    return (0..<3).map { buffers[0].argument(at: $0 * part) }
  }

}
