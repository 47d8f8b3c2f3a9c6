/// The measures of a formatted file, in columns.
enum Style {

  /// By how much a body is further in than what it belongs to.
  static let indentation = 2

  /// The greatest width of a line, as far as it can be broken.
  static let lineWidth = 128

  /// The width that a line has behind its indentation, however deep that is.
  static let leastRoom = 64

  /// Where trailing comments start if the lines before them are short enough.
  static let commentColumn = 46

  /// The least distance between a line and its trailing comment.
  static let commentDistance = 2

  /// The width of the widest line for whose sake the comments of its neighbours move.
  static let greatestCommentedWidth = 70

  /// The most blanks that are added to a cell so that the next ones of a run stand in one column.
  static let greatestPadding = 24

}
