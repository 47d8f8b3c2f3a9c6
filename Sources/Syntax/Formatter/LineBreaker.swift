import Support

/// Writes one line of an outline as several rows, broken inside of its brackets.
///
/// Comments end rows wherever they stand, so that what is written is right however the line is broken.
struct LineBreaker {

  /// How far in rows start.
  struct Indentation {

    /// The columns before a row that starts outside of the bracket that is broken next.
    var outer: Int

    /// The columns before a row that starts inside of it.
    var inner: Int

    /// `true` iff the closing bracket starts a row, as in the head of a body.
    var closesApart = false

    /// The indentation inside of that bracket.
    var nested: Indentation { .init(outer: inner, inner: inner + Style.indentation) }

  }

  /// The tokens and blanks of the line.
  let outline: Outline

  /// What was written, the row being written last.
  private(set) var rows: [Row] = []

  /// `true` iff the next token starts a row.
  private(set) var isRowEnded = true

  private var hasBlankLineBefore: Bool

  /// The first token.
  private let start: Int

  /// The number of columns before each token if all stand on one line, and behind the last.
  private let offsets: [Int]

  /// The number of comments before each token and behind the last.
  private let commentCounts: [Int]

  /// The index of the token that closes the bracket which each token opens; its own for other tokens.
  private let partners: [Int]

  /// Creates a writer of `line`.
  init(_ line: OutlineLine, of outline: Outline) {
    self.outline = outline
    hasBlankLineBefore = line.hasBlankLineBefore
    start = line.pieces.lowerBound
    offsets = line.pieces.reduce(into: [0]) { (sums, i) in
      sums.append(sums[sums.count - 1] + outline.pieces[i].blanks + outline.pieces[i].width)
    }
    commentCounts = line.pieces.reduce(into: [0]) { (sums, i) in
      sums.append(sums[sums.count - 1] + outline.pieces[i].comments.count)
    }
    partners = Self.partners(in: line.pieces, of: outline)
  }

  private static func partners(in range: Range<Int>, of outline: Outline) -> [Int] {
    var partners = Array(range)
    var open: [Int] = []
    for i in range where outline.pieces[i].kind.bracketStep != 0 {
      if outline.pieces[i].kind.bracketStep > 0 {
        open.append(i)
      } else if let opening = open.popLast() {
        partners[opening - range.lowerBound] = i
      }
    }
    return partners
  }

  /// Returns the token that closes the bracket which the token at `index` opens, or `index`.
  func partner(of index: Int) -> Int { partners[index - start] }

  /// Returns the number of columns that `range` takes on one line.
  func width(of range: Range<Int>) -> Int {
    if range.isEmpty { return 0 }
    return offsets[range.upperBound - start] - offsets[range.lowerBound - start]
      - outline.pieces[range.lowerBound].blanks
  }

  /// `true` iff a comment stands behind a token of `range`.
  func hasComments(_ range: Range<Int>) -> Bool {
    commentCounts[range.upperBound - start] > commentCounts[range.lowerBound - start]
  }

  /// `true` iff `range` and `tail` further columns fit into the row being written and no comment stands between them.
  func fits(_ range: Range<Int>, _ indentation: Int, tail: Int) -> Bool {
    if hasComments(range.dropLast()) { return false }
    let row = isRowEnded ? Row(indentation: indentation, hasBlankLineBefore: false) : rows[rows.count - 1]
    let blanks = row.text.isEmpty ? 0 : outline.pieces[range.lowerBound].blanks
    return row.end + blanks + width(of: range) + tail <= max(Style.lineWidth, row.indentation + Style.leastRoom)
  }

  /// Lets the next token start a row.
  mutating func endRow() { isRowEnded = true }

  /// Writes the tokens of `range`.
  mutating func append(_ range: Range<Int>, _ indentation: Int) {
    for i in range { append(i, indentation, comments: indentation) }
  }

  /// Writes the token at `index`, in a row with `indentation` if it starts one, and the comments behind it.
  mutating func append(_ index: Int, _ indentation: Int, comments commentIndentation: Int) {
    if isRowEnded { startRow(indentation) }
    let piece = outline.pieces[index]
    rows[rows.count - 1].append(piece, from: outline.bytes)
    for c in piece.comments {
      if isRowEnded || !c.isTrailing { startRow(commentIndentation) }
      rows[rows.count - 1].comment = c
      isRowEnded = true
    }
  }

  private mutating func startRow(_ indentation: Int) {
    rows.append(Row(indentation: indentation, hasBlankLineBefore: hasBlankLineBefore))
    hasBlankLineBefore = false
    isRowEnded = false
  }

}
