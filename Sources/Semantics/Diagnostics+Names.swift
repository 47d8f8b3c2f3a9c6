import Operations
import Support
import Syntax

/// The diagnostics of names, calls and imports.
extension Diagnostic {

  /// A call of what nothing declares, in a file that begins at offset `start`.
  static func unknownFunction(
    _ name: String, at span: SourceSpan, candidates: [String], modules: [String], start: Int
  ) -> Diagnostic {
    if let m = modules.first {
      let fix = FixIt("import it", replacing: .init(start, start), with: "import \(m)\n")
      return .init(
        .error, "CG0201", "unknown name '\(name)'", at: span,
        notes: [.init("write 'import \(m)' at the top of the file")],
        fixIts: [fix])
    }
    return .unknownName(name, at: span, candidates: candidates)
  }

  /// A label that the function does not have.
  static func unknownLabel(_ label: String, at span: SourceSpan, form: String, candidates: [String]) -> Diagnostic {
    let near = Suggestion.nearest(to: label, in: candidates)
    return .init(
      .error, "CG0212", "there is no argument '\(label)'\(near.map { "; did you mean '\($0)'?" } ?? "")", at: span,
      notes: form.isEmpty ? [] : [.init("it is called as \(form)")],
      fixIts: replacements(of: label, by: near, at: span))
  }

  /// A function that takes the name of a built-in one.
  static func hidesBuiltin(_ name: String, at span: SourceSpan) -> Diagnostic {
    .init(
      .warning, "CG0236", "'\(name)' hides the built-in function of that name", at: span,
      notes: [.init("calls in this file mean this one; choose another name to use both")])
  }

  /// A constant that needs itself.
  static func circularDefinition(_ name: String, at span: SourceSpan) -> Diagnostic {
    .init(.error, "CG0237", "'\(name)' is defined by itself", at: span)
  }

  /// A name that the imported file does not have.
  static func nothingToImport(
    _ name: String, from module: String, at span: SourceSpan, candidates: [String]
  ) -> Diagnostic {
    let near = Suggestion.nearest(to: name, in: candidates)
    return .init(
      .error, "CG0238", "'\(module)' has no function, block or model '\(name)'", at: span,
      notes: [
        .init(near.map { "did you mean '\($0)'?" } ?? "it has: \(candidates.prefix(20).joined(separator: ", "))")
      ],
      fixIts: replacements(of: name, by: near, at: span))
  }

  /// A name that several imported files have.
  static func ambiguous(_ name: String, in modules: [String], at span: SourceSpan) -> Diagnostic {
    .init(
      .error, "CG0239", "several imported files have '\(name)': \(modules.joined(separator: ", "))", at: span,
      notes: [.init("name the one that is meant: 'import \(modules[0]) (\(name))'")])
  }

  /// A dot behind a value.
  static func noMembers(_ name: String, of what: String, at span: SourceSpan) -> Diagnostic {
    .init(
      .error, "CG0224", "there is no '.\(name)': \(what) has no members", at: span,
      notes: [.init("the parts of a tuple are named with 'let (a, b) = …'")])
  }

  /// A use of a shared instance under another name.
  static func layerRenamed(_ layer: String, _ name: String, at span: SourceSpan) -> Diagnostic {
    .init(
      .error, "CG0222", "'\(layer)' is one shared instance and has its name; remove 'as \(name)'", at: span)
  }

  /// A block where only functions may be called.
  static func blockInFunction(_ name: String, at span: SourceSpan) -> Diagnostic {
    .init(
      .error, "CG0227", "a 'func' is pure and cannot call the block '\(name)', which may own parameters", at: span,
      notes: [.init("declare the caller with 'block'")])
  }

}

/// The diagnostics of effects and state.
extension Diagnostic {

  /// An update of what is no state.
  static func notAState(_ name: String, at span: SourceSpan, declared: SourceSpan) -> Diagnostic {
    .init(
      .error, "CG0301", "'\(name)' is no state; only what 'state' declares can be updated", at: span,
      notes: [.init("it is declared here", at: declared)])
  }

  /// An update to another type.
  static func updateType(
    _ name: String, _ found: SymbolicType, _ expected: SymbolicType, at span: SourceSpan, declared: SourceSpan
  ) -> Diagnostic {
    .init(
      .error, "CG0302", "the state '\(name)' is \(expected) and cannot become \(found)", at: span,
      notes: [.init("it is declared here", at: declared)])
  }

  /// A second update of one state in a step.
  static func updatedTwice(_ name: String, at span: SourceSpan, earlier: SourceSpan) -> Diagnostic {
    .init(
      .error, "CG0303", "the state '\(name)' is updated twice in a step", at: span,
      notes: [.init("the first update is here", at: earlier), .init("compute with 'var' and update once")])
  }

  /// Two uses of a shared instance that need storage of different types.
  static func sharedType(
    _ path: String, _ found: TensorType, _ first: TensorType, at span: SourceSpan
  ) -> Diagnostic {
    .init(
      .error, "CG0304", "the shared instance has '\(path)' as \(first), and this use needs \(found)", at: span)
  }

  /// Storage of an element type that training does not handle.
  static func storageElement(_ what: String, _ element: ElementType, at span: SourceSpan) -> Diagnostic {
    .init(.error, "CG0305", "a \(what) is f32, not \(element.rawValue)", at: span)
  }

}
