extension LineBreaker {

  /// Returns the rows of a line that does not fit into one.
  ///
  /// - Complexity: O(*n*) in the number of tokens. The stack grows with the nesting of brackets.
  static func rows(of line: OutlineLine, of outline: Outline) -> [Row] {
    let outer = line.depth * Style.indentation
    let indentation = Indentation(
      outer: outer, inner: outer + Style.indentation, closesApart: outline.opensBody(line))
    var breaker = LineBreaker(line, of: outline)
    breaker.writeBroken(line.pieces, indentation, tail: 0)
    return breaker.rows
  }

  /// Writes `range` and breaks brackets in it: those with comments, or else the widest, and all that do not fit then.
  private mutating func writeBroken(_ range: Range<Int>, _ indentation: Indentation, tail: Int) {
    let groups = groups(in: range)
    let hasForced = groups.contains { hasComments($0) }
    let widest = hasForced ? nil : groups.max { width(of: $0) < width(of: $1) }
    var next = range.lowerBound
    for (n, group) in groups.enumerated() {
      append(next..<group.lowerBound, indentation.outer)
      let end = n + 1 < groups.count ? groups[n + 1].lowerBound + 1 : range.upperBound
      let rest = width(of: group.lowerBound..<end) - width(of: group) + (end == range.upperBound ? tail : 0)
      if group != widest, !hasComments(group), fits(group, indentation.outer, tail: rest) {
        append(group.lowerBound..<group.upperBound + 1, indentation.outer)
      } else {
        writeGroup(group, indentation, tail: rest)
      }
      next = group.upperBound + 1
    }
    append(next..<range.upperBound, indentation.outer)
  }

  /// Returns the outermost brackets in `range` with something in them: from the opening one to before the closing one.
  private func groups(in range: Range<Int>) -> [Range<Int>] {
    var groups: [Range<Int>] = []
    var i = range.lowerBound
    while i < range.upperBound {
      let end = partner(of: i)
      if end > i + 1 || hasComments(i..<end) { groups.append(i..<end) }
      i = end + 1
    }
    return groups
  }

  /// Writes a bracket, its elements in rows of their own, and the closing bracket.
  ///
  /// `tail` is the number of columns from the closing bracket to where the row may end.
  private mutating func writeGroup(_ group: Range<Int>, _ indentation: Indentation, tail: Int) {
    append(group.lowerBound, indentation.outer, comments: indentation.inner)
    endRow()
    var wasBroken = false
    for (n, element) in elements(in: group.dropFirst()).enumerated() {
      let rest = element.upperBound == group.upperBound && !indentation.closesApart ? tail : 0
      if n > 0, wasBroken || !fits(element, indentation.inner, tail: rest) { endRow() }
      wasBroken = !fits(element, indentation.inner, tail: rest)
      if wasBroken {
        writeElement(element, indentation.nested, tail: rest)
      } else {
        append(element, indentation.inner)
      }
    }
    if indentation.closesApart { endRow() }
    append(group.upperBound, indentation.outer, comments: indentation.outer)
  }

  /// Returns the parts of `range`, each with the comma that ends it.
  private func elements(in range: Range<Int>) -> [Range<Int>] {
    var elements: [Range<Int>] = []
    var (start, i) = (range.lowerBound, range.lowerBound)
    while i < range.upperBound {
      if outline.pieces[i].kind == .comma {
        elements.append(start..<i + 1)
        start = i + 1
      }
      i = partner(of: i) + 1
    }
    return start < range.upperBound ? elements + [start..<range.upperBound] : elements
  }

  /// Writes an element that does not fit into a row: cut before its operators, or else broken in its brackets.
  private mutating func writeElement(_ element: Range<Int>, _ indentation: Indentation, tail: Int) {
    var wasBroken = false
    for (n, part) in operands(in: element).enumerated() {
      let inside = n == 0 ? indentation : indentation.nested
      let rest = part.upperBound == element.upperBound ? tail : 0
      if n > 0, wasBroken || !fits(part, inside.outer, tail: rest) { endRow() }
      wasBroken = !fits(part, inside.outer, tail: rest)
      if wasBroken {
        writeBroken(part, inside, tail: rest)
      } else {
        append(part, inside.outer)
      }
    }
  }

  /// Returns the parts of `range`, each but the first with the operator before it.
  private func operands(in range: Range<Int>) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var (start, i) = (range.lowerBound, range.lowerBound)
    while i < range.upperBound {
      if i > start, outline.pieces[i].kind.isBinaryOperator, isApart(i + 1) {
        parts.append(start..<i)
        start = i
      }
      i = partner(of: i) + 1
    }
    return parts + [start..<range.upperBound]
  }

  /// `true` iff a blank stands before the token at `index`, as behind a binary operator and not behind a prefix.
  private func isApart(_ index: Int) -> Bool { index < outline.pieces.count && outline.pieces[index].blanks > 0 }

}
