import IR
import Operations

extension AdjointBuilder {

  mutating func addAdjoints(of f: Reduction, _ i: Instruction, result: ValueID, adjoint: ValueID) {
    let x = i.operands[0]
    let extents = function[x].type.extents
    switch f {
    case .reduce(.sum, let axes, let keep):
      // y = Σ x: dx = dy, stretched
      contribute(to: x, .reduction(.broadcast(extents: extents, inserted: keep ? [] : axes)), [adjoint], at: i.site)
    case .reduce(.mean, let axes, let keep):
      // y = Σ x / n: dx = dy / n, stretched
      let scaled = scaled(adjoint, by: 1 / Double(max(size(of: axes, x), 1)), of: x, i)
      contribute(to: x, .reduction(.broadcast(extents: extents, inserted: keep ? [] : axes)), [scaled], at: i.site)
    case .reduce(.max, let axes, let keep), .reduce(.min, let axes, let keep):
      if isActive(x) { contribute(to: x, ties(i, axes, keep, result: result, adjoint: adjoint), at: i.site) }
    case .reduce(.variance, let axes, let keep):
      if isActive(x) { contribute(to: x, deviations(i, axes, keep, adjoint: adjoint), at: i.site) }
    case .reduce(.logsumexp, let axes, let keep):
      // y = log Σ exp x: dx = exp(x − y)·dy, 0 where all x and so y are −∞, which the least finite number stands for
      guard isActive(x) else { return }
      let (y, dy) = (kept(result, axes, keep, of: x, i), kept(adjoint, axes, keep, of: x, i))
      let least = ParametricFunction.clamp(low: -Double(Float.greatestFiniteMagnitude), high: .infinity)
      let finite = emitted(.elementwise(.parametric(least)), [y], of: x, i)
      let difference = emitted(.elementwise(.binary(.sub)), [x, finite], of: x, i)
      let share = emitted(.elementwise(.unary(.exp)), [difference], of: x, i)
      contribute(to: x, .elementwise(.binary(.mul)), [share, dy], at: i.site)
    case .sumTo:
      // y = Σ x over the stretched axes: dx = dy, stretched
      contribute(to: x, .reduction(.broadcast(extents: extents, inserted: [])), [adjoint], at: i.site)
    case .broadcast(_, let inserted):
      // y = x, stretched: dx = Σ dy over the stretched axes; inserted axes are summed away first
      let sum = Reduction.reduce(.sum, axes: inserted, keep: false)
      let wide = inserted.isEmpty ? adjoint : emitted(.reduction(sum), [adjoint], of: x, i)
      contribute(to: x, .reduction(.sumTo(extents: extents)), [wide], at: i.site)
    case .argmax, .sumSquares:
      preconditionFailure("\(f.mnemonic) is never active")
    }
  }

  /// y = max x: dx = dy / (the number of elements equal to y) where x = y, 0 elsewhere
  private mutating func ties(
    _ i: Instruction, _ axes: [Int], _ keep: Bool, result: ValueID, adjoint: ValueID
  ) -> ValueID {
    let x = i.operands[0]
    let (y, dy) = (kept(result, axes, keep, of: x, i), kept(adjoint, axes, keep, of: x, i))
    let isTied = emitted(.elementwise(.compare(.equal)), [x, y], of: x, i)
    let fraction = emitted(.reduction(.reduce(.mean, axes: axes, keep: true)), [isTied], of: x, i)
    let count = scaled(fraction, by: Double(size(of: axes, x)), of: x, i)
    let share = emitted(.elementwise(.binary(.div)), [dy, count], of: x, i)
    let zero = emitted(.elementwise(.constant(0)), [], of: x, i)
    return emitted(.elementwise(.select), [isTied, share, zero], of: x, i)
  }

  /// y = Σ (x − m)² / n with the mean m: dx = (x − m)·2·dy/n
  private mutating func deviations(_ i: Instruction, _ axes: [Int], _ keep: Bool, adjoint: ValueID) -> ValueID {
    let x = i.operands[0]
    let mean = emitted(.reduction(.reduce(.mean, axes: axes, keep: true)), [x], of: x, i)
    let deviation = emitted(.elementwise(.binary(.sub)), [x, mean], of: x, i)
    let factor = scaled(kept(adjoint, axes, keep, of: x, i), by: 2 / Double(max(size(of: axes, x), 1)), of: x, i)
    return emitted(.elementwise(.binary(.mul)), [deviation, factor], of: x, i)
  }

  /// The number of elements that a reduction of `x` along `axes` combines.
  private func size(of axes: [Int], _ x: ValueID) -> Int {
    axes.reduce(1) { $0 * function[x].type.extents[$1] }
  }

  /// Returns `v`, a reduction of `x` along `axes` or its adjoint, with those axes as 1.
  private mutating func kept(_ v: ValueID, _ axes: [Int], _ keep: Bool, of x: ValueID, _ i: Instruction) -> ValueID {
    if keep || axes.isEmpty { return v }
    let extents = function[x].type.extents.enumerated().map { axes.contains($0.offset) ? 1 : $0.element }
    return emitted(.reduction(.broadcast(extents: extents, inserted: axes)), [v], of: x, i)
  }

  private mutating func scaled(_ adjoint: ValueID, by factor: Double, of x: ValueID, _ i: Instruction) -> ValueID {
    let constant = emitted(.elementwise(.constant(factor)), [], of: x, i)
    return emitted(.elementwise(.binary(.mul)), [adjoint, constant], of: x, i)
  }

  /// Emits one step of the formula for the adjoint of `x`.
  private mutating func emitted(_ operation: Operation, _ operands: [ValueID], of x: ValueID, _ i: Instruction)
    -> ValueID
  {
    step(operation, operands, of: x, named: "narrow", at: i.site)
  }

}
