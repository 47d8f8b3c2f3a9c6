import IR
import Operations

extension AdjointBuilder {

  mutating func addAdjoints(of f: RandomOperation, _ i: Instruction, adjoint: ValueID) {
    switch f {
    case .dropout(let rate, let key):
      // y = x·m/(1 − rate) with a mask m drawn from the key: dx = dy·m/(1 − rate), the same draw
      contribute(to: i.operands[0], .random(.dropoutGradient(rate: rate, key: key)), [adjoint], at: i.site)
    case .dropoutGradient:
      preconditionFailure("\(f.mnemonic) is never active")
    }
  }

}
