import Operations

extension Reference {

  static func result(of f: LinearAlgebra, _ x: [ReferenceTensor]) -> ReferenceTensor {
    let (l, r) = f.transposes
    let a = l ? transposed(x[0]) : x[0]
    let b = r ? transposed(x[1]) : x[1]
    var result =
      switch f {
      case .matmul: product(a, b)
      case .matmulSum: sumOfMatrices(product(a, b))
      }
    if x.count == 3 { for i in result.elements.indices { result.elements[i] += x[2].elements[i] } }
    return result
  }

  /// Exchanges the last two axes.
  private static func transposed(_ x: ReferenceTensor) -> ReferenceTensor {
    .init(exchanged(x.extents)) { x[exchanged($0)] }
  }

  private static func exchanged(_ index: [Int]) -> [Int] {
    index.dropLast(2) + [index[index.count - 1], index[index.count - 2]]
  }

  private static func product(_ a: ReferenceTensor, _ b: ReferenceTensor) -> ReferenceTensor {
    let inner = a.extents[a.extents.count - 1]
    precondition(inner == b.extents[b.extents.count - 2], "the inner extents differ")
    let matrix = [a.extents[a.extents.count - 2], b.extents[b.extents.count - 1]]
    return .init(stretched(a.extents.dropLast(2), b.extents.dropLast(2)) + matrix) { (at) in
      let (outer, i, j) = (at.dropLast(2), at[at.count - 2], at[at.count - 1])
      var sum = 0.0
      let (row, column) = (
        number(ofMatrix: outer, in: a) * matrix[0] + i, number(ofMatrix: outer, in: b) * inner * matrix[1] + j
      )
      for k in 0..<inner { sum += a.elements[row * inner + k] * b.elements[column + k * matrix[1]] }
      return sum
    }
  }

  /// Returns how many matrices of `x` lie before the one that broadcasting puts at `index`.
  private static func number(ofMatrix index: ArraySlice<Int>, in x: ReferenceTensor) -> Int {
    let outer = x.extents.dropLast(2)
    return zip(index.suffix(outer.count), outer).reduce(0) { $0 * $1.1 + ($1.1 == 1 ? 0 : $1.0) }
  }

  /// Returns the extents of which both are stretched, given the outer ones of two operands.
  private static func stretched(_ a: [Int], _ b: [Int]) -> [Int] {
    let rank = max(a.count, b.count)
    func filled(_ x: [Int]) -> [Int] { [Int](repeating: 1, count: rank - x.count) + x }
    return zip(filled(a), filled(b)).map { $0 == 1 ? $1 : $0 }
  }

  private static func sumOfMatrices(_ x: ReferenceTensor) -> ReferenceTensor {
    var result = ReferenceTensor(Array(x.extents.suffix(2))) { (_) in 0 }
    for i in ReferenceTensor.indices(of: x.extents) {
      result.elements[result.position(of: Array(i.suffix(2)))] += x[i]
    }
    return result
  }

}
