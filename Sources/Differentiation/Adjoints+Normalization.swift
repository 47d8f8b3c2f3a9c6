import IR
import Operations

extension AdjointBuilder {

  mutating func addAdjoints(of f: Normalization, _ i: Instruction, adjoint: ValueID) {
    let x = i.operands[0]
    switch f {
    case .layer(let epsilon):
      // y = (x − m)·s with s = 1/√(v + ε): dx = s·(dy − mean(dy) − y·mean(y·dy))
      contribute(to: x, .normalization(.layerGradient(epsilon: epsilon)), [x, adjoint], at: i.site)
    case .rms(let epsilon):
      // y = x·s with s = 1/√(mean(x²) + ε): dx = s·(dy − y·mean(y·dy))
      contribute(to: x, .normalization(.rmsGradient(epsilon: epsilon)), [x, adjoint], at: i.site)
    case .layerGradient, .rmsGradient:
      preconditionFailure("\(f.mnemonic) is never active")
    }
  }

}
