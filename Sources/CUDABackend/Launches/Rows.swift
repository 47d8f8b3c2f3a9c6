import Operations
import Runtime

extension Launch {

  /// The elements of a row that are summed in float.
  private static let rowBlock = 4096

  /// The launch of a kernel whose blocks take rows of `x`, which the kernel is given the number and the extent of.
  static func rows(_ kernel: String, of x: Buffer, _ arguments: [Argument]) -> [Launch] {
    if x.count == 0 { return [] }
    let warps = min(16, quotient(x.columns, rowBlock))
    return [
      .init(
        kernel, grid: .init(min(x.rows, 1 << 16)), block: .init(32, warps),
        [.count(x.rows), .count(x.columns)] + arguments)
    ]
  }

}

extension Work {

  init(_ f: Normalization, _ operands: [Buffer], _ results: [Buffer]) {
    let epsilon =
      switch f {
      case .layer(let e), .layerGradient(let e), .rms(let e), .rmsGradient(let e): e
      }
    self.init(
      Launch.rows(
        "cgad_cuda_\(f.mnemonic)", of: operands[0], [.bits(epsilon)] + (operands + results).map { $0.argument() }))
  }

}
