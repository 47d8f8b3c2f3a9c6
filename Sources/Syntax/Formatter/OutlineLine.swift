import Support

/// A statement, rule, item or head of a body, the end of a body, or a comment that has a line of its own.
struct OutlineLine {

  /// What lines have to have in common to be aligned.
  enum Form {

    /// Never aligned.
    case plain

    case dim
    case data

    /// A `param` or `state`.
    case declaration

    /// A `let` of one name.
    case constant

    case variable
    case layer
    case update
    case metric

    /// An assignment with `=`.
    case setting

    /// A line of a schedule.
    case rule

  }

  /// The tokens, as indices of the outline's pieces; none for a comment with a line of its own.
  let pieces: Range<Int>

  /// The comment behind the tokens, or the one that the line consists of.
  let comment: Comment?

  /// The number of bodies around the line.
  let depth: Int

  let form: Form

  /// `true` iff an empty line stands, or is to stand, before the line.
  var hasBlankLineBefore: Bool

}

/// A file cut into lines, for a file without errors.
struct Outline {

  let bytes: [UInt8]

  /// The tokens of all lines.
  var pieces: [Piece] = []

  var lines: [OutlineLine] = []

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// Returns `true` iff the token at `index` is the name `word`.
  func isName(_ index: Int, _ word: String) -> Bool {
    pieces[index].kind == .name && bytes[pieces[index].span.start..<pieces[index].span.end].elementsEqual(word.utf8)
  }

  /// Returns the number of columns that `range` takes on one line.
  func width(of range: Range<Int>) -> Int {
    guard let first = range.first else { return 0 }
    return range.reduce(-pieces[first].blanks) { $0 + pieces[$1].blanks + pieces[$1].width }
  }

  /// `true` iff the tokens of `line` may stand on one line.
  func fitsOnOneLine(_ line: OutlineLine) -> Bool {
    let indentation = line.depth * Style.indentation
    return !line.pieces.contains { !pieces[$0].comments.isEmpty }
      && indentation + width(of: line.pieces) <= max(Style.lineWidth, indentation + Style.leastRoom)
  }

  /// `true` iff `line` starts an item that has a body.
  func isItemWithBody(_ line: OutlineLine) -> Bool {
    guard line.depth == 0, let last = line.pieces.last else { return false }
    return pieces[last].kind == .leftBrace || pieces[last].kind == .rightBrace
  }

  /// `true` iff the lines behind `line` are in its body.
  func opensBody(_ line: OutlineLine) -> Bool { line.pieces.last.map { pieces[$0].kind == .leftBrace } ?? false }

  /// `true` iff `line` starts with the end of a body.
  func isEndOfBody(_ line: OutlineLine) -> Bool { line.pieces.first.map { pieces[$0].kind == .rightBrace } ?? false }

}
