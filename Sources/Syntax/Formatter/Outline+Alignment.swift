extension Outline {

  /// Aligns the cells of every run of lines.
  ///
  /// A run is two or more lines of one form, each on a line of its own, with no empty line and no comment line between them.
  /// The metrics behind settings belong to their run; a setting behind a metric starts a new one.
  ///
  /// - Complexity: O(*n*) in the number of tokens.
  mutating func align() {
    var start = 0
    while start < lines.count {
      var end = start + 1
      while end < lines.count, areInOneRun(lines[end - 1], lines[end]) { end += 1 }
      if end - start > 1 { align(start..<end) }
      start = end
    }
  }

  /// `true` iff `line`, which follows `previous`, is aligned with it.
  private func areInOneRun(_ previous: OutlineLine, _ line: OutlineLine) -> Bool {
    if line.hasBlankLineBefore || previous.form == .plain { return false }
    let isSameForm = previous.form == line.form || (previous.form == .setting && line.form == .metric)
    return isSameForm && fitsOnOneLine(previous) && fitsOnOneLine(line)
  }

  /// Aligns the lines of `run`: the words of their values too if these have one shape, and nothing that gets too long.
  private mutating func align(_ run: Range<Int>) {
    let cells = run.map { self.cells(of: lines[$0]) }
    var attempts = [cells]
    if haveOneShape(run, cells) { attempts.insert(zip(run, cells).map { $1 + words(of: lines[$0], from: $1) }, at: 0) }
    for starts in attempts {
      for (piece, blanks) in padding(run, starts) { pieces[piece].blanks = blanks }
      if run.allSatisfy({ fitsOnOneLine(lines[$0]) }) { return }
      for piece in starts.joined() where pieces[piece].blanks > 0 { pieces[piece].blanks = 1 }
    }
  }

  /// Returns the first tokens of the cells of `line`: what is named, the type if there is one, and the value if there is one.
  private func cells(of line: OutlineLine) -> [Int] {
    let start = line.pieces.lowerBound
    switch line.form {
    case .plain: return [start]
    case .rule: return [start, start + 1]
    case .data, .declaration:
      let value = line.pieces.dropFirst(3).first { pieces[$0].kind == .tilde || pieces[$0].kind == .equal }
      return [start, start + 3] + (value.map { [$0] } ?? [])
    case .dim, .constant, .variable, .layer, .update, .metric, .setting:
      return [start, line.pieces.first { pieces[$0].kind == .equal } ?? start + 1]
    }
  }

  /// Returns the tokens of the last cell of `line` behind a blank, the first one and those inside of square brackets excepted.
  private func words(of line: OutlineLine, from cells: [Int]) -> [Int] {
    var depth = 0
    let value = (cells.last ?? line.pieces.lowerBound)..<line.pieces.upperBound
    return value.filter { (i) in
      let isWord = depth == 0 && pieces[i].blanks > 0 && i > value.lowerBound
      if pieces[i].kind == .leftBracket { depth += 1 }
      if pieces[i].kind == .rightBracket { depth -= 1 }
      return isWord
    }
  }

  /// `true` iff the last cells of all lines differ in nothing but names and literals.
  private func haveOneShape(_ run: Range<Int>, _ cells: [[Int]]) -> Bool {
    let values = zip(run, cells).map { (i, c) in (c.last ?? lines[i].pieces.lowerBound)..<lines[i].pieces.upperBound }
    return cells.allSatisfy { $0.count == cells[0].count } && values.allSatisfy { isAlike($0, values[0]) }
  }

  private func isAlike(_ a: Range<Int>, _ b: Range<Int>) -> Bool {
    a.count == b.count
      && zip(a, b).allSatisfy { (i, j) in
        pieces[i].kind == pieces[j].kind && (pieces[i].blanks > 0) == (pieces[j].blanks > 0)
          && (!isHead(i, of: a) || text(of: i) == text(of: j))
      }
  }

  /// `true` iff the token at `index` is a name that is called, subscripted or a label, or has members.
  private func isHead(_ index: Int, of range: Range<Int>) -> Bool {
    guard pieces[index].kind == .name, index + 1 < range.upperBound else { return false }
    switch pieces[index + 1].kind {
    case .leftParenthesis, .leftBracket, .colon, .dot: return pieces[index + 1].blanks == 0
    case _: return false
    }
  }

  /// Returns the numbers of blanks before cells that start at `starts`, column by column until one needs too many.
  private func padding(_ run: Range<Int>, _ starts: [[Int]]) -> [(piece: Int, blanks: Int)] {
    var result: [(piece: Int, blanks: Int)] = []
    for column in 1..<max(2, starts.map(\.count).max() ?? 0) {
      let cells = starts.filter { $0.count > column }.map { $0[column - 1]..<$0[column] }
      let widths = cells.map { width(of: $0) }
      guard let widest = widths.max(), let narrowest = widths.min() else { break }
      if widest - narrowest > Style.greatestPadding { break }
      for (c, w) in zip(cells, widths) { result.append((c.upperBound, 1 + widest - w)) }
    }
    return result
  }

}
