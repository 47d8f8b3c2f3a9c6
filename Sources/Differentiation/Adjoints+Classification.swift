import IR
import Operations

extension AdjointBuilder {

  mutating func addAdjoints(of f: Classification, _ i: Instruction, result: ValueID, adjoint: ValueID) {
    switch f {
    case .softmax:
      // y = softmax(x): dx = y·(dy − Σ y·dy)
      contribute(to: i.operands[0], .classification(.softmaxGradient), [result, adjoint], at: i.site)
    case .logSoftmax:
      // y = x − log Σ exp x: dx = dy − exp(y)·Σ dy
      contribute(to: i.operands[0], .classification(.logSoftmaxGradient), [result, adjoint], at: i.site)
    case .entropy(let targets):
      // l = mean(Σ −t·log softmax(x)): dx = dl·(softmax(x)·Σ t − t)/rows, dt = −dl·log softmax(x)/rows
      let (x, t) = (i.operands[0], i.operands[1])
      if isActive(t) {
        let logarithms = step(.classification(.logSoftmax), [x], of: t, named: "log", at: i.site)
        let rows = function[x].type.extents.dropLast().reduce(1, *)
        contribute(to: t, .elementwise(.binary(.mul)), [logarithms, scaled(adjoint, -1, rows, of: t, i)], at: i.site)
      }
      contribute(to: x, .classification(.entropyGradient(targets)), [x, t, adjoint], at: i.site)
    case .pairLoss(let g):
      let (x, y) = (i.operands[0], i.operands[1])
      if isActive(y) { addAdjoint(of: g, toRight: y, i, adjoint: adjoint) }
      contribute(to: x, .classification(.pairLossGradient(g)), [x, y, adjoint], at: i.site)
    case .softmaxGradient, .logSoftmaxGradient, .entropyGradient, .pairLossGradient:
      preconditionFailure("\(f.mnemonic) is never active")
    }
  }

  /// Adds to the adjoint of the right operand of a loss of pairs.
  private mutating func addAdjoint(of g: PairLoss, toRight y: ValueID, _ i: Instruction, adjoint: ValueID) {
    let x = i.operands[0]
    let n = g.divisor(of: function[x].type)
    switch g {
    case .mse, .mae:
      // l = mean(f(x − y)) with an even f: dy is what dx is with x and y exchanged
      contribute(to: y, .classification(.pairLossGradient(g)), [y, x, adjoint], at: i.site)
    case .bceWithLogits:
      // l = mean(log(1 + exp x) − x·y): dy = −dl·x/n
      contribute(to: y, .elementwise(.binary(.mul)), [x, scaled(adjoint, -1, n, of: y, i)], at: i.site)
    case .klDivergence:
      // l = Σ y·(log y − x) / rows: dy = dl·(log y − x + 1)/rows
      let logarithm = step(.elementwise(.unary(.log)), [y], of: y, named: "log", at: i.site)
      let difference = step(.elementwise(.binary(.sub)), [logarithm, x], of: y, named: "log", at: i.site)
      let one = step(.elementwise(.constant(1)), [], of: y, named: "one", at: i.site)
      let slope = step(.elementwise(.binary(.add)), [difference, one], of: y, named: "log", at: i.site)
      contribute(to: y, .elementwise(.binary(.mul)), [slope, scaled(adjoint, 1, n, of: y, i)], at: i.site)
    }
  }

  /// Returns the scalar `adjoint · sign / n`.
  private mutating func scaled(
    _ adjoint: ValueID, _ sign: Double, _ n: Int, of v: ValueID, _ i: Instruction
  ) -> ValueID {
    let factor = step(.elementwise(.constant(sign / Double(max(n, 1)))), [], of: v, named: "factor", at: i.site)
    return step(.elementwise(.binary(.mul)), [adjoint, factor], of: v, named: "factor", at: i.site)
  }

}
