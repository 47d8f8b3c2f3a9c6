import Support

extension Parser {

  /// Reads rules between braces.
  func parseRules() throws(Failure) -> [RuleSyntax] {
    let opening = current.span
    try expect(.leftBrace, "before the rules of a schedule")
    var rules: [RuleSyntax] = []
    while !isAtEndOfBody(opening) {
      let start = current.span.start
      do throws(Failure) {
        rules.append(try parseRule())
        try expectEndOfLine(after: "rule")
      } catch {
        skipToLine(from: start)
      }
    }
    return rules
  }

  private func parseRule() throws(Failure) -> RuleSyntax {
    let start = current.span.start
    if kind == .name, !next.startsLine, next.kind == .equal {
      let name = try parseName(of: "a setting")
      return RuleSyntax(.setting(name: name, value: try parseInitialValue("a setting")), at: span(from: start))
    }
    let fate = try parseFate()
    var selectors: [SelectorSyntax] = []
    repeat { selectors.append(try parseSelector()) } while accept(.comma)
    return RuleSyntax(.selection(fate, selectors), at: span(from: start))
  }

  /// Reads the word that starts a rule; a word that is nearly one is reported and taken for it.
  private func parseFate() throws(Failure) -> RuleSyntax.Fate {
    guard kind == .name else { throw fail(.expectedRule(found: found, at: place)) }
    if let fate = RuleSyntax.Fate(rawValue: current.text) {
      advance()
      return fate
    }
    let intended = intendedWord(for: current.text, among: RuleSyntax.Fate.allCases.map(\.rawValue))
    let d = Diagnostic.expectedRule(found: found, at: place, intended: intended)
    guard let word = intended, let fate = RuleSyntax.Fate(rawValue: word), !next.startsLine else { throw fail(d) }
    report(d)
    advance()
    return fate
  }

  private func parseSelector() throws(Failure) -> SelectorSyntax {
    let start = current.span.start
    if kind == .float { rereadAsIndex() }
    var segments: [SelectorSyntax.Segment] = []
    repeat { segments.append(try parseSegment()) } while accept(.dot)
    let operation = accept(.doubleColon) ? try parseName(of: "an operation") : nil
    return SelectorSyntax(segments: segments, operation: operation, span: span(from: start))
  }

  private func parseSegment() throws(Failure) -> SelectorSyntax.Segment {
    let start = current.span.start
    let kind = try parseSegmentKind()
    return .init(kind: kind, span: span(from: start))
  }

  private func parseSegmentKind() throws(Failure) -> SelectorSyntax.Segment.Kind {
    if kind == .name { return .name(readName().text) }
    if kind == .integer { return .index(try parseIndex(of: "an index")) }
    if accept(.star) { return .any }
    if accept(.doubleStar) { return .anyDepth }
    guard accept(.leftBrace) else { throw fail(.expectedSelector(found: found, at: place)) }
    do throws(Failure) {
      return try parseRange()
    } catch {
      skipPastRange()
      throw error
    }
  }

  /// Reads the rest of a range behind its opening brace.
  private func parseRange() throws(Failure) -> SelectorSyntax.Segment.Kind {
    let lower = try parseIndex(of: "the first index of a range")
    try expect(.doubleDot, "between the indices of a range")
    let upper = try parseIndex(of: "the last index of a range")
    try expect(.rightBrace, "after the indices of a range")
    return .range(lower: lower, upper: upper)
  }

}
