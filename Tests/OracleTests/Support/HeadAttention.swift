import IR
import Operations
import Support

/// Attention with heads as a function of `x`: one projection cut into three, heads as an axis of their own, and a second
/// projection.
struct HeadAttention {

  let batch: Int

  let length: Int

  let heads: Int

  let width: Int

  private var all: Int { heads * width }

  /// Appends it, given `x[batch, length, heads·width]` and weights `[D, 3·D]` and `[D, D]` where D is heads·width.
  func append(to f: inout Function, _ x: ValueID, _ qkv: ValueID, _ out: ValueID) throws(ShapeError) -> ValueID {
    let joined = try Self.append(Self.matmul(), [x, qkv], "qkv", to: &f)
    let q = try head(0, of: joined, "q", to: &f)
    let k = try head(1, of: joined, "k", to: &f)
    let v = try head(2, of: joined, "v", to: &f)
    let scores = try Self.append(Self.matmul(transposeRight: true), [q, k], "scores", to: &f)
    let weights = try Self.append(.classification(.softmax), [scores], "weights", to: &f)
    let mixed = try Self.append(Self.matmul(), [weights, v], "mixed", to: &f)
    let back = try Self.append(.layout(.transpose(axes: [0, 2, 1, 3])), [mixed], "back", to: &f)
    let flat = try Self.append(.layout(.reshape(extents: [batch, length, all])), [back], "flat", to: &f)
    return try Self.append(Self.matmul(), [flat, out], "y", to: &f)
  }

  /// Appends part `n` of three of `x`, as `[batch, heads, length, width]`.
  private func head(_ n: Int, of x: ValueID, _ name: String, to f: inout Function) throws(ShapeError) -> ValueID {
    let slice = Layout.slice(starts: [0, 0, n * all], extents: [batch, length, all])
    let part = try Self.append(.layout(slice), [x], name, to: &f)
    let split = Layout.reshape(extents: [batch, length, heads, width])
    let cut = try Self.append(.layout(split), [part], "\(name).cut", to: &f)
    return try Self.append(.layout(.transpose(axes: [0, 2, 1, 3])), [cut], "\(name).heads", to: &f)
  }

  private static func matmul(transposeRight: Bool = false) -> Operation {
    .linear(.matmul(transposeLeft: false, transposeRight: transposeRight))
  }

  private static func append(
    _ operation: Operation, _ operands: [ValueID], _ name: String, to f: inout Function
  ) throws(ShapeError) -> ValueID {
    try f.append(operation, operands, named: name, at: GradientCase.site)[0]
  }

}

extension GradientCase {

  /// Attention over embedded tokens, of which the table is the last projection too.
  static let headCases: [GradientCase] = [(2, 3, 2, 2), (1, 5, 1, 3), (3, 1, 2, 1)].map {
    (batch: Int, length: Int, heads: Int, width: Int) in
    let (d, words) = (heads * width, 7)
    let leaves: [Leaf] = [
      .parameter([words, d]), .parameter([d, 3 * d], .small), .parameter([d, d]),
      .labels([batch, length], classes: words),
    ]
    return .init("attention \([batch, length, heads, width])", leaves, [.indexing(.gather)]) {
      (f, v) throws(ShapeError) in
      let x = try f.append(.indexing(.gather), [v[0], v[3]], named: "x", at: site)[0]
      let attention = HeadAttention(batch: batch, length: length, heads: heads, width: width)
      let y = try attention.append(to: &f, x, v[1], v[2])
      let product = Operation.linear(.matmul(transposeLeft: false, transposeRight: true))
      return try f.append(product, [y, v[0]], named: "scores", at: site)[0]
    }
  }

}
