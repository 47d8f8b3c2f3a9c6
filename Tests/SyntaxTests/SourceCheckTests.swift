import Support
import Syntax
import Testing

@Suite struct SourceCheckTests {

  /// Returns the messages about a file of `bytes`, whose tree must be empty.
  private func messages(_ bytes: [UInt8]) -> [String] {
    let (tree, diagnostics) = parse(SourceFile(name: "x.cgm", bytes: bytes))
    #expect(tree.items.isEmpty)
    return diagnostics.elements.map { "\($0.message) [\($0.code)]" }
  }

  @Test(arguments: [[0x00, 0x21, 0x41], [0x00, 0x2f], [0x00, 0x3f, 0x00, 0x00], Array("BEGMF \"pic\";\n".utf8)])
  func `a picture is named as such`(_ bytes: [UInt8]) {
    #expect(messages(bytes) == ["this is a Computer Graphics Metafile picture, not a cgad model [CG0151]"])
  }

  @Test func `a zero byte elsewhere is no picture`() {
    #expect(messages([0x00]) == ["this is no text file: the byte at offset 0 is zero [CG0152]"])
    #expect(messages([0x00, 0x41]) == ["this is no text file: the byte at offset 0 is zero [CG0152]"])
    #expect(messages(Array("dim B\0".utf8)) == ["this is no text file: the byte at offset 5 is zero [CG0152]"])
  }

  @Test(arguments: [[0x80], [0xff, 0xfe, 0x64], [0xc3], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80]])
  func `text must be UTF-8`(_ bad: [UInt8]) {
    let before = Array("// \u{e9}\n//".utf8)
    #expect(messages(before + bad) == ["the text is not valid UTF-8: line 2, offset \(before.count) [CG0153]"])
  }

  @Test func `a file may have so many bytes and no more`() {
    #expect(sizeError(ofFileWith: 16 << 20) == nil)
    #expect(sizeError(ofFileWith: (16 << 20) + 1)?.code == "CG0150")
  }

  @Test func `a line may have so many bytes and no more`() {
    let most = [10] + Array(repeating: UInt8(ascii: " "), count: Limits.lineBytes)
    #expect(messages(most + [10]).isEmpty)
    #expect(messages(most + [32]) == ["line 2 has more than 16384 bytes [CG0154]"])
    #expect(messages(most + [32, 10]) == ["line 2 has more than 16384 bytes [CG0154]"])
  }

  @Test(.enabled(if: isOptimized, "takes ten seconds in a debug build"))
  func `a file may not have more than so many tokens`() {
    let line = "let a = [" + String(repeating: "1,", count: 7995) + "1]\n"
    let text = String(repeating: line, count: Limits.tokens / 16_000 + 1)
    #expect(parse(SourceFile(name: "x.cgm", text: text)).diagnostics.elements.last?.code == "CG0135")
  }

  @Test(arguments: [
    ("let \(String(repeating: "a", count: 255)) = 1", []),
    ("let \(String(repeating: "a", count: 256)) = 1", ["CG0134"]),
    ("let a = 0.\(String(repeating: "1", count: 62))", []),
    ("let a = 0.\(String(repeating: "1", count: 63))", ["CG0134"]),
    ("let a = \"\(String(repeating: "b", count: 4094))\"", []),
    ("let a = \"\(String(repeating: "b", count: 4095))\"", ["CG0134"]),
  ])
  func `tokens may be so long and no longer`(_ text: String, _ codes: [String]) {
    #expect(parse(SourceFile(name: "x.cgm", text: text)).diagnostics.elements.map(\.code) == codes)
  }

}

/// `true` iff the tests were compiled with optimization.
private var isOptimized: Bool {
  var result = true
  assert(
    {
      result = false
      return true
    }())
  return result
}
