import Support

extension Parser {

  /// Reads a type.
  func parseType() throws(Failure) -> TypeSyntax {
    try enter()
    defer { leave() }
    let start = current.span.start
    if kind == .leftParenthesis { return try parseTupleType() }
    guard kind == .name else { throw fail(.expectedType(found: found, at: place)) }
    if let e = ElementTypeName(rawValue: current.text), current.text != "bool" || next.kind == .leftBracket {
      advance()
      return TypeSyntax(try parseShape(e), at: span(from: start))
    }
    guard let kind = Self.plainTypes[current.text] else {
      let words = ElementTypeName.allCases.map(\.rawValue) + Self.plainTypes.keys.sorted()
      throw fail(.expectedType(found: found, at: place, intended: intendedWord(for: current.text, among: words)))
    }
    advance()
    return TypeSyntax(kind, at: span(from: start))
  }

  /// The types that are a single word.
  private static let plainTypes: [String: TypeSyntax.Kind] = ["dim": .dim, "int": .int, "float": .float, "bool": .bool]

  private func parseTupleType() throws(Failure) -> TypeSyntax {
    let opening = open()
    var types: [TypeSyntax] = []
    repeat { types.append(try parseType()) } while accept(.comma)
    try expectClosing(.rightParenthesis, opening, after: "type")
    let span = span(from: opening.start)
    return TypeSyntax(types.count == 1 ? types[0].kind : .tuple(types), at: span)
  }

  /// Reads `[.., B, D]`.
  private func parseShape(_ element: ElementTypeName) throws(Failure) -> TypeSyntax.Kind {
    guard kind == .leftBracket else { throw fail(.expectedShape(element.rawValue, found: found, at: place)) }
    let opening = open()
    var dimensions: [Expression] = []
    let hasEllipsis = accept(.doubleDot)
    if hasEllipsis ? accept(.comma) : kind != .rightBracket {
      repeat { dimensions.append(try parseExpression()) } while accept(.comma)
    }
    try expectClosing(.rightBracket, opening, after: "dimension")
    return .tensor(element: element, hasLeadingEllipsis: hasEllipsis, dimensions: dimensions)
  }

}
