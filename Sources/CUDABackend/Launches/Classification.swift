import Operations
import Runtime

extension Work {

  init(_ f: Classification, _ operands: [Buffer], _ results: [Buffer]) {
    let (x, y, kernel) = (operands[0], results[0], "cgad_cuda_\(f.mnemonic)")
    let addresses = (operands + results).map { $0.argument() }
    switch f {
    case .softmax, .logSoftmax, .softmaxGradient, .logSoftmaxGradient, .entropyGradient(.probabilities):
      self.init(Launch.rows(kernel, of: x, addresses))
    case .entropy(.labels(let smoothing)):
      let loss = Self.rowSums(kernel, x, operands.map { $0.argument() } + [.bits(smoothing)], [.failure], y)
      self.init(checking: operands[1], x.columns, loss)
    case .entropyGradient(.labels(let smoothing)):
      let arguments = [x.argument(), operands[1].argument(), .bits(smoothing), operands[2].argument(), y.argument()]
      self.init(checking: operands[1], x.columns, Launch.rows(kernel, of: x, arguments + [.failure]))
    case .entropy(.probabilities): self.init(Self.rowSums(kernel, x, operands.map { $0.argument() }, [], y))
    case .pairLoss(let g): self.init(Self.pairLoss(g, kernel, operands, y))
    case .pairLossGradient(let g):
      let arguments = operands[..<2].map { $0.argument() } + [.count(g.divisor(of: x.type)), operands[2].argument()]
      self.init(Launch.loop(kernel, over: x.count, [.count(x.count)] + arguments + [y.argument()]))
    }
  }

  /// Work that begins by checking that labels are below `bound`.
  private init(checking labels: Buffer, _ bound: Int, _ launches: [Launch]) {
    self.init(Launch.check(labels, bound) + launches) { (word) in
      let label = IndexFailure(word)
      return "label \(label.value) of example \(label.position) of the batch is outside [0, \(bound))"
    }
  }

  /// The mean over the rows of `x` of what each adds, by chunks of rows.
  private static func rowSums(
    _ kernel: String, _ x: Buffer, _ before: [Argument], _ behind: [Argument], _ loss: Buffer
  ) -> [Launch] {
    let chunk = Launch.chunk(of: x.rows, minimum: Launch.rowsPerChunk(x.columns))
    let chunks = Launch.quotient(x.rows, chunk)
    let launch = Launch(
      kernel, grid: .init(max(1, chunks)), block: .init(32, max(1, min(16, chunk, x.rows))),
      [.count(x.rows), .count(x.columns)] + before + [.count(chunk), .scratch(8 * chunks)] + behind)
    return (chunks == 0 ? [] : [launch]) + sumChunks(chunks, dividedBy: x.rows, loss, behind)
  }

  private static func sumChunks(_ chunks: Int, dividedBy divisor: Int, _ y: Buffer, _ behind: [Argument]) -> [Launch] {
    [
      .init(
        "cgad_cuda_sum_chunks", grid: .init(1), block: .init(64),
        [.count(chunks), .scratch(8 * chunks), .bits(Double(divisor)), y.argument()]
          + (behind.isEmpty ? [.address(0)] : behind))
    ]
  }

  private static func pairLoss(_ f: PairLoss, _ kernel: String, _ operands: [Buffer], _ loss: Buffer) -> [Launch] {
    let n = operands[0].count
    let chunk = Launch.chunk(of: n, minimum: 16_384)
    let chunks = Launch.quotient(n, chunk)
    let launch = Launch(
      kernel, grid: .init(max(1, chunks)), block: .init(32, max(1, min(16, Launch.quotient(min(chunk, n), 4096)))),
      [.count(n)] + operands.map { $0.argument() } + [.count(chunk), .scratch(8 * chunks)])
    return (chunks == 0 ? [] : [launch]) + sumChunks(chunks, dividedBy: f.divisor(of: operands[0].type), loss, [])
  }

}
