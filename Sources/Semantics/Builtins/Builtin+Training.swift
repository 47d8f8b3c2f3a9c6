import IR
import Operations
import Support
import Syntax

extension Builtin {

  /// What belongs to training rather than to arithmetic.
  static let training: [Builtin] = [
    .init("dropout", ["x", "rate"], required: 2, form: "dropout(x, rate: 0.1)") { (l, c) throws(Reported) in
      try l.dropout(c)
    },
    .init("checkpoint", ["x"], required: 1, form: "checkpoint(expression)") { (l, c) throws(Reported) in
      try l.checkpoint(c)
    },
    .init("batch", ["data"], required: 1, form: "batch(DATA)") { (l, c) throws(Reported) in try l.batch(c) },
  ]

}

extension Lowering {

  fileprivate mutating func dropout(_ c: BuiltinCall) throws(Reported) -> Meaning {
    let x = try tensor("x", of: c)
    let rate = try number("rate", of: c, default: 0)
    guard rate >= 0, rate < 1 else {
      throw fail(.expected("a rate in [0, 1)", found: "\(rate)", at: c["rate"]?.span ?? c.span))
    }
    if isEvaluation { return .tensor(x.value, x.type) }
    let key = function.nextName(path(c.hint))
    let v = try emit(.random(.dropout(rate: rate, key: key)), [x.value], named: c.hint, at: c.span)
    return .tensor(v, x.type)
  }

  fileprivate mutating func checkpoint(_ c: BuiltinCall) throws(Reported) -> Meaning {
    guard let e = c["x"] else { throw missing("x", of: c) }
    let x = try tensor(e, hint: c.hint)
    guard case .instruction(let i) = function[x.value].origin, function[i].operation.isNumbered else {
      throw fail(.expected("a computed value to mark", found: "'\(function[x.value].name)'", at: e.span))
    }
    function.checkpoints.append(x.value)
    return .tensor(x.value, x.type)
  }

  /// Returns the next batch of data: one tensor, or a tuple whose parts are called as the names they are given to.
  fileprivate mutating func batch(_ c: BuiltinCall) throws(Reported) -> Meaning {
    if !isInProgram || !callStack.isEmpty { throw fail(.misplaced("'batch'", "'train'", at: c.span)) }
    guard let e = c["data"] else { throw missing("data", of: c) }
    let m = try lower(e, hint: "")
    guard case .data(let asked) = m else { throw fail(.expected("data", found: m.kind, at: e.span)) }
    if batchedData.contains(asked) {
      throw fail(.secondBatch(data[asked].declaration.name, at: c.span))
    }
    batchedData.append(asked)
    let names = takePartNames(at: c.span, count: data[asked].types.count)
    return try inputs(from: isEvaluation ? evaluationData ?? asked : asked, as: data[asked], names: names, at: c.span)
  }

  /// Returns the inputs filled from data `source`, of the types of `asked`.
  private mutating func inputs(
    from source: Int, as asked: DataSymbol, names: [String]?, at span: SourceSpan
  ) throws(Reported) -> Meaning {
    var parts: [Meaning] = []
    for (i, t) in asked.types.enumerated() {
      guard let concrete = t.concrete else { throw Reported() }
      let name = prefix + (names?[i] ?? "\(asked.declaration.name).\(i)")
      let v = try value(of: .init(.input, name, concrete, nil, site: site(span)), at: span)
      function.bindings.append(.init(input: name, data: data[source].declaration.name, component: i))
      parts.append(.tensor(v, t))
    }
    return parts.count == 1 && names == nil ? parts[0] : .tuple(parts)
  }

}
