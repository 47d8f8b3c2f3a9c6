import IR
import Operations

extension AdjointBuilder {

  mutating func addAdjoints(of f: Classification, _ i: Instruction, result: ValueID, adjoint: ValueID) {
    switch f {
    case .softmax:
      // y = softmax(x): dx = y·(dy − Σ y·dy)
      contribute(to: i.operands[0], .classification(.softmaxGradient), [result, adjoint], at: i.site)
    case .crossEntropy:
      // l = mean(log Σ exp x − x[label]): dx = dl·(softmax(x) − onehot)/rows
      contribute(
        to: i.operands[0], .classification(.crossEntropyGradient), [i.operands[0], i.operands[1], adjoint], at: i.site)
    case .mse:
      // l = mean((x − y)²): dx = dl·2(x − y)/n, dy = dl·2(y − x)/n
      let (x, y) = (i.operands[0], i.operands[1])
      contribute(to: y, .classification(.mseGradient), [y, x, adjoint], at: i.site)
      contribute(to: x, .classification(.mseGradient), [x, y, adjoint], at: i.site)
    case .softmaxGradient, .crossEntropyGradient, .mseGradient:
      preconditionFailure("\(f.mnemonic) is never active")
    }
  }

}
