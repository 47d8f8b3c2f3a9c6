import Support

extension Parser {

  /// Reads a number and its unit, if any.
  ///
  /// - Requires: a number is next.
  func parseNumber() throws(Failure) -> Expression {
    let start = current.span
    let isInteger = kind == .integer
    let digits = text(of: start).filter { $0 != "_" }
    guard let value = Double(digits), value.isFinite, let integer = Self.integer(digits, if: isInteger) else {
      throw fail(.numberOutOfRange(at: start))
    }
    advance()
    let unit = try parseUnit()
    return Expression(.number(.init(value: value, integer: integer, unit: unit)), at: span(from: start.start))
  }

  /// Returns the value of `digits` if they are an integer and `.some(nil)` if not; `nil` if an integer is too large.
  private static func integer(_ digits: String, if isInteger: Bool) -> Int?? {
    if !isInteger { return .some(nil) }
    return Int(digits).map { .some($0) }
  }

  /// Reads the word behind a number on its line, which must be a unit unless it goes on with the expression or starts a
  /// statement.
  private func parseUnit() throws(Failure) -> UnitName? {
    guard kind == .name, !current.startsLine, current.text != "as", !isAtKeyword else { return nil }
    guard let unit = UnitName(rawValue: current.text) else {
      let intended = Self.intendedUnit(for: current.text)
      throw fail(.unknownUnit(current.text, at: current.span, intended: intended))
    }
    advance()
    return unit
  }

  /// `true` iff the word to be read next starts statements or items.
  private var isAtKeyword: Bool {
    StatementKeyword(rawValue: current.text) != nil || ItemKeyword(rawValue: current.text) != nil
  }

  /// Returns the unit that `word` most likely stands for, or `nil`.
  private static func intendedUnit(for word: String) -> String? {
    let units = UnitName.allCases.map(\.rawValue)
    return units.first { $0.lowercased() == word.lowercased() } ?? intendedWord(for: word, among: units)
  }

  /// Reads an integer that is an index.
  func parseIndex(of what: String) throws(Failure) -> Int {
    if kind != .integer { throw fail(.expectedInteger(what, found: found, at: place)) }
    guard let value = Int(text(of: current.span).filter { $0 != "_" }) else {
      throw fail(.numberOutOfRange(at: current.span))
    }
    advance()
    return value
  }

}
