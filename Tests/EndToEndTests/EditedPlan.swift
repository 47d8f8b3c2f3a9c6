/// Ways to break the text of a plan.
struct EditedPlan {

  private let lines: [String]

  init(_ text: String) { lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }

  /// The first instructions of the training program that make a value, by their positions.
  private var makers: [Int] {
    let start = lines.firstIndex { $0.hasPrefix("program train") } ?? 0
    return lines.indices.filter { $0 > start && lines[$0].contains(" @") && !lines[$0].contains("recompute") }
  }

  private func replacing(_ i: Int, _ edit: (String) -> String?) -> String {
    (lines[..<i] + [edit(lines[i])].compactMap(\.self) + lines[(i + 1)...]).joined(separator: "\n")
  }

  /// Returns the text with the second value at `offset`.
  private func movingSecond(to offset: String) -> String {
    replacing(makers[1]) { (l) in
      let parts = l.split(separator: "@", maxSplits: 1)
      return "\(parts[0])@\(offset)\(parts[1].drop(while: \.isNumber))"
    }
  }

  /// The text with the second value put where the first one still is.
  func withMovedOffset() -> String {
    movingSecond(to: String(lines[makers[0]].split(separator: "@")[1].prefix(while: \.isNumber)))
  }

  /// The text with an offset beyond the arena.
  func withDistantOffset() -> String { movingSecond(to: "1099511627776") }

  /// The text with a header that promises one byte less.
  func withSmallerPeak() -> String {
    let i = lines.firstIndex { $0.hasPrefix("peak_bytes ") } ?? 0
    return replacing(i) { (l) in "peak_bytes \((Int(l.dropFirst(11)) ?? 0) - 1)" }
  }

  /// The text without its first `delete`.
  func withoutDelete() -> String {
    replacing(lines.firstIndex { $0.hasPrefix("  delete ") } ?? 0) { _ in nil }
  }

  /// The text without its last update.
  func withoutUpdate() -> String {
    replacing(lines.lastIndex { $0.hasPrefix("  update ") } ?? 0) { _ in nil }
  }

  /// The text with its last update twice.
  func withUpdateTwice() -> String {
    replacing(lines.lastIndex { $0.hasPrefix("  update ") } ?? 0) { "\($0)\n\($0)" }
  }

}
