import CKernels
import Operations
import Runtime

extension CPUBackend {

  func kernel(
    _ f: Convolution, _ operands: [Buffer], _ results: [Buffer], _ workspace: UnsafeMutableRawBufferPointer
  ) -> Kernel {
    let shape = f.shape(of: operands)
    let memory = cgad_memory(address: workspace.baseAddress, size: workspace.count)
    let (pool, first, last) = (pool, operands[0].f32, operands[operands.count - 1].f32)
    let (read, out) = (ChannelParts(operands.dropLast()), results[0].f32)
    let written = ChannelParts(results[...])
    let run: (UnsafePointer<cgad_convolution>) -> Int32 =
      switch f {
      case .convolution: { (c) in read.withChannels { cgad_conv2d(pool, c, memory, $0, last, out) } }
      case .transposed, .inputGradients:
        { (c) in written.withChannels { cgad_conv2d_input_gradient(pool, c, memory, first, last, $0) } }
      case .weightGradient:
        { (c) in read.withChannels { cgad_conv2d_weight_gradient(pool, c, memory, $0, last, out) } }
      }
    return { (_) throws(KernelFailure) in
      let status = withUnsafePointer(to: shape) { run($0) }
      try check(status, f.mnemonic, operands)
    }
  }

}

/// The tensors that the channels of an image lie in.
private struct ChannelParts {

  private let channels: [Int]

  private let parts: [UnsafeMutablePointer<Float>]

  init(_ images: ArraySlice<Buffer>) {
    channels = images.map { $0.type.extents[1] }
    parts = images.map(\.f32)
  }

  /// Returns what `body` returns of the kernels' description, which is valid while it is called.
  func withChannels(_ body: (cgad_channels) -> Int32) -> Int32 {
    channels.withUnsafeBufferPointer { (c) in
      parts.withUnsafeBufferPointer { (p) in
        body(.init(count: p.count, channels: c.baseAddress, parts: p.baseAddress))
      }
    }
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
