import Foundation
import Testing

/// A model made to exhaust the compiler.
struct HostileModel: Sendable, CustomTestStringConvertible {

  let testDescription: String

  let bytes: [UInt8]

  /// What the messages have to say.
  let message: String

  init(_ description: String, _ bytes: [UInt8], says message: String) {
    testDescription = description
    self.bytes = bytes
    self.message = message
  }

  /// Creates a model whose body has the lines `body`.
  init(_ description: String, _ body: String, says message: String) {
    let text = """
      dim B = 2, D = 2
      data examples: (f32[B, D], f32[B, D]) = synthetic()
      model M(x: f32[B, D]) -> f32[B, D] {
        param w: f32[D, D] ~ kaiming()
        var h = x
        \(body)
        return h @ w
      }
      train {
        let (x, y) = batch(examples)
        loss = mse(M(x), y)
        optimizer = sgd(lr: 0.1)
      }

      """
    self.init(description, Array(text.utf8), says: message)
  }

  private static let mebibyte = 1 << 20

  /// Returns `count` bytes of comments.
  private static func comments(_ count: Int) -> [UInt8] {
    let line = Array("// \(String(repeating: "x", count: 60))\n".utf8)
    return (0..<count).map { line[$0 % line.count] }
  }

  /// Returns `text` many times, each on a line.
  private static func lines(_ text: String, _ count: Int) -> String { String(repeating: text + "\n", count: count) }

  /// Models that are read to their end, or to where a limit is.
  static let meanings: [HostileModel] = [
    .init("ten thousand million repetitions", "repeat 10_000_000_000 {\n h = relu(h)\n }", says: "[CG0214]"),
    .init("repetitions of nothing", "repeat 10_000_000_000 {\n }", says: "[CG0214]"),
    .init("more repetitions than an integer counts", "repeat 10_000_000_000_000_000_000 {\n }", says: "[CG0117]"),
    .init(
      "a hundred and six thousand parameters", "repeat 106_000 as h {\n param v: f32[D]\n }",
      says: "more than 210000 instructions, parameters and states"),
    .init(
      "half a million additions", "repeat 100_000 {\n let five = 1 + 1 + 1 + 1 + 1\n }",
      says: "more than 410000 expressions in all that is expanded"),
    .init("a tensor of 10^18 elements", "param big: f32[1000000000, 1000000000]", says: "[CG0209]"),
    .init(
      "a tensor of 10^36 elements", "let a = zeros() // \n param b: f32[999999999999999999, 999999999999999999]",
      says: "[CG0"),
    .init("a number of 100 digits", "let a = \(String(repeating: "9", count: 100))", says: "[CG0134]"),
    .init(
      "a hundred thousand nested parentheses", "let a = \(lines("(", 100_000))1\(lines(")", 100_000))", says: "[CG0104]"
    ),
    .init("a hundred thousand nested bodies", lines("if true {", 100_000), says: "[CG0104]"),
    .init(
      "a hundred thousand parentheses on a line", "let a = \(String(repeating: "(", count: 100_000))", says: "[CG0154]"),
  ]

  /// Files that are refused before they are read as models.
  static let files: [HostileModel] = [
    .init(
      "a line of 50 MB", Array("let x = ".utf8) + .init(repeating: UInt8(ascii: "1"), count: 50_000_000),
      says: "[CG0150]"),
    .init(
      "a line of 1 MB", Array("let x = ".utf8) + .init(repeating: UInt8(ascii: "1"), count: 1_000_000), says: "[CG0154]"
    ),
    .init("a byte more than 16 MiB", comments(16 * mebibyte + 1), says: "16777217 bytes, and a model at most 16777216"),
    .init(
      "invalid UTF-8", Array("dim B = 1 // ".utf8) + [0xff, 0xfe], says: "not valid UTF-8: line 1, offset 13 [CG0153]"),
    .init("a zero", Array("dim B = 1\0".utf8), says: "the byte at offset 9 is zero [CG0152]"),
    .init("a picture", [0x00, 0x29, 0x08] + Array("example".utf8), says: "Computer Graphics Metafile picture"),
    .init("a picture in words", Array("BEGMF 'example';\n".utf8), says: "Computer Graphics Metafile picture"),
    .init("an empty file", [], says: "there is no 'train' block"),
    .init("only comments", comments(1000), says: "there is no 'train' block"),
    .init("16 MiB of comments", comments(16 * mebibyte), says: "there is no 'train' block"),
    .init("only a byte order mark", [0xef, 0xbb, 0xbf], says: "there is no 'train' block"),
  ]

}

@Suite struct HostileModelTests {

  /// The KiB of addresses that the compiler may use.
  private static let memory = 1 << 20

  @Test(arguments: HostileModel.meanings + HostileModel.files)
  func `is refused for its reason, in little memory`(_ model: HostileModel) throws {
    let w = Workspace()
    try w.write("model.cgm", model.bytes)
    try w.run(.cgadc, ["check", "model.cgm"], kilobytes: Self.memory).refuses(1, "model.cgm", model.message)
    #expect(try w.names == ["model.cgm"])
  }

  @Test func `what is larger than any model is not read at all`() throws {
    let w = Workspace()
    try w.write("model.cgm", [])
    #expect(truncate(w.file("model.cgm"), 1 << 40) == 0)
    try w.run(.cgadc, ["check", "model.cgm"], kilobytes: Self.memory).refuses(2, "model.cgm", "is larger than 64 MiB")
  }

  @Test func `a model that is not hostile is accepted in the same memory`() throws {
    let w = Workspace()
    try w.write("model.cgm", HostileModel("", "h = relu(h)", says: "").bytes)
    try w.run(.cgadc, ["check", "model.cgm"], kilobytes: Self.memory).exits(0)
  }

}
