/// Attention without a stored matrix of scores, and the mask of scores that look ahead.
///
/// Operands are f32 with any leading axes, the same for all: queries `q[..,T,D]`, keys `k[..,S,D]`, values `v[..,S,E]`.
package enum Attention: OperationFamily {

  /// What is done to the scores `q·kᵀ` before softmax.
  package struct Scores: Hashable, Sendable {

    /// `true` iff query `i` sees the keys `0 … i` only.
    package let causal: Bool

    /// What the scores are multiplied by.
    package let scale: Double

    package init(causal: Bool, scale: Double) {
      self.causal = causal
      self.scale = scale
    }

  }

  /// `softmax(scale·q·kᵀ)·v` of operands `q, k, v`, giving `[..,T,E]`, and as a second result `[..,T]` the logarithms of
  /// the sums of exponentials, which only the adjoint reads.
  case attention(Scores)

  /// `dq, dk, dv` of operands `q, k, v, y, log_sums, dy`, where `y` and `log_sums` are the results of `attention`.
  case gradient(Scores)

  /// Of matrices `[..,T,S]`: −∞ above the diagonal, where softmax gives 0.
  case causalMask

  /// `dx` of operand `dy`: 0 above the diagonal.
  case causalMaskGradient

  package var mnemonic: String {
    switch self {
    case .attention: "attention"
    case .gradient: "attention_grad"
    case .causalMask: "causal_mask"
    case .causalMaskGradient: "causal_mask_grad"
    }
  }

  package var attributes: [Attribute] {
    switch self {
    case .attention(let s), .gradient(let s):
      [.init("causal", .boolean(s.causal)), .init("scale", .number(s.scale))]
    case .causalMask, .causalMaskGradient: []
    }
  }

  package init?(mnemonic: String, reader: inout AttributeReader) {
    switch mnemonic {
    case "attention": self = .attention(Self.scores(&reader))
    case "attention_grad": self = .gradient(Self.scores(&reader))
    case "causal_mask": self = .causalMask
    case "causal_mask_grad": self = .causalMaskGradient
    case _: return nil
    }
  }

  private static func scores(_ reader: inout AttributeReader) -> Scores {
    let causal = reader.boolean("causal")
    return .init(causal: causal, scale: reader.number("scale"))
  }

  package var effect: Effect { .pure }

  package var adjoint: AdjointRule {
    switch self {
    case .attention: .reads(operands: [0, 1, 2], readsResult: true)
    case .causalMask: .reads(operands: [], readsResult: false)
    case .gradient, .causalMaskGradient: .none(reason: "second derivatives are not taken")
    }
  }

  package func resultTypes(_ operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    switch self {
    case .attention(let s):
      try operands.require(3, for: mnemonic)
      return try results(operands, s)
    case .gradient(let s):
      try operands.require(6, for: mnemonic)
      let results = try results(Array(operands[..<3]), s)
      guard operands[3] == results[0], operands[4] == results[1], operands[5] == results[0] else {
        throw .init(
          "\(mnemonic) takes \(results[0]), \(results[1]) and \(results[0]), not \(operands[3]), \(operands[4]) and"
            + " \(operands[5])")
      }
      return Array(operands[..<3])
    case .causalMask, .causalMaskGradient:
      try operands.require(1, for: mnemonic)
      try operands.require(.f32, for: mnemonic)
      guard operands[0].rank >= 2 else { throw .init("\(mnemonic) takes at least 2 axes, not \(operands[0])") }
      return operands
    }
  }

  /// Returns the types of the results of attention of `q, k, v`.
  private func results(_ operands: [TensorType], _ scores: Scores) throws(ShapeError) -> [TensorType] {
    guard Float(scores.scale).isFinite else { throw .init("\(mnemonic): a scale of \(scores.scale) is too large") }
    try operands.require(.f32, for: mnemonic)
    let (q, k, v) = (operands[0].extents, operands[1].extents, operands[2].extents)
    let rank = q.count
    guard rank >= 2, k.count == rank, v.count == rank, k.dropLast(2) == q.dropLast(2), v.dropLast() == k.dropLast(),
      q[rank - 1] == k[rank - 1]
    else {
      throw .init(
        "\(mnemonic) takes [..,T,D], [..,S,D] and [..,S,E], not \(operands[0]), \(operands[1]) and \(operands[2])")
    }
    guard k[rank - 2] > 0, k[rank - 1] > 0, v[rank - 1] > 0 else {
      throw .init("\(mnemonic) takes keys and values that are not empty, not \(operands[1]) and \(operands[2])")
    }
    let result = q.dropLast() + [v[rank - 1]]
    guard TensorType.isValid(.f32, Array(result)) else { throw .init("the result \(Array(result)) is too large") }
    return [.init(.f32, Array(result)), .init(.f32, q.dropLast())]
  }

  package func flops(_ operands: [TensorType], _ results: [TensorType]) -> Int {
    switch self {
    case .attention(let s):
      let (d, e) = Self.widths(operands)
      // two products, and softmax
      return Self.scoreCount(operands, s).multipliedSaturating(by: 2 * d + 2 * e + 16)
    case .gradient(let s):
      let (d, e) = Self.widths(operands)
      // five products, one of them the scores again
      return Self.scoreCount(operands, s).multipliedSaturating(by: 6 * d + 4 * e + 20)
    case .causalMask, .causalMaskGradient: return 0
    }
  }

  private static func widths(_ operands: [TensorType]) -> (Int, Int) {
    (operands[0].extents.last ?? 0, operands[2].extents.last ?? 0)
  }

  /// Returns the number of pairs of a query and a key that it sees.
  private static func scoreCount(_ operands: [TensorType], _ scores: Scores) -> Int {
    let (q, k) = (operands[0].extents, operands[1].extents)
    let (queries, keys) = (q[q.count - 2], k[k.count - 2])
    let heads = q.dropLast(2).reduce(1, *)
    if !scores.causal { return heads.multipliedSaturating(by: queries).multipliedSaturating(by: keys) }
    let square = min(queries, keys)
    let triangle = square.multipliedSaturating(by: square + 1) / 2
    let rest = (queries - square).multipliedSaturating(by: keys)
    return heads.multipliedSaturating(by: triangle.addedSaturating(to: rest))
  }

}
