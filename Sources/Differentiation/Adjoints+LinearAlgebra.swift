import IR
import Operations
import Support

extension AdjointBuilder {

  /// The right operand, which is the weight as a rule, comes first: the left one's bytes may end before its adjoint begins.
  ///
  /// The formulas hold for the sum of a product's matrices too: its adjoint meets each matrix of the other operand.
  mutating func addAdjoints(of f: LinearAlgebra, _ i: Instruction, adjoint: ValueID) {
    let (a, b) = (i.operands[0], i.operands[1])
    if i.operands.count == 3 { contribute(to: i.operands[2], adjoint, at: i.site) }
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

  /// Adds `op(x)·op(y)` to the adjoint of `v`, summed over the axes along which `v` was stretched and stretched over those
  /// that only `v` had.
  ///
  /// Where `v` is one matrix that met many, the sum is part of the product, which then has no result for each of them.
  private mutating func contributeProduct(
    to v: ValueID, _ transposeLeft: Bool, _ x: ValueID, _ transposeRight: Bool, _ y: ValueID, at site: SourceSite
  ) {
    guard isActive(v) else { return }
    let product = LinearAlgebra.matmul(transposeLeft: transposeLeft, transposeRight: transposeRight)
    let sum = LinearAlgebra.matmulSum(transposeLeft: transposeLeft, transposeRight: transposeRight)
    let extents = function[v].type.extents
    guard let wide = try? product.resultTypes([function[x].type, function[y].type])[0].extents else {
      preconditionFailure("a product's adjoint fits its operands")
    }
    let narrow = Array(Self.common(extents, wide).suffix(wide.count))
    if wide == extents {
      contribute(to: v, .linear(product), [x, y], at: site)
    } else if narrow.dropLast(2).allSatisfy({ $0 == 1 }) {
      contributeStretched(to: v, .linear(sum), [x, y], Array(narrow.suffix(2)), at: site)
    } else if wide == narrow {
      contributeStretched(to: v, .linear(product), [x, y], narrow, at: site)
    } else {
      let matrices = step(.linear(product), [x, y], of: v, at: site)
      contributeStretched(to: v, .reduction(.sumTo(extents: narrow)), [matrices], narrow, at: site)
    }
  }

  /// Returns the extents of `own` along the axes that `other` has too, and 1 along the others.
  private static func common(_ own: [Int], _ other: [Int]) -> [Int] {
    own.indices.map { (i) in
      let j = i + other.count - own.count
      return j >= 0 && other[j] != 1 ? own[i] : 1
    }
  }

  /// Adds the result of `operation`, whose extents are `extents`, to the adjoint of `v`, stretched to those of `v`.
  private mutating func contributeStretched(
    to v: ValueID, _ operation: Operation, _ operands: [ValueID], _ extents: [Int], at site: SourceSite
  ) {
    let own = function[v].type.extents
    if own == extents { return contribute(to: v, operation, operands, at: site) }
    let result = step(operation, operands, of: v, at: site)
    contribute(to: v, .reduction(.broadcast(extents: own, inserted: [])), [result], at: site)
  }

  /// Emits one step of the formula for the adjoint of `v`.
  private mutating func step(
    _ operation: Operation, _ operands: [ValueID], of v: ValueID, at site: SourceSite
  ) -> ValueID {
    guard let r = emit(operation, operands, named: "grad(\(function[v].name)).product", at: site) else {
      preconditionFailure("it has a result")
    }
    return r
  }

}
