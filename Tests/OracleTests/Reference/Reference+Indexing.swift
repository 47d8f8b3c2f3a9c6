import Operations

extension Reference {

  static func result(of f: Indexing, _ x: [ReferenceTensor]) -> ReferenceTensor {
    switch f {
    case .gather: gather(x[0], x[1])
    case .scatterAdd(let rows): scatter(x[0], x[1], rows)
    case .oneHot(let classes): spread(x[0].map { (_) in 1 }, x[0], classes)
    case .gatherLast: .init(x[1].extents, zip(x[0].rows, x[1].elements).map { $0[Int($1)] })
    case .scatterLast(let classes): spread(x[0], x[1], classes)
    }
  }

  private static func gather(_ table: ReferenceTensor, _ indices: ReferenceTensor) -> ReferenceTensor {
    .init(indices.extents + table.extents.dropFirst()) { (at) in
      table[[Int(indices[Array(at.prefix(indices.extents.count))])] + at.dropFirst(indices.extents.count)]
    }
  }

  private static func scatter(_ x: ReferenceTensor, _ indices: ReferenceTensor, _ rows: Int) -> ReferenceTensor {
    let rank = indices.extents.count
    var result = ReferenceTensor([rows] + x.extents.dropFirst(rank)) { (_) in 0 }
    for at in ReferenceTensor.indices(of: x.extents) {
      let target = [Int(indices[Array(at.prefix(rank))])] + at.dropFirst(rank)
      result.elements[result.position(of: target)] += x[at]
    }
    return result
  }

  private static func spread(_ x: ReferenceTensor, _ indices: ReferenceTensor, _ classes: Int) -> ReferenceTensor {
    .init(x.extents + [classes]) { (at) in
      let own = Array(at.dropLast())
      return Int(indices[own]) == at[at.count - 1] ? x[own] : 0
    }
  }

}
