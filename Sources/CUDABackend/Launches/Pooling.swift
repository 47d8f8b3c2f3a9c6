import Operations
import Runtime

extension Work {

  init(_ f: Pooling, _ operands: [Buffer], _ results: [Buffer]) {
    let (x, y, kernel) = (operands[0], results[0], "cgad_cuda_\(f.mnemonic)")
    let numbers: [Argument] =
      switch f {
      case .max(let g), .average(let g): g.arguments(image: x, result: y)
      case .maxGradient(let g): g.arguments(image: x, result: operands[1])
      case .averageGradient(let g, _): g.arguments(image: y, result: x)
      case .upsample(_, let factor): Self.upsampling(x, factor)
      case .upsampleGradient(_, let factor): Self.upsampling(y, factor)
      }
    let addresses = (operands + results).map { $0.argument() }
    self.init(Launch.loop(kernel, over: y.count, each: 1, [.count(y.count)] + addresses + numbers))
  }

  /// The extents of an image that is enlarged, and how many times.
  private static func upsampling(_ image: Buffer, _ factor: Pair) -> [Argument] {
    let extents = image.type.extents.suffix(2)
    return extents.map { .count($0) } + [.count(factor.y), .count(factor.x)]
  }

}

extension Pooling.Geometry {

  /// Extents, windows and their movement, as kernels take them.
  fileprivate func arguments(image: Buffer, result: Buffer) -> [Argument] {
    let numbers =
      image.type.extents.suffix(2) + result.type.extents.suffix(2)
      + [window, stride, padding].flatMap { [$0.y, $0.x] }
    return numbers.map { .count($0) }
  }

}
