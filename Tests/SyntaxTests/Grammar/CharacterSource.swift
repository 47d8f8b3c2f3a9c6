/// The characters of a text, against which the productions of tokens are matched.
struct CharacterSource: MatchSource {

  let characters: [Unicode.Scalar]

  init(_ text: String) { characters = Array(text.unicodeScalars) }

  func end(ofText text: String, in name: String, at position: Int) -> Int? {
    let scalars = text.unicodeScalars
    return characters[min(position, characters.count)...].starts(with: scalars) ? position + scalars.count : nil
  }

  func end(ofProse prose: String, at position: Int) -> Int? {
    guard position < characters.count, let includes = Self.meanings[prose] else { return nil }
    return includes(characters[position]) ? position + 1 : nil
  }

  func end(ofToken name: String, at position: Int) -> Int? { nil }

  func isLeaf(_ name: String) -> Bool { false }

  func start(of name: String, at position: Int) -> Int { position }

  /// What the words of the grammar say of a character.
  static let meanings: [String: @Sendable (Unicode.Scalar) -> Bool] = [
    "A to Z and a to z": { ("A"..."Z").contains($0) || ("a"..."z").contains($0) },
    "0 to 9": { ("0"..."9").contains($0) },
    "blank, tab, carriage return": { $0 == " " || $0 == "\t" || $0 == "\r" },
    "any character but newline": { $0 != "\n" },
    #"any character but '"', "\", and U+0000 to U+001F and U+007F except tab"#: { (c) in
      c != "\"" && c != "\\" && (c == "\t" || c.value >= 0x20 && c.value != 0x7f)
    },
  ]

}
