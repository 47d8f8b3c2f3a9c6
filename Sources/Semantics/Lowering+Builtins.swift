import IR
import Operations
import Support
import Syntax

extension Lowering {

  /// The names of the language that are not functions of tensors or not compiled yet.
  private enum Known {
    static let notSupportedYet: Set<String> = [
      "leaky_relu", "maximum", "minimum", "where", "clamp", "pow", "max", "min", "moments", "logsumexp", "reshape",
      "transpose", "rearrange", "split", "concat", "slice", "pad", "broadcast", "squeeze", "stack", "gather", "one_hot",
      "log_softmax", "causal", "attention", "layer_norm", "rms_norm", "batch_norm", "group_norm", "conv2d", "max_pool",
      "avg_pool", "upsample", "bce_with_logits",
    ]
    static let functions = [
      "argmax", "batch", "checkpoint", "cross_entropy", "dropout", "mean", "mse", "softmax", "sum",
    ]
  }

  /// Returns the result of the built-in function `name`.
  mutating func builtin(
    _ name: String, _ arguments: [Argument], calleeSpan: SourceSpan, at span: SourceSpan, hint: String
  ) throws(Reported) -> Meaning {
    if let f = UnaryFunction(rawValue: name) { return try unary(f, arguments, at: span, hint: hint) }
    switch name {
    case "softmax": return try softmax(arguments, at: span, hint: hint)
    case "cross_entropy": return try crossEntropy(arguments, at: span, hint: hint)
    case "mse": return try meanSquaredError(arguments, at: span, hint: hint)
    case "sum": return try reduce(.sum, arguments, at: span, hint: hint)
    case "mean": return try reduce(.mean, arguments, at: span, hint: hint)
    case "argmax": return try argmax(arguments, at: span, hint: hint)
    case "dropout": return try dropout(arguments, at: span, hint: hint)
    case "checkpoint": return try checkpoint(arguments, at: span, hint: hint)
    case "batch": return try batch(arguments, names: nil, at: span)
    case _: throw unknownFunction(name, at: calleeSpan)
    }
  }

  /// Reports the call of what is no function; a name that failed before is silent.
  private mutating func unknownFunction(_ name: String, at span: SourceSpan) -> Reported {
    if let b = lookup(name) {
      if case .poison = b.meaning { return .init() }
      return fail(.expected("a block or a function to call", found: b.meaning.kind, at: span))
    }
    if Known.notSupportedYet.contains(name) { return fail(.notSupportedYet("'\(name)'", at: span)) }
    let unary = UnaryFunction.allCases.map(\.rawValue)
    return fail(.unknownName(name, at: span, candidates: functions.keys.sorted() + unary + Known.functions))
  }

  /// Returns the tensors given for `labels`, named behind `hint`.
  private mutating func tensors(
    _ labels: [String], of name: String, _ arguments: [Argument], at span: SourceSpan, hint: String
  ) throws(Reported) -> [(value: ValueID, type: SymbolicType)] {
    let form = "\(name)(\(labels.joined(separator: ", ")))"
    var all: [(value: ValueID, type: SymbolicType)] = []
    for (label, e) in zip(labels, try bind(arguments, to: labels, form: form, at: span)) {
      guard let e else { throw fail(.badArguments("'\(name)' lacks the argument '\(label)'", at: span, form: form)) }
      all.append(try tensor(e, hint: "\(hint).\(label)"))
    }
    return all
  }

  private mutating func unary(
    _ f: UnaryFunction, _ arguments: [Argument], at span: SourceSpan, hint: String
  ) throws(Reported) -> Meaning {
    let form = "\(f.rawValue)(x)"
    guard let e = try bind(arguments, to: ["x"], form: form, at: span)[0] else {
      throw fail(.badArguments("'\(f.rawValue)' lacks the argument 'x'", at: span, form: form))
    }
    let m = try lower(e, hint: "\(hint).x")
    if f == .sqrt, let n = try? scalarIfConstant(m) {
      if n < 0 { throw fail(.expected("a number that is not negative", found: "\(n)", at: e.span)) }
      return .number(n.squareRoot())
    }
    let x = try tensor(m, at: e.span, hint: "\(hint).x")
    return .tensor(try emit(.elementwise(.unary(f)), [x.value], named: hint, at: span), x.type)
  }

  private func scalarIfConstant(_ m: Meaning) throws(Reported) -> Double {
    switch m {
    case .number(let n): return n
    case .dim(let d): return Double(d.size)
    case .tensor, .boolean, .string, .tuple, .data, .poison: throw Reported()
    }
  }

  private mutating func softmax(_ arguments: [Argument], at span: SourceSpan, hint: String) throws(Reported) -> Meaning
  {
    let x = try tensors(["x"], of: "softmax", arguments, at: span, hint: hint)[0]
    return .tensor(try emit(.classification(.softmax), [x.value], named: hint, at: span), x.type)
  }

  private mutating func argmax(_ arguments: [Argument], at span: SourceSpan, hint: String) throws(Reported) -> Meaning {
    let x = try tensors(["x"], of: "argmax", arguments, at: span, hint: hint)[0]
    let v = try emit(.reduction(.argmax), [x.value], named: hint, at: span)
    return .tensor(v, .init(element: .i32, dims: Array(x.type.dims.dropLast())))
  }

  private mutating func crossEntropy(
    _ arguments: [Argument], at span: SourceSpan, hint: String
  ) throws(Reported) -> Meaning {
    let t = try tensors(["scores", "labels"], of: "cross_entropy", arguments, at: span, hint: hint)
    if t[0].type.element != .f32 || t[0].type.dims.isEmpty {
      throw fail(.expected("scores f32[.., classes] for 'cross_entropy'", found: "\(t[0].type)", at: span))
    }
    let expected = SymbolicType(element: .i32, dims: Array(t[0].type.dims.dropLast()))
    if t[1].type != expected {
      throw fail(.expected("labels \(expected) for scores \(t[0].type)", found: "\(t[1].type)", at: span))
    }
    let v = try emit(.classification(.crossEntropy), t.map(\.value), named: hint, at: span)
    return .tensor(v, .init(element: .f32, dims: []))
  }

  private mutating func meanSquaredError(
    _ arguments: [Argument], at span: SourceSpan, hint: String
  ) throws(Reported) -> Meaning {
    let t = try tensors(["x", "y"], of: "mse", arguments, at: span, hint: hint)
    if t[0].type != t[1].type {
      throw fail(.expected("two values of one type for 'mse'", found: "\(t[0].type) and \(t[1].type)", at: span))
    }
    let v = try emit(.classification(.mse), t.map(\.value), named: hint, at: span)
    return .tensor(v, .init(element: .f32, dims: []))
  }

  private mutating func reduce(
    _ f: ReductionFunction, _ arguments: [Argument], at span: SourceSpan, hint: String
  ) throws(Reported) -> Meaning {
    let form = "\(f.rawValue)(x, axes: (0, 1), keep: true)"
    let bound = try bind(arguments, to: ["x", "axis", "axes", "keep"], form: form, at: span)
    guard let e = bound[0] else {
      throw fail(.badArguments("'\(f.rawValue)' lacks the argument 'x'", at: span, form: form))
    }
    if bound[1] != nil, bound[2] != nil {
      throw fail(.badArguments("give 'axis' or 'axes', not both", at: span, form: form))
    }
    let x = try tensor(e, hint: "\(hint).x")
    let axes = try self.axes(bound[1] ?? bound[2], rank: x.type.dims.count)
    let keep = try bound[3].map { (e) throws(Reported) in try boolean(e) } ?? false
    let v = try emit(.reduction(.reduce(f, axes: axes, keep: keep)), [x.value], named: hint, at: span)
    let dims = x.type.dims.enumerated().compactMap { (i, d) in
      axes.contains(i) ? (keep ? SymbolicDim(literal: 1) : nil) : d
    }
    return .tensor(v, .init(element: .f32, dims: dims))
  }

  private mutating func boolean(_ e: Expression) throws(Reported) -> Bool {
    let m = try lower(e, hint: "")
    guard case .boolean(let b) = m else { throw fail(.expected("true or false", found: m.kind, at: e.span)) }
    return b
  }

  /// Returns the axes that `e` names, ascending; all of them where it is missing. Negative ones count from the end.
  private mutating func axes(_ e: Expression?, rank: Int) throws(Reported) -> [Int] {
    guard let e else { return Array(0..<rank) }
    let m = try lower(e, hint: "")
    let parts = if case .tuple(let p) = m { p } else { [m] }
    var axes: [Int] = []
    for p in parts {
      guard case .dim(let d) = p, -rank..<rank ~= d.size else {
        let range = rank == 0 ? "no axis, as a scalar has none" : "an axis from \(-rank) to \(rank - 1)"
        throw fail(.expected(range, found: p.kind, at: e.span))
      }
      axes.append(d.size < 0 ? d.size + rank : d.size)
    }
    if Set(axes).count != axes.count { throw fail(.expected("each axis once", found: "\(axes)", at: e.span)) }
    return axes.sorted()
  }

  private mutating func dropout(_ arguments: [Argument], at span: SourceSpan, hint: String) throws(Reported) -> Meaning
  {
    let form = "dropout(x, rate: 0.1)"
    let bound = try bind(arguments, to: ["x", "rate"], form: form, at: span)
    guard let e = bound[0], let r = bound[1] else {
      throw fail(.badArguments("'dropout' takes a value and a rate", at: span, form: form))
    }
    let x = try tensor(e, hint: "\(hint).x")
    let rate = try scalar(try lower(r, hint: ""), at: r.span)
    guard rate >= 0, rate < 1 else { throw fail(.expected("a rate in [0, 1)", found: "\(rate)", at: r.span)) }
    if isEvaluation { return .tensor(x.value, x.type) }
    let key = function.nextName(prefix + hint)
    return .tensor(try emit(.random(.dropout(rate: rate, key: key)), [x.value], named: hint, at: span), x.type)
  }

  private mutating func checkpoint(
    _ arguments: [Argument], at span: SourceSpan, hint: String
  ) throws(Reported) -> Meaning {
    let form = "checkpoint(expression)"
    guard arguments.count == 1, let e = try bind(arguments, to: ["x"], form: form, at: span)[0] else {
      throw fail(.badArguments("'checkpoint' takes one expression", at: span, form: form))
    }
    let x = try tensor(e, hint: hint)
    guard case .instruction(let i) = function[x.value].origin, function[i].operation.isNumbered else {
      throw fail(.expected("a computed value to mark", found: "'\(function[x.value].name)'", at: e.span))
    }
    function.checkpoints.append(x.value)
    return .tensor(x.value, x.type)
  }

  /// `true` iff `e` is a call of `batch`.
  func isBatch(_ e: Expression) -> Bool {
    if case .call(let callee, _) = e.kind, case .name("batch") = callee.kind { return true }
    return false
  }

  /// Returns the batch that `e`, a call of `batch`, reads, its parts called `names`.
  mutating func batch(_ e: Expression, named names: [String]) throws(Reported) -> Meaning {
    guard case .call(_, let arguments) = e.kind else { preconditionFailure("not a call") }
    return try batch(arguments, names: names, at: e.span)
  }

  private mutating func batch(
    _ arguments: [Argument], names: [String]?, at span: SourceSpan
  ) throws(Reported) -> Meaning {
    let form = "batch(DATA)"
    if !isInProgram || !callStack.isEmpty { throw fail(.misplaced("'batch'", "'train'", at: span)) }
    guard let e = try bind(arguments, to: ["data"], form: form, at: span)[0] else {
      throw fail(.badArguments("'batch' lacks its data", at: span, form: form))
    }
    let m = try lower(e, hint: "")
    guard case .data(let asked) = m else { throw fail(.expected("data", found: m.kind, at: e.span)) }
    if batchedData.contains(asked) {
      throw fail(.secondBatch(data[asked].declaration.name, at: span))
    }
    batchedData.append(asked)
    return try inputs(from: isEvaluation ? evaluationData ?? asked : asked, as: data[asked], names: names, at: span)
  }

  /// Returns the inputs filled from data `source`, of the types of `asked`.
  private mutating func inputs(
    from source: Int, as asked: DataSymbol, names: [String]?, at span: SourceSpan
  ) throws(Reported) -> Meaning {
    var parts: [Meaning] = []
    for (i, t) in asked.types.enumerated() {
      guard let concrete = t.concrete else { throw Reported() }
      let known = names.flatMap { i < $0.count ? $0[i] : nil }
      let name = prefix + (known ?? "\(asked.declaration.name).\(i)")
      let v = try value(of: .init(.input, name, concrete, nil, site: site(span)), at: span)
      function.bindings.append(.init(input: name, data: data[source].declaration.name, component: i))
      parts.append(.tensor(v, t))
    }
    return parts.count == 1 && names == nil ? parts[0] : .tuple(parts)
  }

}
