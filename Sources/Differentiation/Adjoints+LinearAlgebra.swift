import IR
import Operations
import Support

extension AdjointBuilder {

  /// The right operand, which is the weight as a rule, comes first: the left one's bytes may end before its adjoint begins.
  ///
  /// The formulas hold for the sum of a product's matrices too: its adjoint meets each matrix of the other operand.
  mutating func addAdjoints(of f: LinearAlgebra, _ i: Instruction, adjoint: ValueID) {
    let (a, b) = (i.operands[0], i.operands[1])
    switch f.transposes {
    case (false, false):
      // C = A·B: dB = Aᵀ·dC, dA = dC·Bᵀ
      contributeProduct(to: b, true, a, false, adjoint, at: i.site)
      contributeProduct(to: a, false, adjoint, true, b, at: i.site)
    case (false, true):
      // C = A·Bᵀ: dB = dCᵀ·A, dA = dC·B
      contributeProduct(to: b, true, adjoint, false, a, at: i.site)
      contributeProduct(to: a, false, adjoint, false, b, at: i.site)
    case (true, false):
      // C = Aᵀ·B: dB = A·dC, dA = B·dCᵀ
      contributeProduct(to: b, false, a, false, adjoint, at: i.site)
      contributeProduct(to: a, false, b, true, adjoint, at: i.site)
    case (true, true):
      // C = Aᵀ·Bᵀ: dB = dCᵀ·Aᵀ, dA = Bᵀ·dCᵀ
      contributeProduct(to: b, true, adjoint, true, a, at: i.site)
      contributeProduct(to: a, true, b, true, adjoint, at: i.site)
    }
  }

  /// Adds `op(x)·op(y)` to the adjoint of `v`, summed over the axes along which `v` was stretched.
  ///
  /// Where `v` is one matrix that met many, the sum is part of the product, which then has no result for each of them.
  private mutating func contributeProduct(
    to v: ValueID, _ transposeLeft: Bool, _ x: ValueID, _ transposeRight: Bool, _ y: ValueID, at site: SourceSite
  ) {
    guard isActive(v) else { return }
    let product = LinearAlgebra.matmul(transposeLeft: transposeLeft, transposeRight: transposeRight)
    let sum = LinearAlgebra.matmulSum(transposeLeft: transposeLeft, transposeRight: transposeRight)
    let extents = function[v].type.extents
    guard let wide = try? product.resultTypes([function[x].type, function[y].type])[0] else {
      preconditionFailure("a product's adjoint fits its operands")
    }
    if wide.extents == extents {
      contribute(to: v, .linear(product), [x, y], at: site)
    } else if extents.count == 2 {
      contribute(to: v, .linear(sum), [x, y], at: site)
    } else if extents.dropLast(2).allSatisfy({ $0 == 1 }) {
      let matrix = step(sum, x, y, of: v, at: site)
      contribute(to: v, .layout(.reshape(extents: extents)), [matrix], at: site)
    } else {
      let matrices = step(product, x, y, of: v, at: site)
      contribute(to: v, .reduction(.sumTo(extents: extents)), [matrices], at: site)
    }
  }

  /// Emits one step of the formula for the adjoint of `v`.
  private mutating func step(
    _ f: LinearAlgebra, _ x: ValueID, _ y: ValueID, of v: ValueID, at site: SourceSite
  ) -> ValueID {
    guard let r = emit(.linear(f), [x, y], named: "grad(\(function[v].name)).product", at: site) else {
      preconditionFailure("it has a result")
    }
    return r
  }

}
