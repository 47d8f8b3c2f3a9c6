import IR
import Operations

extension AdjointBuilder {

  mutating func addAdjoints(of f: Pooling, _ i: Instruction, adjoint: ValueID) {
    let x = i.operands[0]
    switch f {
    case .max(let g):
      // y = max of a window: dx = Σ dy over the windows whose first greatest element it is
      contribute(to: x, .pooling(.maxGradient(g)), [x, adjoint], at: i.site)
    case .average(let g):
      // y = Σ x / n of a window of n elements: dx = Σ dy / n over the windows it is in
      let image = function[x].type.extents.suffix(2)
      let extents = Pair(image[image.startIndex], image[image.startIndex + 1])
      contribute(to: x, .pooling(.averageGradient(g, extents: extents)), [adjoint], at: i.site)
    case .upsample(let mode, let factor):
      // y = U·x with a matrix U that is known: dx = Uᵀ·dy
      contribute(to: x, .pooling(.upsampleGradient(mode, factor: factor)), [adjoint], at: i.site)
    case .maxGradient, .averageGradient, .upsampleGradient:
      preconditionFailure("\(f.mnemonic) is never active")
    }
  }

}
