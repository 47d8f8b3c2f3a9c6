import CKernels
import Operations
import Runtime

extension CPUBackend {

  func kernel(_ f: Pooling, _ operands: [Buffer], _ results: [Buffer]) -> Kernel {
    let (x, y) = (operands[0], results[0])
    switch f {
    case .max(let g):
      return pooling(f, .init(g, image: x, result: y), operands, y) { cgad_max_pool2d($0, $1, $2, $4) }
    case .maxGradient(let g):
      return pooling(f, .init(g, image: x, result: operands[1]), operands, y, cgad_max_pool2d_gradient)
    case .average(let g):
      return pooling(f, .init(g, image: x, result: y), operands, y) { cgad_avg_pool2d($0, $1, $2, $4) }
    case .averageGradient(let g, _):
      return pooling(f, .init(g, image: y, result: x), operands, y) { cgad_avg_pool2d_gradient($0, $1, $2, $4) }
    case .upsample(.nearest, let factor): return upsample(factor, image: x, x, y, cgad_upsample_nearest)
    case .upsampleGradient(.nearest, let factor):
      return upsample(factor, image: y, x, y, cgad_upsample_nearest_gradient)
    case .upsample(.bilinear, let factor): return upsample(factor, image: x, x, y, cgad_upsample_bilinear)
    case .upsampleGradient(.bilinear, let factor):
      return upsample(factor, image: y, x, y, cgad_upsample_bilinear_gradient)
    }
  }

  /// A kernel of a geometry, the first operand, the last operand and the result.
  private typealias PoolingFunction = (
    OpaquePointer, UnsafePointer<cgad_pooling>, UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>
  ) -> Int32

  private func pooling(
    _ f: Pooling, _ shape: cgad_pooling, _ operands: [Buffer], _ y: Buffer, _ run: @escaping PoolingFunction
  ) -> Kernel {
    let (pool, first, last, out) = (pool, operands[0].f32, operands[operands.count - 1].f32, y.f32)
    return { (_) throws(KernelFailure) in
      let status = withUnsafePointer(to: shape) { run(pool, $0, first, last, out) }
      try check(status, f.mnemonic, operands)
    }
  }

  private typealias UpsamplingFunction = (
    OpaquePointer, Int, Int, Int, Int, Int, UnsafePointer<Float>, UnsafeMutablePointer<Float>
  ) -> Void

  private func upsample(
    _ factor: Pair, image: Buffer, _ x: Buffer, _ y: Buffer, _ run: @escaping UpsamplingFunction
  ) -> Kernel {
    let (pool, input, out, planes) = (pool, x.f32, y.f32, image.planes)
    let (rows, columns) = (image.type.extents[image.type.rank - 2], image.columns)
    return { (_) in run(pool, planes, rows, columns, factor.y, factor.x, input, out) }
  }

}

extension Buffer {

  /// The product of all extents but the last two.
  var planes: Int { type.extents.dropLast(2).reduce(1, *) }

}

extension cgad_pooling {

  /// The kernel's description of pooling `image` to `result`.
  fileprivate init(_ g: Pooling.Geometry, image: Buffer, result: Buffer) {
    let (input, output) = (image.type.extents.suffix(2), result.type.extents.suffix(2))
    self.init(
      planes: image.planes, in_y: input[input.startIndex], in_x: input[input.endIndex - 1],
      out_y: output[output.startIndex], out_x: output[output.endIndex - 1], window_y: g.window.y, window_x: g.window.x,
      stride_y: g.stride.y, stride_x: g.stride.x, padding_y: g.padding.y, padding_x: g.padding.x)
  }

}
