import Operations
import Support
import Syntax

/// The sources of data and their arguments.
extension Lowering {

  /// Returns the source that `value` names for data of the given types, and its arguments as plans have them.
  mutating func dataSource(
    _ value: Expression, _ types: [SymbolicType]
  ) throws(Reported) -> (DataDeclaration.Source, [Attribute]) {
    guard case .call(let callee, let arguments) = value.kind, case .name(let name) = callee.kind else {
      throw fail(
        .expected("a source of data such as idx(…) or synthetic()", found: "another expression", at: value.span))
    }
    guard let source = DataDeclaration.Source(rawValue: name) else { throw fail(.unknownSource(name, at: callee.span)) }
    switch source {
    case .idx, .npy: return (source, try files(arguments, types.count, at: value.span))
    case .npz: return (source, try archive(arguments, types.count, at: value.span))
    case .csv: return (source, try table(arguments, types, at: value.span))
    case .tokens: return (source, try tokens(arguments, types, at: value.span))
    case .synthetic: return (source, try syntheticArguments(arguments))
    }
  }

  /// Returns `arguments`, which are a path for each of `count` components; that of a single one needs no label.
  private mutating func files(
    _ arguments: [Argument], _ count: Int, at span: SourceSpan
  ) throws(Reported) -> [Attribute] {
    if count == 1, arguments.count == 1, arguments[0].label == nil {
      return [.init("path", .string(try string(arguments[0].value)))]
    }
    return try texts(arguments[...], count, "path", at: span)
  }

  /// Returns `arguments`, which are a text with a label for each of `count` components.
  private mutating func texts(
    _ arguments: ArraySlice<Argument>, _ count: Int, _ what: String, at span: SourceSpan
  ) throws(Reported) -> [Attribute] {
    var all: [Attribute] = []
    for a in arguments {
      guard let label = a.label else {
        throw fail(.badSource("each component has a label, as images: \"a.gz\"", at: a.value.span))
      }
      all.append(.init(label.text, .string(try string(a.value))))
    }
    if all.count != count {
      let plural = count == 1 ? "" : "s"
      let given = "\(all.count) \(what)\(all.count == 1 ? " is" : "s are") given"
      throw fail(.badSource("the type has \(count) component\(plural), but \(given)", at: span))
    }
    return all
  }

  /// Returns the path that `arguments` start with.
  private mutating func path(
    _ arguments: [Argument], _ form: String, at span: SourceSpan
  ) throws(Reported) -> Attribute {
    guard let first = arguments.first, first.label == nil || first.label?.text == "path" else {
      throw fail(.badSource(form, at: span))
    }
    return .init("path", .string(try string(first.value)))
  }

  private mutating func archive(
    _ arguments: [Argument], _ count: Int, at span: SourceSpan
  ) throws(Reported) -> [Attribute] {
    let path = try path(arguments, "npz takes a path first, as npz(\"a.npz\", x: \"images\")", at: span)
    return [path] + (try texts(arguments.dropFirst(), count, "field", at: span))
  }

  private mutating func syntheticArguments(_ arguments: [Argument]) throws(Reported) -> [Attribute] {
    var all: [Attribute] = []
    for a in arguments {
      guard let label = a.label?.text, label == "count" else {
        throw fail(.badSource("synthetic takes count: only", at: a.value.span))
      }
      if all.contains(where: { $0.name == label }) {
        throw fail(.badSource("'\(label)' is given twice", at: a.value.span))
      }
      all.append(.init(label, .integer(try dim(a.value).size)))
    }
    return all
  }

}

/// Tables.
extension Lowering {

  private mutating func table(
    _ arguments: [Argument], _ types: [SymbolicType], at span: SourceSpan
  ) throws(Reported) -> [Attribute] {
    let form = "csv takes a path first, as csv(\"a.csv\", x: \"width, height\", y: \"kind\")"
    var all = [try path(arguments, form, at: span)]
    var rest = arguments.dropFirst()
    var hasHeader = true
    if let first = rest.first, first.label?.text == "header" {
      hasHeader = try truth(first.value)
      rest = rest.dropFirst()
    }
    if !hasHeader { all.append(.init("header", .boolean(false))) }
    let columns = try texts(rest, types.count, "selection", at: span)
    for (argument, (attribute, type)) in zip(rest, zip(columns, types)) {
      try checkColumns(attribute, type, hasHeader: hasHeader, at: argument.value.span)
    }
    return all + columns
  }

  /// Checks that `columns` selects as many columns as an example of `type` has elements, as far as the text says.
  private mutating func checkColumns(
    _ columns: Attribute, _ type: SymbolicType, hasHeader: Bool, at span: SourceSpan
  ) throws(Reported) {
    guard case .string(let text) = columns.value, let selection = ColumnSelection(text) else {
      throw fail(.badColumns("columns are names between commas, or ranges as \"p0..p783\"", at: span))
    }
    var count = selection.count
    if !hasHeader {
      guard let ranges = selection.numbered else {
        let message = "without a header, columns are numbers from 1 on, as \"1, 3..5\", up to 1048576"
        throw fail(.badColumns(message, at: span))
      }
      count = ranges.reduce(0) { $0 + $1.count }
    }
    let width = type.dims.dropFirst().reduce(1) { $0 * $1.size }
    if let count, count != width {
      let (elements, plural) = (width == 1 ? "1 element" : "\(width) elements", count == 1 ? "" : "s")
      throw fail(
        .badColumns("an example of \(type) has \(elements), but \(count) column\(plural) are selected", at: span))
    }
  }

  private mutating func truth(_ e: Expression) throws(Reported) -> Bool {
    let m = try lower(e, hint: "")
    guard case .boolean(let b) = m else { throw fail(.expected("true or false", found: m.kind, at: e.span)) }
    return b
  }

}

/// Files of tokens.
extension Lowering {

  /// The arguments of `tokens` as they are written, with what they are where they are not.
  private struct TokenArguments {

    var element = ElementType.u16

    var window: SymbolicDim

    var stride: Int?

  }

  private mutating func tokens(
    _ arguments: [Argument], _ types: [SymbolicType], at span: SourceSpan
  ) throws(Reported) -> [Attribute] {
    let path = try path(arguments, "tokens takes a path first, as tokens(\"a.u16\", window: T)", at: span)
    guard types.count <= 2, types.allSatisfy({ $0.element == .i32 && $0.dims == types[0].dims }),
      types[0].dims.count == 2
    else {
      let given = types.map(\.description).joined(separator: ", ")
      let message = "tokens give i32[B, T], or twice that: the tokens and those that follow them; not (\(given))"
      throw fail(.badTokens(message, at: span))
    }
    var found = TokenArguments(window: types[0].dims[1])
    var names: [String] = []
    for a in arguments.dropFirst() {
      let name = a.label?.text ?? ""
      if names.contains(name) { throw fail(.badSource("'\(name)' is given twice", at: a.value.span)) }
      names.append(name)
      try read(a, into: &found)
    }
    return [
      path, .init("dtype", .string(found.element.rawValue)), .init("window", .integer(found.window.size)),
      .init("stride", .integer(found.stride ?? found.window.size)),
    ]
  }

  private mutating func read(_ argument: Argument, into found: inout TokenArguments) throws(Reported) {
    let (value, span) = (argument.value, argument.value.span)
    switch argument.label?.text {
    case "dtype":
      found.element = try tokenType(value)
    case "window":
      let window = try dim(value)
      guard window == found.window else {
        let message = "the window is \(window), but the type's second axis is \(found.window)"
        throw fail(.badTokens(message, at: span))
      }
    case "stride":
      found.stride = try dim(value).size
    case _:
      throw fail(.badSource("tokens takes a path, dtype:, window: and stride:", at: span))
    }
  }

  private mutating func tokenType(_ e: Expression) throws(Reported) -> ElementType {
    let m = try lower(e, hint: "")
    guard case .elementType(let element) = m, DataDeclaration.tokenTypes.contains(element) else {
      throw fail(.expected("u8, u16 or i32", found: m.kind, at: e.span))
    }
    return element
  }

}
