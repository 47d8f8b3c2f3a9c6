import IR
import Operations
import Support
import Syntax

extension Lowering {

  /// Returns the data that a declaration describes.
  mutating func dataMeaning(
    _ name: Name, _ type: TypeSyntax, _ value: Expression, _ span: SourceSpan
  ) throws(Reported) -> Meaning {
    let types = try dataTypes(type)
    let (source, arguments) = try dataSource(value, types)
    let declaration = DataDeclaration(
      name: units[unit].path.isEmpty ? name.text : "\(units[unit].path).\(name.text)",
      types: types.compactMap(\.concrete), source: source, arguments: arguments,
      site: site(span))
    data.append(.init(declaration: declaration, types: types, span: name.span))
    return .data(data.count - 1)
  }

  private mutating func dataTypes(_ type: TypeSyntax) throws(Reported) -> [SymbolicType] {
    var syntaxes = [type]
    if case .tuple(let parts) = type.kind { syntaxes = parts }
    var types: [SymbolicType] = []
    for s in syntaxes {
      let t = try tensorType(s)
      if t.concrete == nil { throw fail(.typeTooLarge(t, at: s.span)) }
      if t.dims.isEmpty {
        throw fail(.badSource("\(t) has no first axis, which holds the examples of a batch", at: s.span))
      }
      guard t.element == .f32 || t.element == .i32 else {
        throw fail(.notSupportedYet("data of \(t.element.rawValue)", at: s.span))
      }
      if let first = types.first, first.dims[0] != t.dims[0] {
        throw fail(.firstAxes(operand(first, syntaxes[0].span), operand(t, s.span), at: s.span))
      }
      types.append(t)
    }
    return types
  }

  /// Returns the string that `e` stands for.
  mutating func string(_ e: Expression) throws(Reported) -> String {
    let m = try lower(e, hint: "")
    guard case .string(let s) = m else { throw fail(.expected("a string", found: m.kind, at: e.span)) }
    return s
  }

}
