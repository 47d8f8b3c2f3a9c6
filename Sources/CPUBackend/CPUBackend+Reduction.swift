import CKernels
import Operations
import Runtime

extension CPUBackend {

  func kernel(_ f: Reduction, _ operands: [Buffer], _ results: [Buffer]) -> Kernel {
    let (x, y) = (operands[0], results[0])
    switch f {
    case .reduce(let g, let axes, _): return reduce(g.code, axes, f.mnemonic, x, y)
    case .sumTo(let extents): return reduce(.sum, Self.stretched(extents, to: x.type.extents), f.mnemonic, x, y)
    case .sumSquares:
      let (pool, n, input, out) = (pool, x.count, x.f32, y.f32)
      return { (_) in cgad_sum_squares(pool, n, input, out) }
    case .broadcast(_, let inserted): return broadcast(inserted, x, y)
    case .argmax: return argmax(x, y)
    }
  }

  /// Returns the axes of `result` that broadcasting stretches to get there from `extents`.
  private static func stretched(_ extents: [Int], to result: [Int]) -> [Int] {
    let lead = result.count - extents.count
    return result.indices.filter { (i) in i < lead || (extents[i - lead] == 1 && result[i] != 1) }
  }

  private func reduce(
    _ code: cgad_reduction, _ axes: [Int], _ mnemonic: String, _ x: Buffer, _ y: Buffer
  ) -> Kernel {
    let (pool, extents, out) = (pool, x.type.extents, y.f32)
    let (rank, mask) = (Int32(extents.count), axes.reduce(UInt32(0)) { $0 | 1 << UInt32($1) })
    if x.type.element == .bool {
      let input = x.u8
      return { (_) throws(KernelFailure) in
        try check(cgad_reduce_u8(pool, code, rank, extents, mask, input, out), mnemonic, [x])
      }
    }
    let input = x.f32
    return { (_) throws(KernelFailure) in
      try check(cgad_reduce_f32(pool, code, rank, extents, mask, input, out), mnemonic, [x])
    }
  }

  private func broadcast(_ inserted: [Int], _ x: Buffer, _ y: Buffer) -> Kernel {
    let extents = y.type.extents
    let expanded = Reduction.expand(x.type.extents, rank: extents.count, inserted: inserted)!
    let strides = Broadcasting.strides(of: expanded, as: extents)
    if x.type.element.size != 4 { return { (_) in Self.copy(x, to: y, strides) } }
    let (pool, rank, input, out) = (pool, Int32(extents.count), x.f32, y.f32)
    return { (_) throws(KernelFailure) in
      try check(cgad_broadcast(pool, rank, extents, input, strides, out), "broadcast", [x])
    }
  }

  /// Copies the elements of `x`, addressed by `strides`, to the dense `y`; for sizes of elements that the kernels lack.
  private static func copy(_ x: Buffer, to y: Buffer, _ strides: [Int]) {
    let (size, extents) = (y.type.element.size, y.type.extents)
    for i in 0..<y.count {
      var (rest, source) = (i, 0)
      for axis in extents.indices.reversed() {
        source += rest % extents[axis] * strides[axis]
        rest /= extents[axis]
      }
      (y.address + i * size).copyMemory(from: x.address + source * size, byteCount: size)
    }
  }

  private func argmax(_ x: Buffer, _ y: Buffer) -> Kernel {
    let (pool, rows, columns, input, out) = (pool, x.rows, x.columns, x.f32, y.i32)
    return { (_) throws(KernelFailure) in try check(cgad_argmax(pool, rows, columns, input, out), "argmax", [x]) }
  }

}

extension ReductionFunction {

  /// The kernel's name for the function.
  var code: cgad_reduction {
    switch self {
    case .sum: .sum
    case .mean: .mean
    case .max: .max
    case .min: .min
    case .variance: .variance
    case .logsumexp: .logsumexp
    }
  }

}
