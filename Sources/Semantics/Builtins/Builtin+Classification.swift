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
    .init("cross_entropy", ["scores", "labels"], required: 2, form: "cross_entropy(scores, labels)") {
      (l, c) throws(Reported) in try l.crossEntropy(c)
    },
    .init("mse", ["x", "y"], required: 2, form: "mse(x, y)") { (l, c) throws(Reported) in
      let (x, y) = try l.alike("x", "y", of: c)
      let v = try l.emit(.classification(.mse), [x.value, y.value], named: c.hint, at: c.span)
      return .tensor(v, .init(element: .f32, dims: []))
    },
  ]

}

extension Lowering {

  fileprivate mutating func crossEntropy(_ c: BuiltinCall) throws(Reported) -> Meaning {
    let (scores, labels) = (try tensor("scores", of: c), try tensor("labels", of: c))
    if scores.type.element != .f32 || scores.type.dims.isEmpty {
      throw fail(.expected("scores f32[.., classes] for 'cross_entropy'", found: "\(scores.type)", at: c.span))
    }
    let expected = SymbolicType(element: .i32, dims: Array(scores.type.dims.dropLast()))
    if labels.type != expected {
      let (s, l) = (operands("scores", scores, of: c), operands("labels", labels, of: c))
      throw fail(.operandTypes("labels \(expected) are expected for scores \(scores.type)", s, l, at: c.span))
    }
    let v = try emit(.classification(.crossEntropy), [scores.value, labels.value], named: c.hint, at: c.span)
    return .tensor(v, .init(element: .f32, dims: []))
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
