import CKernels
import Operations
import Runtime

extension CPUBackend {

  func kernel(_ f: Indexing, _ operands: [Buffer], _ results: [Buffer]) -> Kernel {
    let (x, indices, y) = (operands[0], operands[f.indexOperand], results[0])
    let run = status(f, x, indices, y)
    let (mnemonic, bound, address) = (f.mnemonic, f.indexBound(operands.map(\.type)), indices.i32)
    return { (_) throws(KernelFailure) in
      let status = run()
      if status == 0 { return }
      throw .init(
        "\(mnemonic): index \(address[status - 1]) at position \(status - 1) of the indices is outside [0, \(bound))")
    }
  }

  /// Returns the kernel, which gives 0, or 1 plus the position of the first index out of range.
  private func status(_ f: Indexing, _ x: Buffer, _ indices: Buffer, _ y: Buffer) -> () -> Int {
    let (pool, count, index, out) = (pool, indices.count, indices.i32, y.f32)
    switch f {
    case .gather:
      let (rows, columns, table) = (x.type.extents[0], x.type.extents.dropFirst().reduce(1, *), x.f32)
      return { cgad_gather_rows(pool, rows, columns, table, count, index, out) }
    case .scatterAdd(let rows):
      let (columns, input) = (y.type.extents.dropFirst().reduce(1, *), x.f32)
      return { cgad_scatter_add_rows(pool, rows, columns, out, count, index, input) }
    case .oneHot(let classes): return { cgad_scatter_elements(pool, count, classes, nil, index, out) }
    case .gatherLast:
      let (columns, input) = (x.columns, x.f32)
      return { cgad_gather_elements(pool, count, columns, input, index, out) }
    case .scatterLast(let classes):
      let input = x.f32
      return { cgad_scatter_elements(pool, count, classes, input, index, out) }
    }
  }

}
