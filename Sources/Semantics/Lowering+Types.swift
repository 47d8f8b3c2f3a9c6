import IR
import Operations
import Support
import Syntax

extension Lowering {

  /// Returns the positive whole number that `e` stands for.
  mutating func dim(_ e: Expression) throws(Reported) -> SymbolicDim {
    let m = try lower(e, hint: "")
    switch m {
    case .dim(let d) where d.size >= 1: return d
    case .number(let n) where n == n.rounded() && n >= 1 && n < 0x1p53: return .init(literal: Int(n))
    case .poison: throw Reported()
    case .dim, .number, .tensor, .boolean, .string, .tuple, .data: throw fail(.notADim(m.kind, at: e.span))
    }
  }

  /// Returns the tensor type that `s` names; every dim must be known.
  mutating func tensorType(_ s: TypeSyntax) throws(Reported) -> SymbolicType {
    guard case .tensor(let element, let hasLeadingEllipsis, let dimensions) = s.kind else {
      throw fail(.expected("a tensor type", found: "another type", at: s.span))
    }
    var dims: [SymbolicDim] = []
    if hasLeadingEllipsis {
      guard let leadingDims else {
        throw fail(.misplaced("'..'", "a formal's type and the result type after it", at: s.span))
      }
      dims = leadingDims
    }
    for d in dimensions { dims.append(try dim(d)) }
    return .init(element: elementType(element), dims: dims)
  }

  /// Returns the element type of that name.
  func elementType(_ name: ElementTypeName) -> ElementType {
    switch name {
    case .f64: .f64
    case .f32: .f32
    case .f16: .f16
    case .bf16: .bf16
    case .i64: .i64
    case .i32: .i32
    case .u16: .u16
    case .u8: .u8
    case .bool: .bool
    }
  }

  /// Binds the new dims of a formal's type to those of the actual one and demands that the others agree.
  mutating func unify(_ s: TypeSyntax, with actual: SymbolicType, of what: String, at span: SourceSpan) throws(Reported)
  {
    guard case .tensor(let element, let hasLeadingEllipsis, let dimensions) = s.kind else {
      throw fail(.expected("a value for \(what)", found: "a tensor \(actual)", at: span))
    }
    guard elementType(element) == actual.element else {
      throw fail(.expected("\(element.rawValue) elements for \(what)", found: "\(actual)", at: span))
    }
    let leading = actual.dims.count - dimensions.count
    guard leading == 0 || (hasLeadingEllipsis && leading > 0) else {
      throw fail(.expected("\(dimensions.count) axes for \(what)", found: "\(actual)", at: span))
    }
    if hasLeadingEllipsis { try bindLeading(Array(actual.dims.prefix(leading)), of: what, at: span) }
    for (d, found) in zip(dimensions, actual.dims.dropFirst(leading)) {
      if case .name(let n) = d.kind, lookup(n) == nil {
        declare(.init(n, at: d.span), .dim(found))
      } else {
        let expected = try dim(d)
        if expected != found { throw fail(.dimMismatch(what, found, expected, at: span, in: "it is \(actual)")) }
      }
    }
  }

  private mutating func bindLeading(_ dims: [SymbolicDim], of what: String, at span: SourceSpan) throws(Reported) {
    if let leadingDims, leadingDims != dims {
      throw fail(.expected("the leading axes \(leadingDims) for \(what)", found: "\(dims)", at: span))
    }
    leadingDims = dims
  }

  /// Demands that `actual` is the declared type `expected`.
  mutating func check(
    _ actual: SymbolicType, is expected: SymbolicType, _ what: String, at span: SourceSpan
  ) throws(Reported) {
    guard expected.element == actual.element, expected.dims.count == actual.dims.count else {
      throw fail(.expected("\(expected) as \(what)", found: "\(actual)", at: span))
    }
    for (e, a) in zip(expected.dims, actual.dims) where e != a {
      throw fail(.dimMismatch(what, a, e, at: span, in: "\(actual) where \(expected) is declared"))
    }
  }

}
