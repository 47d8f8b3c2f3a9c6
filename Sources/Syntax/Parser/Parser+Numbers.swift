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

  /// Reads the name behind a number, which must be a unit unless it goes on with the expression or statement.
  private func parseUnit() throws(Failure) -> UnitName? {
    guard kind == .name, current.text != "as", current.text != "in" else { return nil }
    guard let unit = UnitName(rawValue: current.text) else {
      let intended = Self.intendedUnit(for: current.text)
      throw fail(.unknownUnit(current.text, at: current.span, intended: intended))
    }
    advance()
    return unit
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
