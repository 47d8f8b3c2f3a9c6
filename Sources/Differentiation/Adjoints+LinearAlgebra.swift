import IR
import Operations

extension AdjointBuilder {

  /// The right operand, which is the weight as a rule, comes first: the left one's bytes may end before its adjoint begins.
  mutating func addAdjoints(of f: LinearAlgebra, _ i: Instruction, adjoint: ValueID) {
    let (a, b) = (i.operands[0], i.operands[1])
    switch f {
    case .matmul(false, false):
      // C = A·B: dB = Aᵀ·dC, dA = dC·Bᵀ
      contribute(to: b, product(true, false), [a, adjoint], at: i.site)
      contribute(to: a, product(false, true), [adjoint, b], at: i.site)
    case .matmul(false, true):
      // C = A·Bᵀ: dB = dCᵀ·A, dA = dC·B
      contribute(to: b, product(true, false), [adjoint, a], at: i.site)
      contribute(to: a, product(false, false), [adjoint, b], at: i.site)
    case .matmul(true, false):
      // C = Aᵀ·B: dB = A·dC, dA = B·dCᵀ
      contribute(to: b, product(false, false), [a, adjoint], at: i.site)
      contribute(to: a, product(false, true), [b, adjoint], at: i.site)
    case .matmul(true, true):
      // C = Aᵀ·Bᵀ: dB = dCᵀ·Aᵀ, dA = Bᵀ·dCᵀ
      contribute(to: b, product(true, true), [adjoint, a], at: i.site)
      contribute(to: a, product(true, true), [b, adjoint], at: i.site)
    }
  }

  private func product(_ l: Bool, _ r: Bool) -> Operation { .linear(.matmul(transposeLeft: l, transposeRight: r)) }

}
