import IR
import Operations
import Support

extension AdjointBuilder {

  /// What is added to the norm before it is divided by.
  private static let epsilon = 1e-6

  /// Appends what finds the factor that `gradients` are multiplied by so that their norm together is at most `limit`, and
  /// returns it: `min(1, limit / (√Σ g² + 1e-6))`.
  ///
  /// The squares are added in the order of the parameters, whatever the order in which gradients are made. All gradients
  /// are needed until the factor is known.
  ///
  /// - Requires: there is a gradient.
  /// - Source: Pascanu et al., On the difficulty of training recurrent neural networks, 2013; PyTorch's `clip_grad_norm_`.
  mutating func appendClipping(of gradients: [ValueID], to limit: Double, at site: SourceSite) -> ValueID {
    var total = squares(of: gradients[0], site)
    for g in gradients.dropFirst() {
      total = clipStep(.elementwise(.binary(.add)), [total, squares(of: g, site)], "total", site)
    }
    let norm = clipStep(.elementwise(.unary(.sqrt)), [total], "norm", site)
    let epsilon = clipStep(.elementwise(.constant(Self.epsilon)), [], "epsilon", site)
    let divisor = clipStep(.elementwise(.binary(.add)), [norm, epsilon], "divisor", site)
    let most = clipStep(.elementwise(.constant(limit)), [], "limit", site)
    let ratio = clipStep(.elementwise(.binary(.div)), [most, divisor], "ratio", site)
    let one = clipStep(.elementwise(.constant(1)), [], "one", site)
    return clipStep(.elementwise(.binary(.minimum)), [one, ratio], "factor", site)
  }

  private mutating func squares(of gradient: ValueID, _ site: SourceSite) -> ValueID {
    clipStep(.reduction(.sumSquares), [gradient], "squares(\(function[gradient].name))", site)
  }

  private mutating func clipStep(
    _ operation: Operation, _ operands: [ValueID], _ name: String, _ site: SourceSite
  ) -> ValueID {
    guard let r = emit(operation, operands, named: "clip.\(name)", at: site) else {
      preconditionFailure("it has a result")
    }
    return r
  }

}
