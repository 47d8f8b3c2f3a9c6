import Support
import Syntax
import Testing

@Suite struct FormatterPropertyTests {

  /// Texts without errors.
  static let accepted: [String] =
    (AcceptedCase.items + AcceptedCase.statements + AcceptedCase.expressions).map(\.text) + Samples.all.map(\.1)

  private static let rejected = (RejectedCase.items + RejectedCase.structure + RejectedCase.words).map(\.text)

  @Test func `what the parser's tests accept and refuse is formatted and refused`() {
    for text in Self.accepted + Self.rejected { #expect(formattingProblem(of: Array(text.utf8)) == nil) }
  }

  /// Returns sentences of the grammar, without errors; a number may be out of range in others.
  private static func sentences(_ count: Int, size: Int, seed: Int) throws -> [String] {
    var generator = SentenceGenerator(try Grammar.cgm.get(), seed: UInt64(seed))
    return (0..<count).map { _ in generator.text(of: generator.sentence(size: size)) }.filter {
      !parse(SourceFile(name: "x", text: $0)).diagnostics.hasErrors
    }
  }

  @Test(arguments: 0..<5)
  func `random sentences keep their trees, and stay as they are when formatted again`(_ seed: Int) throws {
    let texts = try Self.sentences(10, size: 60, seed: seed) + Self.sentences(5, size: 300, seed: seed + 100)
    #expect(texts.count > 5)
    for t in texts { #expect(formattingProblem(of: Array(t.utf8)) == nil) }
  }

  @Test(arguments: 0..<5)
  func `comments survive wherever they stand`(_ seed: Int) throws {
    var layout = Relayout(addsComments: true, random: SplitMix(seed: UInt64(seed)))
    for t in try Self.accepted + Self.sentences(10, size: 60, seed: seed) {
      let text = layout.relaid(t)
      #expect(!parse(SourceFile(name: "x", text: text)).diagnostics.hasErrors, "\(text)")
      #expect(formattingProblem(of: Array(text.utf8)) == nil)
    }
  }

  @Test(arguments: 0..<5)
  func `blanks, and newlines in brackets, change nothing`(_ seed: Int) throws {
    var layout = Relayout(addsComments: false, random: SplitMix(seed: UInt64(seed)))
    for text in try Self.accepted + Self.sentences(3, size: 200, seed: seed) {
      let expected = try #require(formatted(SourceFile(name: "x", text: text)).text)
      for source in [text, expected] {
        let variant = layout.relaid(source)
        #expect(formatted(SourceFile(name: "x", text: variant)).text == expected, "\(variant)")
      }
    }
  }

  @Test(arguments: 0..<5)
  func `mutated files are formatted or refused`(_ seed: Int) {
    var random = SplitMix(seed: UInt64(seed))
    var count = 0
    for text in Self.accepted {
      for _ in 0..<5 {
        let bytes = PropertyTests.mutated(Array(text.utf8), &random)
        #expect(formattingProblem(of: bytes) == nil, "\(String(decoding: bytes, as: UTF8.self))")
        if formatted(SourceFile(name: "x", bytes: bytes)).text != nil { count += 1 }
      }
    }
    #expect(count > 5)
  }

  @Test(arguments: [10, 45, 98])
  func `deep nesting is broken on a small stack`(_ depth: Int) {
    onSmallStack {
      for s in NestingTests.shapes {
        let text = s.before + NestingTests.nested(s.open, s.middle, s.close, depth)
        #expect(formattingProblem(of: Array(text.utf8)) == nil, "\(s.open)")
      }
    }
  }

  @Test(arguments: [" + ", ", ", " + f(x) + ", ")(", "](1)["])
  func `a line of ten thousand parts is broken`(_ sign: String) {
    let isSuffix = sign.contains(")(") || sign.contains("](")
    let count = isSuffix ? 90 : 10_000
    var text = "let x = f" + (sign.contains("]") ? "[\n" : "(\n")
    for i in 0..<count { text += (i == 0 ? "" : sign) + "abcdefgh" + (i % 100 == 0 ? "\n" : "") }
    let source = text + (sign.contains("]") ? "]\n" : ")\n")
    onSmallStack { #expect(formattingProblem(of: Array(source.utf8)) == nil) }
  }

}
