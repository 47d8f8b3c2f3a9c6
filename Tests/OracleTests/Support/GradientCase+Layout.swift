import IR
import Operations
import Support

extension GradientCase {

  static let layoutCases = singleMoves + sliceCases

  private static let singleMoves: [GradientCase] = [
    .init("reshape", .layout(.reshape(extents: [4, 3])), [.parameter([2, 6])]),
    .init("reshape of a scalar", .layout(.reshape(extents: [1, 1])), [.parameter([])]),
    .init("reshape to a scalar", .layout(.reshape(extents: [])), [.parameter([1])]),
    .init("transpose of a matrix", .layout(.transpose(axes: [1, 0])), [.parameter([2, 5])]),
    .init("transpose in a cycle", .layout(.transpose(axes: [2, 0, 1])), [.parameter([2, 3, 5])]),
    .init("transpose of heads", .layout(.transpose(axes: [0, 2, 1, 3])), [.parameter([2, 3, 1, 4])]),
    .init("slice of a matrix", .layout(.slice(starts: [1, 2], extents: [2, 3])), [.parameter([4, 5])]),
    .init("slice of all", .layout(.slice(starts: [0], extents: [4])), [.parameter([4])]),
    .init("slice at the end", .layout(.slice(starts: [0, 4], extents: [3, 1])), [.parameter([3, 5])]),
    .init("pad", .layout(.pad(low: [1, 0], high: [0, 2])), [.parameter([2, 3])]),
    .init("concat", .layout(.concat(axis: 1)), [.parameter([2, 3]), .input([2, 1]), .parameter([2, 2])]),
    .init("concat of x and x", .layout(.concat(axis: 0)), [.parameter([2, 3])], uses: [0, 0]),
  ]

  /// Parts `[start, end)` along an axis of one tensor, all of which the loss reads: side by side, with gaps, one over
  /// another, equal, empty, along both axes, and more than one `concat` takes.
  private static let sliceCases: [GradientCase] = [
    ("a partition", [(1, 0, 2), (1, 2, 3), (1, 3, 6)]),
    ("a partition in another order", [(1, 3, 6), (1, 0, 2), (1, 2, 3)]),
    ("gaps", [(1, 1, 2), (1, 4, 5)]), ("overlaps", [(1, 0, 4), (1, 2, 6), (1, 1, 3)]),
    ("equal parts", [(0, 1, 2), (0, 0, 1), (0, 1, 2)]), ("an empty part", [(1, 2, 2), (1, 0, 3)]),
    ("both axes", [(0, 0, 2), (1, 1, 3), (0, 2, 3), (1, 3, 6)]), ("the whole", [(1, 0, 6), (1, 0, 3), (1, 3, 6)]),
    ("many overlaps", (0..<6).map { (1, $0 / 2, 6 - ($0 + 1) / 2) }),
    ("seventy parts", (0..<70).map { (2, 2 * $0, 2 * $0 + 1) }),
  ].map { (name: String, parts: [(axis: Int, start: Int, end: Int)]) in
    let extents = [3, 6, parts[0].axis == 2 ? 141 : 1]
    let first = Operation.layout(.slice(starts: [0, 0, 0], extents: extents))
    return .init("slices: \(name)", [.parameter(extents)], [first]) { (f, v) throws(ShapeError) in
      var sum: ValueID?
      for (n, p) in parts.enumerated() {
        let s = try sliced(v[0], p, of: extents, weight: Double(n + 1), in: &f)
        sum =
          try sum.map { (t) throws(ShapeError) in
            try f.append(.elementwise(.binary(.add)), [t, s], named: "t", at: site)[0]
          } ?? s
      }
      return sum ?? v[0]
    }
  }

  /// Appends the sum of the squares of a part of `x`, times `weight`.
  private static func sliced(
    _ x: ValueID, _ part: (axis: Int, start: Int, end: Int), of extents: [Int], weight: Double, in f: inout Function
  ) throws(ShapeError) -> ValueID {
    var (starts, own) = ([0, 0, 0], extents)
    starts[part.axis] = part.start
    own[part.axis] = part.end - part.start
    let slice = try f.append(.layout(.slice(starts: starts, extents: own)), [x], named: "slice", at: site)
    let square = try f.append(.elementwise(.unary(.square)), slice, named: "square", at: site)
    let sum = try f.append(.reduction(.reduce(.sum, axes: [0, 1, 2], keep: false)), square, named: "sum", at: site)
    let w = try f.append(.elementwise(.constant(weight)), [], named: "weight", at: site)
    return try f.append(.elementwise(.binary(.mul)), sum + w, named: "weighted", at: site)[0]
  }

}
