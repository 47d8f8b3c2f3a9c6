import CKernels
import Operations
import Runtime

extension CPUBackend {

  func kernel(
    _ f: Convolution, _ operands: [Buffer], _ results: [Buffer], _ workspace: UnsafeMutableRawBufferPointer
  ) -> Kernel {
    let shape = f.shape(of: operands)
    let memory = cgad_memory(address: workspace.baseAddress, size: workspace.count)
    let (pool, a, b, out) = (pool, operands[0].f32, operands[1].f32, results[0].f32)
    let run: (cgad_convolution) -> Int32 =
      switch f {
      case .convolution: { (c) in withUnsafePointer(to: c) { cgad_conv2d(pool, $0, memory, a, b, out) } }
      case .transposed: { (c) in withUnsafePointer(to: c) { cgad_conv2d_input_gradient(pool, $0, memory, a, b, out) } }
      case .weightGradient:
        { (c) in withUnsafePointer(to: c) { cgad_conv2d_weight_gradient(pool, $0, memory, a, b, out) } }
      }
    return { (_) throws(KernelFailure) in try check(run(shape), f.mnemonic, operands) }
  }

}

extension Convolution {

  /// Returns the kernel's description of the convolution.
  ///
  /// - Requires: the operands pass the shape rule.
  fileprivate func shape(of operands: [Buffer]) -> cgad_convolution {
    guard let e = try? extents(operands.map(\.type)) else { preconditionFailure("the shape rule was not asked") }
    let g = geometry
    return .init(
      images: e.images, groups: g.groups, in_channels: e.inChannels, out_channels: e.outChannels, in_y: e.input.y,
      in_x: e.input.x, out_y: e.output.y, out_x: e.output.x, window_y: e.window.y, window_x: e.window.x,
      stride_y: g.stride.y, stride_x: g.stride.x, padding_y: g.padding.y, padding_x: g.padding.x,
      dilation_y: g.dilation.y, dilation_x: g.dilation.x)
  }

}
