import Operations

extension Reference {

  static func result(of f: LinearAlgebra, _ x: [ReferenceTensor]) -> ReferenceTensor {
    switch f {
    case .matmul(let transposeLeft, let transposeRight):
      product(transposeLeft ? transposed(x[0]) : x[0], transposeRight ? transposed(x[1]) : x[1])
    }
  }

  private static func transposed(_ x: ReferenceTensor) -> ReferenceTensor {
    .init([x.extents[1], x.extents[0]]) { x[[$0[1], $0[0]]] }
  }

  private static func product(_ a: ReferenceTensor, _ b: ReferenceTensor) -> ReferenceTensor {
    let columns = transposed(b).rows
    let elements = a.rows.flatMap { (row) in columns.map { (column) in dot(row, column) } }
    return .init([a.extents[0], b.extents[1]], elements)
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    precondition(a.count == b.count, "the inner extents differ")
    var sum = 0.0
    for i in a.indices { sum += a[i] * b[i] }
    return sum
  }

}
