/// Attention without a stored matrix of scores, and the mask of scores that look ahead.
///
/// Operands are f32 with any leading axes, the same for all: queries `q[..,T,D]`, keys `k[..,S,D]`, values `v[..,S,E]`,
/// in one of the arrangements of `Heads`.
package enum Attention: OperationFamily {

  /// What is done to the scores `q·kᵀ` before softmax, and where the heads lie.
  package struct Scores: Hashable, Sendable {

    /// `true` iff query `i` sees the keys `0 … i` only.
    package let causal: Bool

    /// What the scores are multiplied by.
    package let scale: Double

    package var heads: Heads

    package init(causal: Bool, scale: Double, heads: Heads = .apart) {
      self.causal = causal
      self.scale = scale
      self.heads = heads
    }

  }

  /// `softmax(scale·q·kᵀ)·v` of operands `q, k, v`, giving `[..,T,E]`, and as a second result `[..,T]` the logarithms of
  /// the sums of exponentials, which only the adjoint reads.
  case attention(Scores)

  /// `dq, dk, dv` of operands `q, k, v, y, log_sums, dy`, where `y` and `log_sums` are the results of `attention`; of
  /// packed operands `qkv, y, log_sums, dy` the gradient of `qkv`.
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
      [.init("causal", .boolean(s.causal)), .init("scale", .number(s.scale))] + s.heads.attributes
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
    let scale = reader.number("scale")
    return .init(causal: causal, scale: scale, heads: .init(&reader))
  }

  package var effect: Effect { .pure }

  package var adjoint: AdjointRule {
    switch self {
    case .attention(let s): .reads(operands: Array(0..<s.heads.operandCount), readsResult: true)
    case .causalMask: .reads(operands: [], readsResult: false)
    case .gradient, .causalMaskGradient: .none(reason: "second derivatives are not taken")
    }
  }

  package func resultTypes(_ operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    switch self {
    case .attention(let s):
      try operands.require(s.heads.operandCount, for: mnemonic)
      return try results(operands, s)
    case .gradient(let s):
      let count = s.heads.operandCount
      try operands.require(count + 3, for: mnemonic)
      let (results, said) = (try results(Array(operands[..<count]), s), Array(operands[count...]))
      guard said == [results[0], results[1], results[0]] else {
        throw .init(
          "\(mnemonic) takes \(results[0]), \(results[1]) and \(results[0]), not \(said[0]), \(said[1]) and \(said[2])")
      }
      return Array(operands[..<count])
    case .causalMask, .causalMaskGradient:
      try operands.require(1, for: mnemonic)
      try operands.require(.f32, for: mnemonic)
      guard operands[0].rank >= 2 else { throw .init("\(mnemonic) takes at least 2 axes, not \(operands[0])") }
      return operands
    }
  }

  /// Returns the types of the results of attention of `q, k, v`, or of packed operands.
  private func results(_ operands: [TensorType], _ scores: Scores) throws(ShapeError) -> [TensorType] {
    guard Float(scores.scale).isFinite else { throw .init("\(mnemonic): a scale of \(scores.scale) is too large") }
    try operands.require(.f32, for: mnemonic)
    let apart = try scores.heads.apart(operands, mnemonic)
    let (q, k, v) = (apart.q, apart.k, apart.v)
    let rank = q.count
    guard rank >= 2, k.count == rank, v.count == rank, k.dropLast(2) == q.dropLast(2), v.dropLast() == k.dropLast(),
      q[rank - 1] == k[rank - 1]
    else {
      throw .init(
        "\(mnemonic) takes [..,T,D], [..,S,D] and [..,S,E], not \(operands[0]), \(operands[1]) and \(operands[2])")
    }
    guard k[rank - 2] > 0, k[rank - 1] > 0, v[rank - 1] > 0 else {
      throw .init(
        "\(mnemonic) takes keys and values that are not empty, not \(TensorType(.f32, k)) and \(TensorType(.f32, v))")
    }
    let result = scores.heads.joined(q.dropLast() + [v[rank - 1]])
    guard TensorType.isValid(.f32, result) else { throw .init("the result \(result) is too large") }
    return [.init(.f32, result), .init(.f32, q.dropLast())]
  }

  package func flops(_ operands: [TensorType], _ results: [TensorType]) -> Int {
    switch self {
    case .attention(let s):
      let l = AttentionLayout(s.heads, operands)
      // two products, and softmax
      return Self.scoreCount(l, s).multipliedSaturating(by: 2 * l.width + 2 * l.valueWidth + 16)
    case .gradient(let s):
      let l = AttentionLayout(s.heads, operands)
      // five products, one of them the scores again
      return Self.scoreCount(l, s).multipliedSaturating(by: 6 * l.width + 4 * l.valueWidth + 20)
    case .causalMask, .causalMaskGradient: return 0
    }
  }

  /// Returns the number of pairs of a query and a key that it sees.
  private static func scoreCount(_ l: AttentionLayout, _ scores: Scores) -> Int {
    if !scores.causal { return l.heads.multipliedSaturating(by: l.queries).multipliedSaturating(by: l.keys) }
    let square = min(l.queries, l.keys)
    let triangle = square.multipliedSaturating(by: square + 1) / 2
    let rest = (l.queries - square).multipliedSaturating(by: l.keys)
    return l.heads.multipliedSaturating(by: triangle.addedSaturating(to: rest))
  }

}
