import IR
import Operations

extension AdjointBuilder {

  mutating func addAdjoints(of f: Layout, _ i: Instruction, adjoint: ValueID) {
    let x = i.operands[0]
    switch f {
    case .reshape:
      // y = x in other extents: dx = dy in those of x
      contribute(to: x, .layout(.reshape(extents: function[x].type.extents)), [adjoint], at: i.site)
    case .transpose(let axes):
      // y = x with its axes in another order: dx = dy with its axes put back
      contribute(to: x, .layout(.transpose(axes: Layout.inverse(axes))), [adjoint], at: i.site)
    case .slice(let starts, _):
      // y = x[s ..< e]: dx = 0 but dx[s ..< e] = dy
      contributeSlice(to: x, adjoint, from: starts, at: i.site)
    case .pad(let low, _):
      // y = 0 but y[low ..< low + n] = x: dx = dy[low ..< low + n]
      contribute(to: x, .layout(.slice(starts: low, extents: function[x].type.extents)), [adjoint], at: i.site)
    case .concat(let axis):
      // y = x₀ | x₁ | …: dxⱼ = the part of dy where xⱼ was put
      addSlices(of: adjoint, to: i.operands, axis, i)
    }
  }

  private mutating func addSlices(of adjoint: ValueID, to operands: [ValueID], _ axis: Int, _ i: Instruction) {
    var starts = [Int](repeating: 0, count: function[adjoint].type.rank)
    for x in operands {
      let extents = function[x].type.extents
      contribute(to: x, .layout(.slice(starts: starts, extents: extents)), [adjoint], at: i.site)
      starts[axis] += extents[axis]
    }
  }

}
