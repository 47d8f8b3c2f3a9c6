import Operations
import Support
import Syntax

extension Builtin {

  /// Probabilities and losses.
  static let classification: [Builtin] = [
    .init("softmax", ["x"], required: 1, form: "softmax(x)") { (l, c) throws(Reported) in
      let x = try l.tensor("x", of: c)
      return .tensor(try l.emit(.classification(.softmax), [x.value], named: c.hint, at: c.span), x.type)
    },
    .init("log_softmax", ["x"], required: 1, form: "log_softmax(x)") { (l, c) throws(Reported) in
      let x = try l.tensor("x", of: c)
      return .tensor(try l.emit(.classification(.logSoftmax), [x.value], named: c.hint, at: c.span), x.type)
    },
    .init(
      "cross_entropy", ["scores", "labels", "smoothing"], required: 2,
      form: "cross_entropy(scores, labels, smoothing: 0.1)"
    ) { (l, c) throws(Reported) in try l.crossEntropy(c) },
    pairLoss(.mse, ["x", "y"]), pairLoss(.mae, ["x", "y"]), pairLoss(.bceWithLogits, ["scores", "targets"]),
    pairLoss(.klDivergence, ["log_probabilities", "targets"]),
  ]

  private static func pairLoss(_ f: PairLoss, _ labels: [String]) -> Builtin {
    .init(f.rawValue, labels, required: 2, form: "\(f.rawValue)(\(labels.joined(separator: ", ")))") {
      (l, c) throws(Reported) in
      let (x, y) = try l.alike(labels[0], labels[1], of: c)
      let v = try l.emit(.classification(.pairLoss(f)), [x.value, y.value], named: c.hint, at: c.span)
      return .tensor(v, .init(element: .f32, dims: []))
    }
  }

}

extension Lowering {

  fileprivate mutating func crossEntropy(_ c: BuiltinCall) throws(Reported) -> Meaning {
    let (scores, labels) = (try tensor("scores", of: c), try tensor("labels", of: c))
    if scores.type.element != .f32 || scores.type.dims.isEmpty {
      throw fail(.expected("scores f32[.., classes] for 'cross_entropy'", found: "\(scores.type)", at: c.span))
    }
    let smoothing = try number("smoothing", of: c, default: 0)
    guard smoothing >= 0, smoothing < 1 else {
      throw fail(.expected("a smoothing in [0, 1)", found: "\(smoothing)", at: c["smoothing"]?.span ?? c.span))
    }
    let targets = try targets(labels.type, for: scores.type, smoothing, c)
    guard let targets else {
      let expected = SymbolicType(element: .i32, dims: Array(scores.type.dims.dropLast()))
      let (s, l) = (operands("scores", scores, of: c), operands("labels", labels, of: c))
      throw fail(.operandTypes("labels \(expected) are expected for scores \(scores.type)", s, l, at: c.span))
    }
    let v = try emit(.classification(.entropy(targets)), [scores.value, labels.value], named: c.hint, at: c.span)
    return .tensor(v, .init(element: .f32, dims: []))
  }

  /// Returns what labels of that type are: positions, or probabilities of the scores' own type; `nil` if neither.
  private mutating func targets(
    _ labels: SymbolicType, for scores: SymbolicType, _ smoothing: Double, _ c: BuiltinCall
  ) throws(Reported) -> Targets? {
    if labels == .init(element: .i32, dims: Array(scores.dims.dropLast())) { return .labels(smoothing: smoothing) }
    if labels != scores { return nil }
    if let s = c["smoothing"] {
      throw fail(.badArguments("'smoothing' is for labels, not for probabilities", at: s.span, form: c.builtin.form))
    }
    return .probabilities
  }

  /// Returns two arguments that must be of one type.
  mutating func alike(_ a: String, _ b: String, of c: BuiltinCall) throws(Reported) -> (Tensor, Tensor) {
    let (x, y) = (try tensor(a, of: c), try tensor(b, of: c))
    if x.type != y.type {
      let what = "'\(c.builtin.name)' takes two values of one type, not \(x.type) and \(y.type)"
      throw fail(.operandTypes(what, operands(a, x, of: c), operands(b, y, of: c), at: c.span))
    }
    return (x, y)
  }

  /// What diagnostics say of the argument called `label`.
  func operands(_ label: String, _ t: Tensor, of c: BuiltinCall) -> OperandNote {
    operand(t.type, c[label]?.span ?? c.span)
  }

}
