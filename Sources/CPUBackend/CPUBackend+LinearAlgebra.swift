import CKernels
import Operations
import Runtime

extension CPUBackend {

  func kernel(_ f: LinearAlgebra, _ operands: [Buffer], _ results: [Buffer]) -> Kernel {
    let (pool, a, b, c) = (pool, operands[0], operands[1], results[0])
    let batch = MatrixBatch(f, a, b)
    let (rank, extents, left, right) = (Int32(batch.extents.count), batch.extents, batch.left, batch.right)
    let (product, x, y, out, mnemonic) = (batch.product, a.f32, b.f32, c.f32, f.mnemonic)
    let addend: UnsafePointer<Float>? = operands.count == 3 ? UnsafePointer(operands[2].f32) : nil
    switch f {
    case .matmul:
      return { (_) throws(KernelFailure) in
        try check(cgad_gemm_batch(pool, product, rank, extents, x, left, y, right, addend, out), mnemonic, [a, b])
      }
    case .matmulSum:
      return { (_) throws(KernelFailure) in
        try check(cgad_gemm_sum(pool, product, rank, extents, x, left, y, right, addend, out), mnemonic, [a, b])
      }
    }
  }

}

/// The matrices of two operands that meet, with the distances between them.
private struct MatrixBatch {

  let product: cgad_product

  /// The extents of the axes before the last two of both operands, stretched.
  let extents: [Int]

  /// How many matrices the left operand advances along each of these axes, 0 where it is stretched.
  let left: [Int]

  let right: [Int]

  init(_ f: LinearAlgebra, _ a: Buffer, _ b: Buffer) {
    guard let e = try? f.extents([a.type, b.type]) else { preconditionFailure("the types passed the shape rule") }
    let (l, r) = f.transposes
    product = .init(transpose_a: l, transpose_b: r, m: e.m, n: e.n, k: e.k)
    extents = e.batch
    left = Broadcasting.strides(of: Array(a.type.extents.dropLast(2)), as: e.batch)
    right = Broadcasting.strides(of: Array(b.type.extents.dropLast(2)), as: e.batch)
  }

}
