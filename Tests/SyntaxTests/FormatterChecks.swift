import Support
import Syntax

/// Returns what is wrong with how `bytes` are formatted, or `nil`.
///
/// Either both the parser and the formatter refuse them, or the result has the same tree and comments, stays as it is when
/// formatted again, and has no blanks at the ends of lines.
func formattingProblem(of bytes: [UInt8]) -> String? {
  let file = SourceFile(name: "x.cgm", bytes: bytes)
  let (tree, diagnostics) = parse(file)
  let (text, problems) = formatted(file)
  if diagnostics.hasErrors { return text == nil && problems.hasErrors ? nil : "a file with errors was formatted" }
  guard let text else { return "a file without errors was refused" }
  let again = SourceFile(name: "x.cgm", text: text)
  let result = parse(again)
  if result.diagnostics.hasErrors { return "the result has errors:\n\(text)" }
  if result.tree.dump(in: nil) != tree.dump(in: nil) { return "the tree is another:\n\(text)" }
  if comments(in: text.utf8) != comments(in: bytes) { return "the comments are others:\n\(text)" }
  if formatted(again).text != text { return "formatted again it changes:\n\(text)" }
  if !isSameModel(file, again) { return "the check of the formatter fails:\n\(text)" }
  return endsOfLinesProblem(text)
}

private func endsOfLinesProblem(_ text: String) -> String? {
  let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
  if lines.contains(where: { $0.last == UInt8(ascii: " ") }) { return "a line ends with a blank:\n\(text)" }
  if text.isEmpty { return nil }
  if lines.last?.isEmpty != true || lines.count < 2 || lines[lines.count - 2].isEmpty {
    return "no single newline at the end"
  }
  return nil
}

/// Returns the comments of a file without errors, without the blanks at their ends.
func comments(in bytes: some Collection<UInt8>) -> [String] {
  bytes.split(separator: UInt8(ascii: "\n")).compactMap { (line) in
    comment(of: String(decoding: line, as: UTF8.self))
  }
}

/// Returns what stands from two slashes outside of strings on, if there is such.
private func comment(of line: String) -> String? {
  var isInString = false
  let scalars = Array(line.unicodeScalars)
  var i = 0
  while i < scalars.count {
    if isInString, scalars[i] == "\\" {
      i += 1
    } else if scalars[i] == "\"" {
      isInString.toggle()
    } else if !isInString, scalars[i] == "/", i + 1 < scalars.count, scalars[i + 1] == "/" {
      let end = scalars.lastIndex { $0 != " " && $0 != "\t" && $0 != "\r" } ?? i
      return String(String.UnicodeScalarView(scalars[i...end]))
    }
    i += 1
  }
  return nil
}

/// Changes what stands between the tokens of a text without errors.
struct Relayout {

  /// Whether comments are put in.
  let addsComments: Bool

  var random: SplitMix

  /// Returns `text` with other blanks, in brackets also newlines, and comments where they may stand.
  mutating func relaid(_ text: String) -> String {
    var result = ""
    var (depth, isInString, isInComment) = (0, false, false)
    let characters = Array(text.unicodeScalars).map(Character.init)
    for (i, c) in characters.enumerated() {
      if c == "\n" { isInComment = false }
      if isInComment || isInString {
        result.append(c)
        if isInString, c == "\"", !isEscaped(characters, i) { isInString = false }
        continue
      }
      if c == "/", i + 1 < characters.count, characters[i + 1] == "/" { isInComment = true }
      if c == "\"" { isInString = true }
      if "([".contains(c) { depth += 1 }
      if ")]".contains(c) { depth -= 1 }
      let isBeforeComment = characters[(i + 1)...].first { $0 != " " } == "/"
      // A unit has to stay on the line of its number.
      let mayBreak = depth > 0 && !isBeforeComment && result.last { !$0.isWhitespace }?.isNumber != true
      result += replacement(of: c, inBrackets: depth > 0 && !isBeforeComment, mayBreak: mayBreak)
    }
    return result
  }

  /// `true` iff an odd number of backslashes stands before the character at `index`.
  private func isEscaped(_ characters: [Character], _ index: Int) -> Bool {
    characters[..<index].reversed().prefix { $0 == "\\" }.count % 2 == 1
  }

  /// Returns what to write for a character outside of strings and comments.
  private mutating func replacement(of c: Character, inBrackets: Bool, mayBreak: Bool) -> String {
    let chance = Int.random(in: 0..<12, using: &random)
    if c == "\n" { return addsComments && chance == 0 ? " // end\n" : chance < 4 ? "\r\n" : " \t\n  " }
    if inBrackets, ",([".contains(c) {
      if addsComments, chance < 2 { return "\(c)\(chance == 0 ? " " : "\n")// in \(c) \t\n" }
      return chance < 4 ? "\(c)\n" : "\(c) "
    }
    return c == " " ? [" ", "  ", "\t", " \t "][chance % 4] + (mayBreak && chance < 3 ? "\n" : "") : String(c)
  }

}
