import Operations
import Runtime

extension Work {

  /// A library's product reads an addend where it lies; cgad's kernels have one that lies elsewhere copied to the result first.
  init(_ f: LinearAlgebra, _ operands: [Buffer], _ results: [Buffer], _ products: ProductMethod) {
    if let call = ProductCall(f, operands, results, products) {
      self.init(call)
      return
    }
    let p = MatrixProducts(f, operands[0], operands[1])
    let c = results[0]
    let addend = operands.count == 3 ? operands[2] : nil
    let copy = addend.map { $0.address == c.address ? [] : Self.copy($0, to: c) } ?? []
    if c.count == 0 {
      self.init([])
    } else if p.k == 0 || p.count == 0 {
      let zeros = Launch.loop("cgad_cuda_fill", over: c.count, [.count(c.count), .float(0), c.argument()])
      self.init(addend == nil ? zeros : copy)
    } else {
      self.init(copy + p.launches(operands[0], operands[1], c, adding: addend != nil, products.precision))
    }
  }

}

/// Products of matrices of one shape, or their sum.
private struct MatrixProducts {

  private(set) var m: Int

  private(set) var k: Int

  let n: Int

  private let isSummed: Bool

  private let transposes: (left: Bool, right: Bool)

  /// The matrices of both operands, the strides being counted in matrices.
  private var batch: StridedLayout

  var count: Int { batch.count }

  init(_ f: LinearAlgebra, _ a: Buffer, _ b: Buffer) {
    guard let e = try? f.extents([a.type, b.type]) else { preconditionFailure("the types passed the shape rule") }
    (m, k, n, transposes) = (e.m, e.k, e.n, f.transposes)
    isSummed = if case .matmulSum = f { true } else { false }
    batch = .init(
      e.batch,
      [a, b].map { Broadcasting.strides(of: Array($0.type.extents.dropLast(2)), as: e.batch) })
    join()
  }

  /// Makes one product of many that differ in the rows of the left operand, or of a sum over the rows of both.
  private mutating func join() {
    guard batch.extents.count == 1, batch.count > 1, batch.strides[0][0] == 1 else { return }
    let stretched = batch.strides[1][0] == 0
    if !isSummed, !transposes.left, stretched {
      m *= batch.count
    } else if isSummed, transposes.left, !transposes.right, batch.strides[1][0] == 1 {
      k *= batch.count
    } else {
      return
    }
    batch = .init([], [[], []])
  }

  // MARK: Launches

  /// The most blocks along an axis that is not the first.
  private static let gridLimit = 65_535

  /// Returns the launches that write the products of `a` and `b` to `c`, or that add them to what `c` holds.
  func launches(_ a: Buffer, _ b: Buffer, _ c: Buffer, adding adds: Bool, _ precision: MatrixPrecision) -> [Launch] {
    let results = isSummed ? 1 : count
    // as many parts as fit the workspace that is planned; products that are many have none
    let fitting = count > 1 ? 1 : WorkspaceModel.cudaLimit / c.count.multipliedSaturating(by: 4)
    let (tiles, prefix, suffix) = kernels(a, b, precision)
    let t = ProductTiling(
      from: tiles, precision, m: m, n: n, k: k, count: results, partLimit: max(1, fitting))
    let form = "\(transposes.left ? "t" : "n")\(transposes.right ? "t" : "n")"
    return t.launches(to: c, adding: adds) { (target, adds) in
      Launch(
        "cgad_cuda_gemm_\(prefix)\(t.tile)_\(form)\(suffix)",
        grid: .init(t.tile.tiles(m, n), t.parts, min(results, Self.gridLimit)),
        block: .init(t.tile.threads),
        [.count(m), .count(n), .count(k), a.argument(), b.argument(), target] + batchArguments
          + [.count(count), .flag(isSummed), .count(t.part), .flag(adds)])
    }
  }

  /// Returns the tiles that there are kernels of, and what stands before and behind the tile in their names; kernels of
  /// tensor cores find out by themselves whether they can read four elements at once.
  private func kernels(
    _ a: Buffer, _ b: Buffer, _ precision: MatrixPrecision
  ) -> (tiles: [ProductTile], prefix: String, suffix: String) {
    switch precision {
    case .f32:
      byFours(a, b) ? ([.huge, .large, .medium, .small], "", "_fours") : ([.large, .medium, .small], "", "")
    case .tf32, .bf16: ([.square, .narrow], "\(precision)_", "")
    }
  }

  /// Whether four elements of an operand can be read at once.
  private func byFours(_ a: Buffer, _ b: Buffer) -> Bool {
    let contiguous = [transposes.left ? m : k, transposes.right ? k : n]
    return contiguous.allSatisfy { $0 % 4 == 0 } && a.isPacked && b.isPacked
  }

  /// Six extents and strides of both operands, outermost first.
  private var batchArguments: [Argument] {
    let missing = 6 - batch.extents.count
    return Array(repeating: .count(1), count: missing) + batch.extents.map { .count($0) }
      + batch.strides.flatMap { Array(repeating: .count(0), count: missing) + $0.map { .count($0) } }
  }

}
