import IR
import Operations

extension AdjointBuilder {

  mutating func addAdjoints(of f: Attention, _ i: Instruction, adjoint: ValueID) {
    switch f {
    case .attention(let scores):
      // y = p·v with p = softmax(s), s = scale·q·kᵀ: dv = pᵀ·dy, ds = p·(dy·vᵀ − Σ y·dy), dq = scale·ds·k,
      // dk = scale·dsᵀ·q; p is computed again as exp(s − log_sums)
      let operands = i.operands + i.results + [adjoint]
      let name = "grad(\(function[i.results[0]].name)).operands"
      let gradients = emitAll(.attention(.gradient(scores)), operands, named: name, at: i.site)
      for (operand, gradient) in zip(i.operands, gradients) { contribute(to: operand, gradient, at: i.site) }
    case .causalMask:
      // y = x up to the diagonal, constant above: dx = dy up to the diagonal, 0 above
      contribute(to: i.operands[0], .attention(.causalMaskGradient), [adjoint], at: i.site)
    case .gradient, .causalMaskGradient:
      preconditionFailure("\(f.mnemonic) is never active")
    }
  }

}
