import Operations

extension Reference {

  static func result(of f: Layout, _ x: [ReferenceTensor]) -> ReferenceTensor {
    switch f {
    case .reshape(let extents): .init(extents, x[0].elements)
    case .transpose(let axes): transpose(x[0], axes)
    case .slice(let starts, let extents): .init(extents) { (i) in x[0][zip(i, starts).map { $0 + $1 }] }
    case .pad(let low, let high): pad(x[0], low, high)
    case .concat(let axis): x.dropFirst().reduce(x[0]) { concat($0, $1, axis) }
    }
  }

  /// Puts the element at each index of `x` where the reordered index says.
  private static func transpose(_ x: ReferenceTensor, _ axes: [Int]) -> ReferenceTensor {
    var result = ReferenceTensor(axes.map { x.extents[$0] }) { (_) in .nan }
    for i in ReferenceTensor.indices(of: x.extents) {
      result.elements[result.position(of: axes.map { i[$0] })] = x[i]
    }
    return result
  }

  private static func pad(_ x: ReferenceTensor, _ low: [Int], _ high: [Int]) -> ReferenceTensor {
    let extents = x.extents.indices.map { low[$0] + x.extents[$0] + high[$0] }
    return .init(extents) { (index) in
      let own = zip(index, low).map { $0 - $1 }
      return zip(own, x.extents).allSatisfy { (0..<$1).contains($0) } ? x[own] : 0
    }
  }

  private static func concat(_ x: ReferenceTensor, _ y: ReferenceTensor, _ axis: Int) -> ReferenceTensor {
    var extents = x.extents
    extents[axis] += y.extents[axis]
    return .init(extents) { (index) in
      if index[axis] < x.extents[axis] { return x[index] }
      var own = index
      own[axis] -= x.extents[axis]
      return y[own]
    }
  }

}
