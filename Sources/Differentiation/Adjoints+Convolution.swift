import IR
import Operations

extension AdjointBuilder {

  /// The weights come first: the image's bytes may end before its adjoint begins.
  mutating func addAdjoints(of f: Convolution, _ i: Instruction, adjoint: ValueID) {
    let (x, w) = (i.operands[0], i.operands[i.operands.count - 1])
    let (image, window) = (function[x].type.extents.suffix(2), function[w].type.extents.suffix(2))
    let extents = (image: Pair(image[2], image[3]), window: Pair(window[2], window[3]))
    switch f {
    case .convolution(let g):
      // y = x ∗ w: dw[o,c,a,b] = Σ dy[n,o,i,j]·x[n,c,i·stride − padding + a·dilation,…], dx = transposed dy ∗ w
      let images = Array(i.operands.dropLast())
      contribute(to: w, .convolution(.weightGradient(g, extents: extents.window)), images + [adjoint], at: i.site)
      if images.count == 1 {
        contribute(to: x, .convolution(.transposed(g, extents: extents.image)), [adjoint, w], at: i.site)
        return
      }
      let channels = images.map { function[$0].type.extents[1] }
      let operation = Convolution.inputGradients(g, extents: extents.image, channels: channels)
      let name = "grad(\(function[i.results[0]].name)).images"
      let gradients = emitAll(.convolution(operation), [adjoint, w], named: name, at: i.site)
      for (image, gradient) in zip(images, gradients) { contribute(to: image, gradient, at: i.site) }
    case .transposed(let g, _):
      // y = transposed x ∗ w, linear in both: dw as that of the convolution of dy that gives x, dx = dy ∗ w
      contribute(to: w, .convolution(.weightGradient(g, extents: extents.window)), [adjoint, x], at: i.site)
      contribute(to: x, .convolution(.convolution(g)), [adjoint, w], at: i.site)
    case .weightGradient, .inputGradients:
      preconditionFailure("\(f.mnemonic) is never active")
    }
  }

}
