import Operations
import Support
import Syntax

extension Builtin {

  /// Functions that move elements.
  static let shapes: [Builtin] = []

  /// The functions that are not compiled yet.
  static let later: Set<String> = [
    "leaky_relu", "maximum", "minimum", "where", "clamp", "pow", "max", "min", "moments", "logsumexp", "reshape",
    "transpose", "rearrange", "split", "concat", "slice", "pad", "broadcast", "squeeze", "stack", "gather", "one_hot",
    "log_softmax", "causal", "attention", "layer_norm", "rms_norm", "batch_norm", "group_norm", "conv2d", "max_pool",
    "avg_pool", "upsample", "bce_with_logits",
  ]

}

extension Lowering {

  /// Returns `base[indices]`: a part of a tuple, rows of a table by a tensor of positions, or the element of the first
  /// axes at known positions.
  mutating func element(
    of base: Expression, _ indices: [Expression], at span: SourceSpan, hint: String
  ) throws(Reported) -> Meaning {
    let m = try lower(base, hint: "\(hint).base")
    if case .tuple(let parts) = m, indices.count == 1 { return try part(of: parts, indices[0]) }
    throw fail(.notSupportedYet("indexing", at: span))
  }

  /// Returns the part of a tuple at a known position, negative ones counted from the end.
  private mutating func part(of parts: [Meaning], _ index: Expression) throws(Reported) -> Meaning {
    let i = try lower(index, hint: "")
    guard case .dim(let d) = i, -parts.count..<parts.count ~= d.size else {
      let range = "a position from \(-parts.count) to \(parts.count - 1)"
      throw fail(.expected(range, found: i.kind, at: index.span))
    }
    return parts[d.size < 0 ? d.size + parts.count : d.size]
  }

}
