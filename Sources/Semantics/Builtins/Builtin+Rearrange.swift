import Operations
import Support
import Syntax

/// One side of a pattern, as `[B, T, (H, Dh)]`: for each axis the names it is made of.
private struct RearrangeSide {

  /// A name of an axis: its text, by which the sides are matched, and its dim.
  struct Axis {
    let text: String
    let dim: SymbolicDim
    let span: SourceSpan
  }

  var groups: [[Axis]] = []

  /// The names in order.
  var axes: [Axis] { groups.flatMap(\.self) }

  /// `true` iff an axis is made of other than one name.
  var isGrouped: Bool { groups.contains { $0.count != 1 } }

}

/// `rearrange(x, [B, T, (H, Dh)] -> [B, H, T, Dh])`: takes axes apart, puts them in another order, and joins them.
///
/// Source of the notation: Rogozhnikov, Einops (ICLR 2022).
extension Lowering {

  mutating func rearrange(_ c: BuiltinCall) throws(Reported) -> Meaning {
    let x = try tensor("x", of: c)
    guard let e = c["pattern"], case .arrow(let l, let r) = e.kind else {
      throw fail(.badArguments("'rearrange' takes a pattern, [..] -> [..]", at: c.span, form: c.builtin.form))
    }
    let (left, right) = (try side(l), try side(r))
    let dims = try joined(left, at: l.span)
    try match(x, dims, left, c)
    let order = try order(from: left, to: right, at: r.span)
    return try rearrange(x, left, order, to: try joined(right, at: r.span), isGrouped: right.isGrouped, c)
  }

  private mutating func rearrange(
    _ x: Tensor, _ left: RearrangeSide, _ order: [Int], to dims: [SymbolicDim], isGrouped: Bool, _ c: BuiltinCall
  ) throws(Reported) -> Meaning {
    var current = x
    let isInOrder = order == Array(order.indices)
    if left.isGrouped, !isInOrder {
      let (operation, type) = reshaped(current, to: left.axes.map(\.dim))
      current = .init(try emit(operation, [current.value], named: "\(c.hint).apart", at: c.span), type)
    }
    if !isInOrder {
      let type = SymbolicType(element: x.type.element, dims: order.map { left.axes[$0].dim })
      let name = isGrouped ? "\(c.hint).moved" : c.hint
      current = .init(
        try emit(.layout(.transpose(axes: order)), [current.value], named: name, at: c.span), type)
    }
    if current.type.dims == dims { return .tensor(current.value, current.type) }
    let (operation, type) = reshaped(current, to: dims)
    return .tensor(try emit(operation, [current.value], named: c.hint, at: c.span), type)
  }

  /// Returns the names of one side of a pattern.
  private mutating func side(_ e: Expression) throws(Reported) -> RearrangeSide {
    guard case .list(let es) = e.kind else {
      throw fail(.expected("a list of axes, as [B, T, (H, Dh)]", found: "another expression", at: e.span))
    }
    var side = RearrangeSide()
    for group in es {
      let parts: [Expression] = if case .tuple(let p) = group.kind { p } else { [group] }
      var axes: [RearrangeSide.Axis] = []
      for p in parts { axes.append(.init(text: program.text(of: p.span), dim: try dim(p), span: p.span)) }
      side.groups.append(axes)
    }
    if let twice = duplicate(in: side.axes) {
      throw fail(.badPattern("'\(twice.text)' stands twice on one side", at: twice.span))
    }
    return side
  }

  private func duplicate(in axes: [RearrangeSide.Axis]) -> RearrangeSide.Axis? {
    var seen: Set<String> = []
    return axes.first { $0.dim.literal != 1 && !seen.insert($0.text).inserted }
  }

  /// Returns the dim of each axis: the product of its names'.
  private mutating func joined(_ side: RearrangeSide, at span: SourceSpan) throws(Reported) -> [SymbolicDim] {
    var dims: [SymbolicDim] = []
    for g in side.groups {
      var product = SymbolicDim(literal: 1)
      for a in g {
        do throws(SymbolicDim.ArithmeticFailure) {
          product = try product.multiplied(by: a.dim)
        } catch {
          throw fail(.dimArithmetic(product, "*", a.dim, "is too long an expression of dims", at: span))
        }
      }
      dims.append(product)
    }
    return dims
  }

  /// Demands that the left side is of the type of `x`.
  private mutating func match(
    _ x: Tensor, _ dims: [SymbolicDim], _ left: RearrangeSide, _ c: BuiltinCall
  ) throws(Reported) {
    if x.type.dims == dims { return }
    let expected = SymbolicType(element: x.type.element, dims: dims)
    let what = "the pattern is of \(expected), and the value is \(x.type)"
    throw fail(
      .operandTypes(
        what, operands("x", x, of: c), operand(expected, c["pattern"]?.span ?? c.span), at: c.span))
  }

  /// Returns, for each name of the right side, its position on the left; a literal 1 may come and go.
  private mutating func order(
    from left: RearrangeSide, to right: RearrangeSide, at span: SourceSpan
  ) throws(Reported) -> [Int] {
    var order: [Int] = []
    for a in right.axes where a.dim.literal != 1 {
      guard let i = left.axes.firstIndex(where: { $0.text == a.text }) else {
        throw fail(.badPattern("'\(a.text)' does not stand on the left side", at: a.span))
      }
      order.append(i)
    }
    for (i, a) in left.axes.enumerated() where !order.contains(i) {
      guard a.dim.literal == 1 else {
        throw fail(.badPattern("'\(a.text)' is missing on the right side", at: span))
      }
      order.append(i)
    }
    return order
  }

}
