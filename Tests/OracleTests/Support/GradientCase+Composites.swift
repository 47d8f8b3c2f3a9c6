import IR
import Operations

extension GradientCase {

  /// Expressions whose values have several uses, so that contributions to an adjoint are added.
  static let compositeCases: [GradientCase] = [
    .init("fan-out of 5", [.parameter([3, 4])], [.elementwise(.binary(.add))]) { (f, v) throws(ShapeError) in
      var sum = try f.append(.elementwise(.unary(.tanh)), v, named: "y", at: site)[0]
      for g in [UnaryFunction.sin, .cos, .exp, .square] {
        let term = try f.append(.elementwise(.unary(g)), v, named: "y", at: site)[0]
        sum = try f.append(.elementwise(.binary(.add)), [sum, term], named: "y", at: site)[0]
      }
      return sum
    },
    .init("diamond", [.parameter([4])], [.elementwise(.binary(.mul))]) { (f, v) throws(ShapeError) in
      let a = try f.append(.elementwise(.unary(.tanh)), v, named: "a", at: site)[0]
      let b = try f.append(.elementwise(.unary(.sigmoid)), [a], named: "b", at: site)[0]
      let c = try f.append(.elementwise(.unary(.square)), [a], named: "c", at: site)[0]
      return try f.append(.elementwise(.binary(.mul)), [b, c], named: "y", at: site)[0]
    },
    .init("reciprocal", [.parameter([3, 4], .awayFromZero)], [.elementwise(.binary(.div))]) {
      (f, v) throws(ShapeError) in
      let one = try f.append(.elementwise(.constant(1)), [], named: "one", at: site)
      return try f.append(.elementwise(.binary(.div)), one + v, named: "y", at: site)[0]
    },
    .init("rms_norm", [.parameter([3, 5]), .parameter([5])], [.elementwise(.unary(.rsqrt))]) {
      (f, v) throws(ShapeError) in
      let square = try f.append(.elementwise(.unary(.square)), [v[0]], named: "square", at: site)
      let mean = try f.append(.reduction(.reduce(.mean, axes: [1], keep: true)), square, named: "mean", at: site)
      let inverse = try f.append(.elementwise(.unary(.rsqrt)), mean, named: "inverse", at: site)[0]
      let scaled = try f.append(.elementwise(.binary(.mul)), [v[0], inverse], named: "scaled", at: site)[0]
      return try f.append(.elementwise(.binary(.mul)), [scaled, v[1]], named: "y", at: site)[0]
    },
    .init(
      "attention",
      [.parameter([4, 3]), .parameter([3, 3], .small), .parameter([3, 3], .small), .parameter([3, 3])],
      [.classification(.softmax), matmul(false, true)]
    ) { (f, v) throws(ShapeError) in
      let q = try f.append(matmul(false, false), [v[0], v[1]], named: "q", at: site)[0]
      let k = try f.append(matmul(false, false), [v[0], v[2]], named: "k", at: site)[0]
      let values = try f.append(matmul(false, false), [v[0], v[3]], named: "v", at: site)[0]
      let scores = try f.append(matmul(false, true), [q, k], named: "scores", at: site)
      let weights = try f.append(.classification(.softmax), scores, named: "weights", at: site)[0]
      return try f.append(matmul(false, false), [weights, values], named: "y", at: site)[0]
    },
    .init("weight tied 4 times", [.parameter([3, 3]), .input([2, 3])], [matmul(false, false)]) {
      (f, v) throws(ShapeError) in
      var x = v[1]
      for _ in 0..<4 {
        x = try f.append(matmul(false, false), [x, v[0]], named: "product", at: site)[0]
        x = try f.append(.elementwise(.unary(.tanh)), [x], named: "x", at: site)[0]
      }
      return x
    },
    .init("two draws of one dropout", [.parameter([4, 6])], [.random(.dropout(rate: 0.5, key: "a"))]) {
      (f, v) throws(ShapeError) in
      let a = try f.append(.random(.dropout(rate: 0.5, key: "a")), v, named: "a", at: site)[0]
      let b = try f.append(.random(.dropout(rate: 0.5, key: "b")), v, named: "b", at: site)[0]
      return try f.append(.elementwise(.binary(.mul)), [a, b], named: "y", at: site)[0]
    },
  ]

  private static func matmul(_ l: Bool, _ r: Bool) -> Operation {
    .linear(.matmul(transposeLeft: l, transposeRight: r))
  }

}
