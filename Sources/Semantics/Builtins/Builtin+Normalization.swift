import Operations
import Support
import Syntax

extension Builtin {

  /// Normalisation and attention.
  static let normalization: [Builtin] = [
    .init("layer_norm", ["x", "gain", "bias", "eps"], required: 1, form: "layer_norm(x, gain, bias, eps: 1e-5)") {
      (l, c) throws(Reported) in
      let epsilon = try l.epsilon(of: c)
      return try l.normalized(.layer(epsilon: epsilon), c)
    },
    .init("rms_norm", ["x", "gain", "eps"], required: 1, form: "rms_norm(x, gain, eps: 1e-5)") {
      (l, c) throws(Reported) in
      let epsilon = try l.epsilon(of: c)
      return try l.normalized(.rms(epsilon: epsilon), c)
    },
    .init(
      "group_norm", ["x", "groups", "gain", "bias", "eps"], required: 2,
      form: "group_norm(x, groups: 8, gain, bias, eps: 1e-5)"
    ) { (l, c) throws(Reported) in try l.groupNorm(c) },
    .init("batch_norm", ["x", "gain", "bias", "eps"], required: 1, form: "batch_norm(x, gain, bias, eps: 1e-5)") {
      (l, c) throws(Reported) in try l.batchNorm(c)
    },
    .init("causal", ["scores"], required: 1, form: "causal(scores)") { (l, c) throws(Reported) in
      let x = try l.tensor("scores", of: c)
      return .tensor(try l.emit(.attention(.causalMask), [x.value], named: c.hint, at: c.span), x.type)
    },
    .init(
      "attention", ["q", "k", "v", "causal", "scale"], required: 3, form: "attention(q, k, v, causal: true)"
    ) { (l, c) throws(Reported) in try l.attention(c) },
  ]

}

extension Lowering {

  fileprivate mutating func epsilon(of c: BuiltinCall) throws(Reported) -> Double {
    let epsilon = try number("eps", of: c, default: 1e-5)
    if epsilon >= 0, epsilon < 1 { return epsilon }
    throw fail(.expected("an 'eps' in [0, 1)", found: "\(epsilon)", at: c["eps"]?.span ?? c.span))
  }

  /// Returns the rows of `x` normalised, scaled and moved as far as the arguments ask for it.
  fileprivate mutating func normalized(_ f: Normalization, _ c: BuiltinCall) throws(Reported) -> Meaning {
    let x = try tensor("x", of: c)
    let hasBias = c.builtin.labels.contains("bias")
    let isPlain = c["gain"] == nil && (!hasBias || c["bias"] == nil)
    let v = try emit(
      .normalization(f), [x.value], named: isPlain ? c.hint : "\(c.hint).normal", at: c.span)
    return try affine(.init(v, x.type), gain: "gain", bias: hasBias ? "bias" : nil, of: c)
  }

  /// Returns `x[B, C, ..]` normalised over each of `groups` groups of channels.
  fileprivate mutating func groupNorm(_ c: BuiltinCall) throws(Reported) -> Meaning {
    let x = try tensor("x", of: c)
    guard x.type.dims.count >= 2, let e = c["groups"] else {
      throw fail(.expected("a tensor [batch, channels, ..]", found: "\(x.type)", at: c.span))
    }
    let (groups, epsilon) = (try dim(e), try epsilon(of: c))
    let channels = x.type.dims[1]
    guard groups.size >= 1, channels.size % groups.size == 0 else {
      throw fail(.expected("a number of groups that divides \(channels)", found: "\(groups)", at: e.span))
    }
    let count = x.type.dims.dropFirst().reduce(1) { $0.multipliedSaturating(by: $1.size) }
    let rows = [x.type.dims[0].size, groups.size, count / groups.size]
    let grouped = try emit(.layout(.reshape(extents: rows)), [x.value], named: "\(c.hint).groups", at: c.span)
    let normal = try emit(
      .normalization(.layer(epsilon: epsilon)), [grouped], named: "\(c.hint).normal", at: c.span)
    let isPlain = c["gain"] == nil && c["bias"] == nil
    let back = try emit(
      .layout(.reshape(extents: x.type.dims.map(\.size))), [normal], named: isPlain ? c.hint : "\(c.hint).back",
      at: c.span)
    return try channelAffine(.init(back, x.type), of: c)
  }

  /// Returns `x[B, C, ..]` normalised over all axes but that of the channels, by the statistics of this batch.
  fileprivate mutating func batchNorm(_ c: BuiltinCall) throws(Reported) -> Meaning {
    let x = try tensor("x", of: c)
    guard x.type.dims.count >= 2 else {
      throw fail(.expected("a tensor [batch, channels, ..]", found: "\(x.type)", at: c.span))
    }
    let epsilon = try epsilon(of: c)
    let axes = x.type.dims.indices.filter { $0 != 1 }
    func name(_ part: String) -> String { "\(c.hint).\(part)" }
    let mean = try emit(.reduction(.reduce(.mean, axes: axes, keep: true)), [x.value], named: name("mean"), at: c.span)
    let variance = try emit(
      .reduction(.reduce(.variance, axes: axes, keep: true)), [x.value], named: name("variance"), at: c.span)
    let offset = try constant(epsilon, at: c.span, hint: name("eps"))
    let shifted = try emit(
      .elementwise(.binary(.add)), [variance, offset.value], named: name("shifted"), at: c.span)
    let scale = try emit(.elementwise(.unary(.rsqrt)), [shifted], named: name("scale"), at: c.span)
    let centred = try emit(.elementwise(.binary(.sub)), [x.value, mean], named: name("centred"), at: c.span)
    let isPlain = c["gain"] == nil && c["bias"] == nil
    let normal = try emit(
      .elementwise(.binary(.mul)), [centred, scale], named: isPlain ? c.hint : name("normal"), at: c.span)
    return try channelAffine(.init(normal, x.type), of: c)
  }

  /// Returns `x * gain + bias` with one gain and one bias for each channel, the second axis.
  private mutating func channelAffine(_ x: Tensor, of c: BuiltinCall) throws(Reported) -> Meaning {
    var result = Meaning.tensor(x.value, x.type)
    let parts: [(String, ArithmeticOperator)] = [("gain", .multiply), ("bias", .add)].filter { c[$0.0] != nil }
    for (i, (label, sign)) in parts.enumerated() {
      let factor = try alongChannels(try tensor(label, of: c), label, x.type, c)
      let name = i == parts.count - 1 ? c.hint : "\(c.hint).scaled"
      result = try combine(result, sign, factor, at: places("x", label, of: c), hint: name)
    }
    return result
  }

  /// Returns `t[C]` as a value that stretches along all axes of `x[B, C, ..]` but the second.
  private mutating func alongChannels(
    _ t: Tensor, _ label: String, _ x: SymbolicType, _ c: BuiltinCall
  ) throws(Reported) -> Meaning {
    if t.type.dims != [x.dims[1]] { return .tensor(t.value, t.type) }
    let one = SymbolicDim(literal: 1)
    let dims = [x.dims[1]] + Array(repeating: one, count: x.dims.count - 2)
    let v = try emit(
      .layout(.reshape(extents: dims.map(\.size))), [t.value], named: "\(c.hint).\(label).channels", at: c.span)
    return .tensor(v, .init(element: .f32, dims: dims))
  }

  fileprivate mutating func attention(_ c: BuiltinCall) throws(Reported) -> Meaning {
    let (q, k, v) = (try tensor("q", of: c), try tensor("k", of: c), try tensor("v", of: c))
    let (notes, rank) = ((operands("q", q, of: c), operands("k", k, of: c)), q.type.dims.count)
    guard rank >= 2, k.type.dims.count == rank, v.type.dims.count == rank else {
      throw fail(.operandTypes("'attention' takes q, k and v of one rank, 2 or more", notes.0, notes.1, at: c.span))
    }
    if q.type.dims[rank - 1] != k.type.dims[rank - 1] || q.type.dims.dropLast(2) != k.type.dims.dropLast(2) {
      throw fail(
        .operandTypes(
          "'attention' takes q [.., T, D] and k [.., S, D] with the same leading axes and D", notes.0, notes.1,
          at: c.span))
    }
    if k.type.dims.dropLast() != v.type.dims.dropLast() {
      throw fail(
        .operandTypes(
          "'attention' takes k [.., S, D] and v [.., S, E] with the same leading axes and S", notes.1,
          operands("v", v, of: c), at: c.span))
    }
    let scale = try number("scale", of: c, default: 1 / Double(max(1, q.type.dims[rank - 1].size)).squareRoot())
    let scores = Attention.Scores(causal: try flag("causal", of: c), scale: scale)
    let result = try append(.attention(.attention(scores)), [q.value, k.value, v.value], named: c.hint, at: c.span)
    return .tensor(result[0], .init(element: .f32, dims: q.type.dims.dropLast() + [v.type.dims[rank - 1]]))
  }

}
