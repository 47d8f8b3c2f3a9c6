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
    let (source, arguments) = try dataSource(value, componentCount: types.count)
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

  private mutating func dataSource(
    _ value: Expression, componentCount: Int
  ) throws(Reported) -> (DataDeclaration.Source, [Attribute]) {
    guard case .call(let callee, let arguments) = value.kind, case .name(let name) = callee.kind else {
      throw fail(
        .expected("a source of data such as idx(…) or synthetic()", found: "another expression", at: value.span))
    }
    if ["npy", "csv", "tokens"].contains(name) { throw fail(.notSupportedYet("'\(name)'", at: callee.span)) }
    guard let source = DataDeclaration.Source(rawValue: name) else { throw fail(.unknownSource(name, at: callee.span)) }
    switch source {
    case .idx: return (source, try files(arguments, componentCount, "path", at: value.span))
    case .npz: return (source, try archive(arguments, componentCount, at: value.span))
    case .synthetic: return (source, try syntheticArguments(arguments))
    }
  }

  private mutating func files(
    _ arguments: [Argument], _ count: Int, _ what: String, at span: SourceSpan
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

  private mutating func archive(
    _ arguments: [Argument], _ count: Int, at span: SourceSpan
  ) throws(Reported) -> [Attribute] {
    guard let first = arguments.first, first.label == nil || first.label?.text == "path" else {
      throw fail(.badSource("npz takes a path first, as npz(\"a.npz\", x: \"images\")", at: span))
    }
    return [.init("path", .string(try string(first.value)))]
      + (try files(Array(arguments.dropFirst()), count, "field", at: span))
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

  /// Returns the string that `e` stands for.
  mutating func string(_ e: Expression) throws(Reported) -> String {
    let m = try lower(e, hint: "")
    guard case .string(let s) = m else { throw fail(.expected("a string", found: m.kind, at: e.span)) }
    return s
  }

}
