import IR
import Operations
import Support

extension AdjointBuilder {

  mutating func addAdjoints(of f: Elementwise, _ i: Instruction, result: ValueID, adjoint: ValueID) {
    switch f {
    case .unary(.neg):
      // y = −x: dx = −dy
      contribute(to: i.operands[0], .elementwise(.unary(.neg)), [adjoint], at: i.site)
    case .unary(let g):
      // y = g(x): dx = g'(x)·dy, in terms of y where that is what is kept
      let saved = g.saved == .output ? result : i.operands[0]
      contribute(to: i.operands[0], .elementwise(.unaryGradient(g)), [saved, adjoint], at: i.site)
    case .parametric(let g):
      // y = g(x): dx = g'(x)·dy, in terms of y where that is what is kept
      let saved = g.saved == .output ? result : i.operands[0]
      contribute(to: i.operands[0], .elementwise(.parametricGradient(g)), [saved, adjoint], at: i.site)
    case .binary(let g):
      addAdjoints(of: g, i, result: result, adjoint: adjoint)
    case .select:
      addAdjointsOfSelect(i, adjoint: adjoint)
    case .constant, .integer, .arange, .unaryGradient, .parametricGradient, .extremumGradient, .compare, .logic, .cast:
      preconditionFailure("\(f.mnemonic) is never active")
    }
  }

  private mutating func addAdjoints(of g: BinaryFunction, _ i: Instruction, result: ValueID, adjoint: ValueID) {
    let (x, y) = (i.operands[0], i.operands[1])
    switch g {
    case .add:
      // z = x + y: dx = dz, dy = dz
      contributeReduced(to: y, adjoint, at: i.site)
      contributeReduced(to: x, adjoint, at: i.site)
    case .sub:
      // z = x − y: dx = dz, dy = −dz
      if isActive(y) { contributeReduced(to: y, product(.unary(.neg), [adjoint], of: y, i), at: i.site) }
      contributeReduced(to: x, adjoint, at: i.site)
    case .mul:
      // z = x·y: dx = dz·y, dy = dz·x
      if isActive(y) { contributeReduced(to: y, product(.binary(.mul), [adjoint, x], of: y, i), at: i.site) }
      if isActive(x) { contributeReduced(to: x, product(.binary(.mul), [adjoint, y], of: x, i), at: i.site) }
    case .div:
      // z = x/y: dx = dz/y, dy = −dz·z/y
      if isActive(y) {
        let scaled = product(.binary(.mul), [adjoint, result], of: y, i)
        let quotient = product(.binary(.div), [scaled, y], of: y, i)
        contributeReduced(to: y, product(.unary(.neg), [quotient], of: y, i), at: i.site)
      }
      if isActive(x) { contributeReduced(to: x, product(.binary(.div), [adjoint, y], of: x, i), at: i.site) }
    case .maximum, .minimum:
      // z = max(x, y): dx = dz where x > y, dz/2 where x = y, 0 elsewhere; dy likewise
      let share = Elementwise.extremumGradient(isMaximum: g == .maximum)
      if isActive(y) { contributeReduced(to: y, product(share, [y, x, adjoint], of: y, i), at: i.site) }
      if isActive(x) { contributeReduced(to: x, product(share, [x, y, adjoint], of: x, i), at: i.site) }
    case .pow:
      if isActive(y) { contributeReduced(to: y, slopeOfExponent(i, result: result, adjoint: adjoint), at: i.site) }
      if isActive(x) { contributeReduced(to: x, slopeOfBase(i, adjoint: adjoint), at: i.site) }
    }
  }

  /// z = xʸ: dx = dz·y·xʸ⁻¹, 0 where y is
  private mutating func slopeOfBase(_ i: Instruction, adjoint: ValueID) -> ValueID {
    let (x, y) = (i.operands[0], i.operands[1])
    let less = product(.binary(.sub), [y, product(.constant(1), [], of: x, i)], of: x, i)
    let slope = product(.binary(.mul), [y, product(.binary(.pow), [x, less], of: x, i)], of: x, i)
    let zero = product(.constant(0), [], of: x, i)
    let isFlat = product(.compare(.equal), [y, zero], of: x, i)
    return product(.binary(.mul), [adjoint, product(.select, [isFlat, zero, slope], of: x, i)], of: x, i)
  }

  /// z = xʸ: dy = dz·z·log x, 0 where x is 0 and y is not negative
  private mutating func slopeOfExponent(_ i: Instruction, result: ValueID, adjoint: ValueID) -> ValueID {
    let (x, y) = (i.operands[0], i.operands[1])
    let zero = product(.constant(0), [], of: y, i)
    let slope = product(.binary(.mul), [result, product(.unary(.log), [x], of: y, i)], of: y, i)
    let isZero = product(.compare(.equal), [x, zero], of: y, i)
    let isFlat = product(.logic(.and), [isZero, product(.compare(.greaterEqual), [y, zero], of: y, i)], of: y, i)
    return product(.binary(.mul), [adjoint, product(.select, [isFlat, zero, slope], of: y, i)], of: y, i)
  }

  /// z = c ? x : y: dx = c ? dz : 0, dy = c ? 0 : dz
  private mutating func addAdjointsOfSelect(_ i: Instruction, adjoint: ValueID) {
    let (condition, x, y) = (i.operands[0], i.operands[1], i.operands[2])
    if isActive(y) {
      let zero = product(.constant(0), [], of: y, i)
      contributeReduced(to: y, product(.select, [condition, zero, adjoint], of: y, i), at: i.site)
    }
    if isActive(x) {
      let zero = product(.constant(0), [], of: x, i)
      contributeReduced(to: x, product(.select, [condition, adjoint, zero], of: x, i), at: i.site)
    }
  }

  /// Emits one step of the formula for the adjoint of `v`, of the shape of the result of `i`.
  private mutating func product(_ f: Elementwise, _ operands: [ValueID], of v: ValueID, _ i: Instruction) -> ValueID {
    step(.elementwise(f), operands, of: v, named: "wide", at: i.site)
  }

  /// Adds `wide` to the adjoint of `v`, summed over the axes along which `v` was broadcast.
  private mutating func contributeReduced(to v: ValueID, _ wide: ValueID, at site: SourceSite) {
    let extents = function[v].type.extents
    if function[wide].type.extents == extents {
      contribute(to: v, wide, at: site)
    } else {
      contribute(to: v, .reduction(.sumTo(extents: extents)), [wide], at: site)
    }
  }

}
