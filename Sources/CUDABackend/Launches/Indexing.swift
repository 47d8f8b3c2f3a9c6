import Operations
import Runtime

/// The first index out of range, as `cgad_cuda_check_indices` leaves it.
struct IndexFailure {

  let value: Int32

  /// Positions from 2³¹ − 1 on are told as that.
  let position: Int

  init(_ word: UInt64) {
    value = Int32(truncatingIfNeeded: word)
    position = Int(Int32.max) - Int(word >> 32 & UInt64(Int32.max))
  }

}

extension Launch {

  /// The launch that looks for indices that are not in `0 ..< bound`.
  static func check(_ indices: Buffer, _ bound: Int) -> [Launch] {
    loop(
      "cgad_cuda_check_indices", over: indices.count,
      [.count(indices.count), .count(bound), indices.argument(), .failure])
  }

}

extension Work {

  init(_ f: Indexing, _ operands: [Buffer], _ results: [Buffer]) {
    let (indices, bound, mnemonic) = (operands[f.indexOperand], f.indexBound(operands.map(\.type)), f.mnemonic)
    self.init(Launch.check(indices, bound) + Self.launches(f, operands[0], indices, results[0])) { (word) in
      let i = IndexFailure(word)
      return "\(mnemonic): index \(i.value) at position \(i.position) of the indices is outside [0, \(bound))"
    }
  }

  private static func launches(_ f: Indexing, _ x: Buffer, _ indices: Buffer, _ y: Buffer) -> [Launch] {
    switch f {
    case .gather:
      let columns = x.type.extents.dropFirst().reduce(1, *)
      return Launch.loop(
        "cgad_cuda_gather", over: y.count,
        [.count(y.count), .count(columns), .count(x.type.extents[0])] + [x, indices, y].map { $0.argument() } + [
          .failure
        ])
    case .scatterAdd(let rows): return scatterAdd(rows, x, indices, y)
    case .oneHot(let classes): return scatter(classes, .address(0), indices, y)
    case .gatherLast:
      return Launch.loop(
        "cgad_cuda_gather_last", over: y.count,
        [.count(y.count), .count(x.columns)] + [x, indices, y].map { $0.argument() } + [.failure])
    case .scatterLast(let classes): return scatter(classes, x.argument(), indices, y)
    }
  }

  private static func scatter(_ classes: Int, _ x: Argument, _ indices: Buffer, _ y: Buffer) -> [Launch] {
    Launch.loop(
      "cgad_cuda_scatter_last", over: y.count,
      [.count(y.count), .count(classes), x, indices.argument(), y.argument(), .failure])
  }

  /// The rows of a block and its threads, as the kernel has them.
  private static func scatterAdd(_ rows: Int, _ x: Buffer, _ indices: Buffer, _ y: Buffer) -> [Launch] {
    if y.count == 0 { return [] }
    let columns = y.count / rows
    let items = Launch.quotient(rows, 16) * Launch.quotient(columns, 128)
    return [
      .init(
        "cgad_cuda_scatter_add", grid: .init(min(items, 1 << 16)), block: .init(128),
        [.count(rows), .count(columns), .count(indices.count)] + [x, indices, y].map { $0.argument() } + [.failure])
    ]
  }

}
