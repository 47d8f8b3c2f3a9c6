import CKernels
import Testing

/// A kernel that makes 100,003 numbers of 100,003 others, or fewer.
struct Kernel: Sendable, CustomTestStringConvertible {
  var name: String
  var run: @Sendable (OpaquePointer, [Float], UnsafeMutablePointer<Float>) -> Void
  var testDescription: String { name }
}

private let n = 100_003
private let stream = cgad_stream(seed: 1, path_hash: 2, step: 3, micro_batch: 4, replica: 5)
private let images = cgad_convolution(
  images: 3, groups: 2, in_channels: 10, out_channels: 14, in_y: 30, in_x: 31, out_y: 30, out_x: 16, window_y: 3,
  window_x: 3, stride_y: 1, stride_x: 2, padding_y: 1, padding_x: 1, dilation_y: 1, dilation_x: 1)
private let windows = cgad_pooling(
  planes: 70, in_y: 30, in_x: 31, out_y: 15, out_x: 15, window_y: 3, window_x: 3, stride_y: 2, stride_x: 2,
  padding_y: 1, padding_x: 0)
private let heads = cgad_attention_shape(
  heads: 5, queries: 130, keys: 100, width: 20, value_width: 17, scale: 0.3, causal: true, group: 1, value_group: 1,
  q_stride: 20, k_stride: 20, v_stride: 17, y_stride: 17)
private let options = cgad_adam_options(
  lr: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.1, decoupled: true)

/// Returns a kernel of which `body` gets a pointer to the numbers.
private func pointers(
  _ name: String,
  _ body: @escaping @Sendable (OpaquePointer, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
) -> Kernel {
  .init(name: name) { (p, x, y) in x.withUnsafeBufferPointer { (b) in b.baseAddress.map { body(p, $0, y) } } }
}

/// Returns `count` indices below 300, some of them often.
private func indices(_ count: Int) -> [Int32] { (0..<count).map { Int32($0 * $0 % 300) } }

private func reduction(_ name: String, _ op: cgad_reduction, _ extents: [Int], _ axes: UInt32) -> Kernel {
  .init(name: name) { _ = cgad_reduce_f32($0, op, Int32(extents.count), extents, axes, $1, $2) }
}

private let kernels: [Kernel] = [
  .init(name: "binary") { _ = cgad_binary_apply($0, .div, 2, [300, 333], $1, [333, 1], $1, [0, 1], $2) },
  .init(name: "broadcast") { _ = cgad_broadcast($0, 2, [333, 300], $1, [1, 333], $2) },
  reduction("sum", .sum, [n], 1),
  reduction("sum of rows", .sum, [300, 333], 2),
  reduction("sum of columns", .sum, [300, 333], 1),
  reduction("sum of few columns", .sum, [10_000, 10], 1),
  reduction("mean of the outer and inner of three", .mean, [30, 10, 333], 5),
  reduction("max", .max, [n], 1),
  reduction("min", .min, [n], 1),
  reduction("variance", .variance, [n], 1),
  reduction("variance of few columns", .variance, [10_000, 10], 1),
  reduction("logsumexp of rows", .logsumexp, [300, 333], 2),
  reduction("logsumexp of columns", .logsumexp, [300, 333], 1),
  .init(name: "softmax") { cgad_softmax($0, 300, 333, $1, $2) },
  .init(name: "log-softmax") { cgad_log_softmax($0, 300, 333, $1, $2) },
  .init(name: "softmax gradient") { cgad_softmax_gradient($0, 300, 333, $1, $1, $2) },
  .init(name: "cross-entropy") {
    _ = cgad_cross_entropy($0, 3_333, 30, $1, [Int32](repeating: 3, count: 3_333), 0.1, $2)
  },
  .init(name: "cross-entropy gradient") {
    _ = cgad_cross_entropy_gradient($0, 3_333, 30, $1, [Int32](repeating: 3, count: 3_333), 0.1, 1, $2)
  },
  .init(name: "soft cross-entropy") { cgad_soft_cross_entropy($0, 3_333, 30, $1, $1.reversed(), $2) },
  .init(name: "soft cross-entropy gradient") {
    cgad_soft_cross_entropy_gradient($0, 3_333, 30, $1, $1.reversed(), 2, $2)
  },
  .init(name: "mean of squares") { cgad_pair_loss_apply($0, .squares, n, $1, $1.reversed(), n, $2) },
  .init(name: "cross-entropy of logits") { cgad_pair_loss_apply($0, .logits, n, $1, $1.reversed(), n, $2) },
  .init(name: "strided to bytes") {
    _ = cgad_copy_to_strided($0, 1, 2, [333, 1000], $1, $2, [1, 333])
  },
  .init(name: "strided from pairs") { _ = cgad_copy_from_strided($0, 8, 2, [300, 150], $1, [1, 300], $2) },
  .init(name: "rows") { cgad_copy_rows($0, 300, 1000, $1, 1300, $2, 1111) },
  .init(name: "gathered rows") { _ = cgad_gather_rows($0, 300, 333, $1, 300, indices(300), $2) },
  .init(name: "added rows") { _ = cgad_scatter_add_rows($0, 300, 333, $2, 300, indices(300), $1) },
  .init(name: "added elements") { _ = cgad_scatter_add_rows($0, 300, 1, $2, n, indices(n), $1) },
  .init(name: "gathered elements") { _ = cgad_gather_elements($0, 333, 300, $1, indices(333), $2) },
  .init(name: "scattered elements") { _ = cgad_scatter_elements($0, 333, 300, $1, indices(333), $2) },
  .init(name: "dropout") { _ = cgad_dropout($0, n, $1, 0.4, stream, $2) },
  .init(name: "uniform") { (p, _, y) in _ = cgad_random_uniform(p, n, -1, 1, stream, y) },
  .init(name: "normal") { (p, _, y) in cgad_random_normal(p, n, 0, 1, stream, y) },
  .init(name: "adam") {
    cgad_fill($0, n, 1, $2)
    _ = cgad_adam($0, n / 3, $2, $2 + n / 3, $2 + n / 3 * 2, $1, 1, options, 2)
  },
  pointers("convolution") { (p, x, y) in
    withWorkspace { (workspace) in
      _ = withUnsafePointer(to: images) { (c) in withChannels(x) { cgad_conv2d(p, c, workspace, $0, x + 50_000, y) } }
    }
  },
  pointers("convolution, gradient of the input") { (p, x, y) in
    withWorkspace { (workspace) in
      _ = withUnsafePointer(to: images) { (c) in
        withChannels(y) { cgad_conv2d_input_gradient(p, c, workspace, x, x + 50_000, $0) }
      }
    }
  },
  pointers("convolution, gradient of the weights") { (p, x, y) in
    withWorkspace { (workspace) in
      _ = withUnsafePointer(to: images) { (c) in
        withChannels(x) { cgad_conv2d_weight_gradient(p, c, workspace, $0, x + 50_000, y) }
      }
    }
  },
  pointers("greatest of windows") { (p, x, y) in _ = withUnsafePointer(to: windows) { cgad_max_pool2d(p, $0, x, y) } },
  pointers("greatest of windows, gradient") { (p, x, y) in
    _ = withUnsafePointer(to: windows) { cgad_max_pool2d_gradient(p, $0, x, x, y) }
  },
  pointers("mean of windows") { (p, x, y) in _ = withUnsafePointer(to: windows) { cgad_avg_pool2d(p, $0, x, y) } },
  pointers("mean of windows, gradient") { (p, x, y) in
    _ = withUnsafePointer(to: windows) { cgad_avg_pool2d_gradient(p, $0, x, y) }
  },
  .init(name: "upsampling") { cgad_upsample_nearest($0, 7, 40, 50, 2, 3, $1, $2) },
  .init(name: "upsampling, gradient") { cgad_upsample_nearest_gradient($0, 7, 40, 50, 2, 3, $1, $2) },
  .init(name: "bilinear upsampling") { cgad_upsample_bilinear($0, 7, 40, 50, 2, 3, $1, $2) },
  .init(name: "bilinear upsampling, gradient") { cgad_upsample_bilinear_gradient($0, 7, 40, 50, 2, 3, $1, $2) },
  pointers("attention") { (p, x, y) in
    _ = withUnsafePointer(to: heads) { cgad_attention(p, $0, x, x + 20_000, x + 40_000, y, y + 20_000) }
  },
  pointers("attention, gradient") { (p, x, y) in
    let values = cgad_attention_values(
      q: x, k: x + 20_000, v: x + 40_000, y: x + 60_000, log_sums: x + 80_000, dy: x + 70_000)
    _ = withUnsafePointer(to: heads) { (h) in
      withUnsafePointer(to: values) { cgad_attention_gradient(p, h, $0, y, y + 20_000, y + 40_000) }
    }
  },
  .init(name: "causal mask") { cgad_causal_mask($0, 5, 150, 100, 0, $1, $2) },
  .init(name: "difference") { $2[0] = cgad_max_abs_diff($0, n, $1, $1.reversed()) },
]

@Suite struct DeterminismTests {

  @Test(arguments: kernels) func `one, two and three threads give the same bits`(k: Kernel) {
    let x = numbers(n)
    let runs = [1, 2, 3].map { (t) in bits(output(n, threads: t) { k.run($0, x, $1) }) }
    #expect(runs[0] == runs[1])
    #expect(runs[0] == runs[2])
  }

  @Test(arguments: functions) func `functions give the same bits on any number of threads`(f: Function) {
    let n = 40_003
    let x = numbers(n, in: f.range)
    let runs = [1, 2, 3].map { (t) in
      bits(output(n, threads: t) { cgad_unary_apply($0, f.op, n, x, $1) })
        + bits(output(n, threads: t) { cgad_unary_gradient($0, f.op, n, x, x, $1) })
    }
    #expect(runs[0] == runs[1])
    #expect(runs[0] == runs[2])
  }

  @Test func `where an element is in its vector does not matter`() {
    let x = numbers(100)
    for f in functions {
      let whole = output(100) { cgad_unary_apply($0, f.op, 100, x, $1) }
      let single = x.map { (e) in output(1, threads: 1) { cgad_unary_apply($0, f.op, 1, [e], $1) }[0] }
      #expect(bits(whole) == bits(single))
    }
  }

}
