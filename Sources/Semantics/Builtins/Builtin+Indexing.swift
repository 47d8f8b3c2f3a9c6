import IR
import Operations
import Support
import Syntax

extension Builtin {

  /// Functions that look elements up.
  static let indexing: [Builtin] = [
    .init("gather", ["x", "indices"], required: 2, form: "gather(x, indices), one of the last axis for each row") {
      (l, c) throws(Reported) in try l.gather(c)
    },
    .init("one_hot", ["indices", "classes"], required: 2, form: "one_hot(labels, classes: C)") {
      (l, c) throws(Reported) in try l.oneHot(c)
    },
  ]

}

extension Lowering {

  fileprivate mutating func gather(_ c: BuiltinCall) throws(Reported) -> Meaning {
    let (x, indices) = (try tensor("x", of: c), try tensor("indices", of: c))
    try require(.i32, indices, "indices", of: c)
    guard indices.type.dims == x.type.dims.dropLast(), !x.type.dims.isEmpty else {
      let what = "'gather' takes x [.., C] and indices [..], not \(x.type) and \(indices.type)"
      throw fail(.operandTypes(what, operands("x", x, of: c), operands("indices", indices, of: c), at: c.span))
    }
    let v = try emit(.indexing(.gatherLast), [x.value, indices.value], named: c.hint, at: c.span)
    return .tensor(v, .init(element: x.type.element, dims: indices.type.dims))
  }

  fileprivate mutating func oneHot(_ c: BuiltinCall) throws(Reported) -> Meaning {
    let indices = try tensor("indices", of: c)
    try require(.i32, indices, "indices", of: c)
    guard let e = c["classes"] else { throw missing("classes", of: c) }
    let classes = try dim(e)
    let v = try emit(.indexing(.oneHot(classes: classes.size)), [indices.value], named: c.hint, at: c.span)
    return .tensor(v, .init(element: .f32, dims: indices.type.dims + [classes]))
  }

  /// Returns `base[indices]`: a part of a tuple, rows of a table by a tensor of positions, or the part at known positions
  /// along the first axes.
  mutating func element(
    of base: Expression, _ indices: [Expression], at span: SourceSpan, hint: String
  ) throws(Reported) -> Meaning {
    let m = try lower(base, hint: hint, part: "base")
    if case .tuple(let parts) = m {
      if indices.count == 1 { return try part(of: parts, indices[0]) }
      throw fail(.expected("one position in \(m.kind)", found: "\(indices.count)", at: span))
    }
    let x = try tensor(m, at: base.span, hint: "\(hint).base")
    var positions: [Meaning] = []
    for (i, e) in indices.enumerated() { positions.append(try lower(e, hint: hint, part: "index.\(i)")) }
    if positions.count == 1, case .tensor(let v, let t) = positions[0] {
      return try rows(of: x, .init(v, t), base, indices[0], at: span, hint: hint)
    }
    return try element(of: x, positions, indices, at: span, hint: hint)
  }

  /// Returns the part of a tuple at a known position, negative ones counted from the end.
  private mutating func part(of parts: [Meaning], _ index: Expression) throws(Reported) -> Meaning {
    let i = try lower(index, hint: "")
    guard case .dim(let d) = i, -parts.count..<parts.count ~= d.size else {
      let range = "a position from \(-parts.count) to \(parts.count - 1)"
      throw fail(.expected(range, found: i.kind, at: index.span))
    }
    return parts[d.size < 0 ? d.size + parts.count : d.size]
  }

  /// Returns the rows of a table at the positions that a tensor holds: an embedding.
  private mutating func rows(
    of table: Tensor, _ indices: Tensor, _ base: Expression, _ index: Expression, at span: SourceSpan, hint: String
  ) throws(Reported) -> Meaning {
    guard indices.type.element == .i32, !table.type.dims.isEmpty else {
      let notes = (operand(table.type, base.span), operand(indices.type, index.span))
      let what = "a table [V, ..] is indexed by i32 positions, not \(table.type) by \(indices.type)"
      throw fail(.operandTypes(what, notes.0, notes.1, at: span))
    }
    let v = try emit(.indexing(.gather), [table.value, indices.value], named: hint, at: span)
    return .tensor(v, .init(element: table.type.element, dims: indices.type.dims + table.type.dims.dropFirst()))
  }

  /// Returns the part of `x` at known positions along its first axes.
  private mutating func element(
    of x: Tensor, _ positions: [Meaning], _ indices: [Expression], at span: SourceSpan, hint: String
  ) throws(Reported) -> Meaning {
    guard positions.count <= x.type.dims.count else {
      throw fail(
        .expected("at most \(x.type.dims.count) positions for \(x.type)", found: "\(positions.count)", at: span))
    }
    var starts = x.type.dims.map { _ in 0 }
    var extents = x.type.dims.map(\.size)
    for (i, p) in positions.enumerated() {
      let size = x.type.dims[i].size
      guard case .dim(let d) = p, -size..<size ~= d.size else {
        throw fail(.expected("a position from \(-size) to \(size - 1)", found: p.kind, at: indices[i].span))
      }
      starts[i] = d.size < 0 ? d.size + size : d.size
      extents[i] = 1
    }
    let operation = Operation.layout(.slice(starts: starts, extents: extents))
    let cut = try emit(operation, [x.value], named: "\(hint).cut", at: span)
    let dims = Array(x.type.dims.dropFirst(positions.count))
    let type = SymbolicType(element: x.type.element, dims: dims)
    return .tensor(try emit(.layout(.reshape(extents: dims.map(\.size))), [cut], named: hint, at: span), type)
  }

}
