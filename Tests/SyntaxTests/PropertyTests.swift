import Support
import Syntax
import Testing

@Suite struct PropertyTests {

  /// What mutations insert.
  static let pieces: [String] = [
    "(", ")", "[", "]", "{", "}", "\n", "\n\n", " ", ",", ":", "::", ".", "..", "=", "+=", "->", "~", "@", "-", "*",
    "**",
    "\"", "\\", "//", "1", "0.", "1e", "_", "as ", "in ", "let ", "repeat ", "block ", "train {", "schedule {", "save ",
    "when ", "else", "MiB", "f32[", "\u{e9}", "\u{201c}", "\u{1f600}", "\u{0}", "\r", "\t", "$", "99999999999999999999",
  ]

  /// Returns `bytes` with a few pieces inserted, removed, doubled or exchanged.
  static func mutated(_ bytes: [UInt8], _ random: inout SplitMix) -> [UInt8] {
    var result = bytes
    for _ in 0...Int.random(in: 0..<4, using: &random) {
      let start = Int.random(in: 0...result.count, using: &random)
      let end = min(result.count, start + Int.random(in: 0..<12, using: &random))
      switch Int.random(in: 0..<6, using: &random) {
      case 0: result.removeSubrange(start..<end)
      case 1: result.insert(contentsOf: result[start..<end], at: Int.random(in: 0...result.count, using: &random))
      case 2: result.removeSubrange(start...)
      case 3: result.insert(UInt8.random(in: 0...255, using: &random), at: start)
      case _: result.insert(contentsOf: pieces.randomElement(using: &random)?.utf8 ?? "".utf8, at: start)
      }
    }
    return result
  }

  /// Expects that all spans of what `bytes` parse to lie within them, and that the file is explained or accepted.
  private static func check(_ bytes: [UInt8]) {
    let (tree, diagnostics) = parse(SourceFile(name: "x.cgm", bytes: bytes))
    var areInside = true
    func see(_ s: SourceSpan) { if !(0 <= s.start && s.start <= s.end && s.end <= bytes.count) { areInside = false } }
    tree.forEachNode { (node, _) in see(node.span) }
    for d in diagnostics.elements {
      if let s = d.span { see(s) }
      for s in d.notes.compactMap(\.span) { see(s) }
      for f in d.fixIts { see(f.span) }
    }
    #expect(areInside, "\(String(decoding: bytes, as: UTF8.self))")
  }

  @Test(arguments: 0..<20)
  func `mutated files neither crash nor hang, and every span lies within the file`(_ seed: Int) {
    var random = SplitMix(seed: UInt64(seed))
    let samples = Samples.all.map { Array($0.1.utf8) }
    for i in 0..<1000 {
      let sample = samples[i % samples.count]
      let start = Int.random(in: 0..<sample.count, using: &random)
      Self.check(Self.mutated(Array(sample[start..<min(sample.count, start + 200)]), &random))
    }
  }

  @Test(arguments: 0..<10)
  func `random sentences are the same when printed and parsed again`(_ seed: Int) throws {
    var generator = SentenceGenerator(try Grammar.cgm.get(), seed: UInt64(seed))
    for _ in 0..<20 {
      let text = generator.text(of: generator.sentence(size: 120))
      Self.check(Array(text.utf8))
      let (tree, diagnostics) = parse(SourceFile(name: "x.cgm", text: text))
      if diagnostics.hasErrors { continue }  // a number out of range, say
      let again = parse(SourceFile(name: "x.cgm", text: TreePrinter.text(of: tree)))
      #expect(!again.diagnostics.hasErrors)
      #expect(again.tree.dump(in: nil) == tree.dump(in: nil))
    }
  }

  @Test func `a sentence without one of its tokens is never misread as another file`() {
    let text = "block A(x: f32[B]) -> f32[] {\n  let y = f(x)[1] + 2\n  return y\n}\n"
    for (i, c) in text.enumerated() where "()[]{}:=".contains(c) {
      let broken = String(text.prefix(i) + text.dropFirst(i + 1))
      #expect(parse(SourceFile(name: "x.cgm", text: broken)).diagnostics.hasErrors, "\(broken)")
    }
  }

}
