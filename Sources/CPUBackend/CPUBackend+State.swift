import Operations
import Runtime

extension CPUBackend {

  func kernel(_ f: StateUpdate, _ operands: [Buffer]) -> Kernel {
    switch f {
    case .assign:
      let (state, value) = (operands[0], operands[1])
      return { (_) in state.copy(from: value) }
    }
  }

}
