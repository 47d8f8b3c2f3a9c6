import Support

/// Turns canonical text into plans, strictly and within limits.
///
/// A text that reads is not yet fit to run: see `Plan.verify()`.
package enum PlanReader {

  /// Returns the plan whose canonical text is `bytes`.
  ///
  /// - Throws: if the text is too long, of another version, not a plan, cut short, or not byte for byte what the writer
  ///   gives for the plan it describes.
  /// - Complexity: O(*n*) in the length of the text.
  package static func read(_ bytes: [UInt8], limits: PlanLimits = .init()) throws(PlanError) -> Plan {
    if bytes.count > limits.bytes {
      throw .init(.unreadable, line: 1, column: 1, "\(bytes.count) bytes; a plan has at most \(limits.bytes)")
    }
    let plan: Plan
    do throws(TextError) {
      var reader = PlanTextReader(bytes, limits)
      plan = try reader.plan()
    } catch {
      throw .init(error)
    }
    try requireCanonical(plan, bytes)
    return plan
  }

  /// Throws unless writing `plan` gives `bytes`.
  private static func requireCanonical(_ plan: Plan, _ bytes: [UInt8]) throws(PlanError) {
    var position = 0
    try PlanWriter.write(plan) { (chunk) throws(PlanError) in
      let end = min(position + chunk.utf8.count, bytes.count)
      guard bytes[position..<end].elementsEqual(chunk.utf8) else {
        throw notCanonical(bytes, from: position, expected: Array(chunk.utf8))
      }
      position = end
    }
    if position < bytes.count { throw notCanonical(bytes, from: position, expected: []) }
  }

  /// Returns the error at the first byte from `start` on that differs from `expected`.
  private static func notCanonical(_ bytes: [UInt8], from start: Int, expected: [UInt8]) -> PlanError {
    var length = 0
    while length < expected.count, start + length < bytes.count, expected[length] == bytes[start + length] {
      length += 1
    }
    let newline = UInt8(ascii: "\n")
    let before = bytes[..<(start + length)]
    let column = before.count - (before.lastIndex(of: newline).map { $0 + 1 } ?? 0) + 1
    let line = before.reduce(1) { $0 + ($1 == newline ? 1 : 0) }
    let lineStart = expected[..<length].lastIndex(of: newline).map { $0 + 1 } ?? 0
    let text = String(decoding: expected[lineStart...].prefix { $0 != newline }.prefix(120), as: UTF8.self)
    return .init(.unreadable, line: line, column: column, "not in canonical form; expected the line '\(text)'")
  }

}
