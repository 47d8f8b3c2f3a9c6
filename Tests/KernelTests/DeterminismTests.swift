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
private let options = cgad_adam_options(
  lr: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.1, decoupled: true)

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
  .init(name: "softmax") { cgad_softmax($0, 300, 333, $1, $2) },
  .init(name: "log-softmax") { cgad_log_softmax($0, 300, 333, $1, $2) },
  .init(name: "softmax gradient") { cgad_softmax_gradient($0, 300, 333, $1, $1, $2) },
  .init(name: "cross-entropy") {
    _ = cgad_cross_entropy($0, 3_333, 30, $1, [Int32](repeating: 3, count: 3_333), $2)
  },
  .init(name: "cross-entropy gradient") {
    _ = cgad_cross_entropy_gradient($0, 3_333, 30, $1, [Int32](repeating: 3, count: 3_333), 1, $2)
  },
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
  .init(name: "mean of squares") { cgad_mse($0, n, $1, $1.reversed(), $2) },
  .init(name: "dropout") { _ = cgad_dropout($0, n, $1, 0.4, stream, $2) },
  .init(name: "uniform") { (p, _, y) in _ = cgad_random_uniform(p, n, -1, 1, stream, y) },
  .init(name: "normal") { (p, _, y) in cgad_random_normal(p, n, 0, 1, stream, y) },
  .init(name: "adam") {
    cgad_fill($0, n, 1, $2)
    _ = cgad_adam($0, n / 3, $2, $2 + n / 3, $2 + n / 3 * 2, $1, options, 2)
  },
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
