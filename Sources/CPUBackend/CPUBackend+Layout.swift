import CKernels
import Operations
import Runtime

extension CPUBackend {

  func kernel(_ f: Layout, _ operands: [Buffer], _ results: [Buffer]) -> Kernel {
    let (x, y) = (operands[0], results[0])
    switch f {
    case .reshape: return reshape(x, y)
    case .transpose(let axes): return transpose(axes, x, y)
    case .slice(let starts, _): return slice(starts, x, y)
    case .pad(let low, _): return pad(low, x, y)
    case .concat(let axis): return concat(axis, operands, y)
    }
  }

  /// Nothing where the result lies in the place of the operand, or else a copy.
  private func reshape(_ x: Buffer, _ y: Buffer) -> Kernel {
    let (pool, size, input, out) = (pool, x.byteCount, x.address, y.address)
    if input == out { return { (_) in } }
    return { (_) in cgad_copy(pool, size, input, out) }
  }

  private func transpose(_ axes: [Int], _ x: Buffer, _ y: Buffer) -> Kernel {
    let strides = x.denseStrides
    return copy(of: x, from: 0, axes.map { strides[$0] }, to: y, "transpose")
  }

  private func slice(_ starts: [Int], _ x: Buffer, _ y: Buffer) -> Kernel {
    let strides = x.denseStrides
    return copy(of: x, from: zip(starts, strides).reduce(0) { $0 + $1.0 * $1.1 }, strides, to: y, "slice")
  }

  /// Copies the elements of `x` from the one at `start` on, addressed by `strides`, to the dense `y`.
  private func copy(of x: Buffer, from start: Int, _ strides: [Int], to y: Buffer, _ mnemonic: String) -> Kernel {
    let (pool, size, extents) = (pool, x.type.element.size, y.type.extents)
    let (rank, out) = (Int32(extents.count), y.address)
    let input = x.address + (y.count == 0 ? 0 : start * size)
    return { (_) throws(KernelFailure) in
      try check(cgad_copy_from_strided(pool, size, rank, extents, input, strides, out), mnemonic, [x])
    }
  }

  private func pad(_ low: [Int], _ x: Buffer, _ y: Buffer) -> Kernel {
    let (pool, size, extents, strides) = (pool, x.type.element.size, x.type.extents, y.denseStrides)
    let start = zip(low, strides).reduce(0) { $0 + $1.0 * $1.1 }
    let (rank, bytes, input, out) = (Int32(extents.count), y.byteCount, x.address, y.address)
    let target = y.address + (x.count == 0 ? 0 : start * size)
    return { (_) throws(KernelFailure) in
      cgad_zero(pool, bytes, out)
      try check(cgad_copy_to_strided(pool, size, rank, extents, input, target, strides), "pad", [x])
    }
  }

  private func concat(_ axis: Int, _ operands: [Buffer], _ y: Buffer) -> Kernel {
    let pool = pool
    let rows = y.type.extents[..<axis].reduce(1, *)
    let inner = y.type.extents[(axis + 1)...].reduce(y.type.element.size, *)
    let pitch = y.type.extents[axis] * inner
    var parts: [(address: UnsafeMutableRawPointer, size: Int, target: UnsafeMutableRawPointer)] = []
    var offset = 0
    for x in operands where x.count > 0 {
      let size = x.type.extents[axis] * inner
      parts.append((x.address, size, y.address + offset))
      offset += size
    }
    return { [parts] (_) in
      for p in parts { cgad_copy_rows(pool, rows, p.size, p.address, p.size, p.target, pitch) }
    }
  }

}

extension Buffer {

  /// The distance in elements between neighbours along each axis, 0 along axes of extent 1.
  fileprivate var denseStrides: [Int] { Broadcasting.strides(of: type.extents, as: type.extents) }

}
