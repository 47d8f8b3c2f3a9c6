import IR
import Operations

extension AdjointBuilder {

  mutating func addAdjoints(of f: Reduction, _ i: Instruction, adjoint: ValueID) {
    let x = i.operands[0]
    let extents = function[x].type.extents
    switch f {
    case .reduce(.sum, let axes, let keep):
      // y = Σ x: dx = dy, stretched
      contribute(to: x, .reduction(.broadcast(extents: extents, inserted: keep ? [] : axes)), [adjoint], at: i.site)
    case .reduce(.mean, let axes, let keep):
      // y = Σ x / n: dx = dy / n, stretched
      let n = axes.reduce(1) { $0 * extents[$1] }
      let scaled = scaled(adjoint, by: 1 / Double(max(n, 1)), of: x, i)
      contribute(to: x, .reduction(.broadcast(extents: extents, inserted: keep ? [] : axes)), [scaled], at: i.site)
    case .sumTo:
      // y = Σ x over the stretched axes: dx = dy, stretched
      contribute(to: x, .reduction(.broadcast(extents: extents, inserted: [])), [adjoint], at: i.site)
    case .broadcast(_, let inserted):
      // y = x, stretched: dx = Σ dy over the stretched axes; inserted axes are summed away first
      let sum = Reduction.reduce(.sum, axes: inserted, keep: false)
      let wide = inserted.isEmpty ? adjoint : emitted(.reduction(sum), [adjoint], of: x, i)
      contribute(to: x, .reduction(.sumTo(extents: extents)), [wide], at: i.site)
    case .argmax:
      preconditionFailure("argmax is never active")
    }
  }

  private mutating func scaled(_ adjoint: ValueID, by factor: Double, of x: ValueID, _ i: Instruction) -> ValueID {
    let constant = emitted(.elementwise(.constant(factor)), [], of: x, i)
    return emitted(.elementwise(.binary(.mul)), [adjoint, constant], of: x, i)
  }

  /// Emits one step of the formula for the adjoint of `x`.
  private mutating func emitted(_ operation: Operation, _ operands: [ValueID], of x: ValueID, _ i: Instruction)
    -> ValueID
  {
    let name = "grad(\(function[x].name)).narrow"
    guard let r = emit(operation, operands, named: name, at: i.site) else { preconditionFailure("it has a result") }
    return r
  }

}
