import IR
import Operations

extension AdjointBuilder {

  mutating func addAdjoints(of f: Indexing, _ i: Instruction, adjoint: ValueID) {
    let x = i.operands[0]
    let extents = function[x].type.extents
    switch f {
    case .gather:
      // y[i] = t[index i]: dt[r] = Σ dy[i] over the i whose index is r
      contribute(to: x, .indexing(.scatterAdd(rows: extents[0])), [adjoint, i.operands[1]], at: i.site)
    case .scatterAdd:
      // y[r] = Σ x[i] over the i whose index is r: dx[i] = dy[index i]
      contribute(to: x, .indexing(.gather), [adjoint, i.operands[1]], at: i.site)
    case .gatherLast:
      // y[i] = x[i, index i]: dx[i, c] = dy[i] where c is the index, else 0
      let classes = extents[extents.count - 1]
      contribute(to: x, .indexing(.scatterLast(classes: classes)), [adjoint, i.operands[1]], at: i.site)
    case .scatterLast:
      // y[i, c] = x[i] where c is the index, else 0: dx[i] = dy[i, index i]
      contribute(to: x, .indexing(.gatherLast), [adjoint, i.operands[1]], at: i.site)
    case .oneHot:
      preconditionFailure("one_hot is never active")
    }
  }

}
