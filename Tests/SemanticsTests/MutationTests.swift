import Driver
import IR
import Semantics
import Support
import Syntax
import TestSupport
import Testing

/// Seeded mutations of models, none of which may crash or hang the compiler.
@Suite struct MutationTests {

  static let golden = GoldenFolder("../CompilerTests/cases/accepted", beside: #filePath)

  /// The models that are mutated.
  static let sources: [[UInt8]] = golden.models.map { Array(golden.text("\($0).cgm").utf8) }

  @Test(arguments: 0..<20)
  func `ten thousand mutants are refused or compiled`(_ seed: UInt64) {
    var random = SplitMix(seed: seed)
    var compiled = 0
    for _ in 0..<500 {
      let source = Self.sources[Int.random(in: Self.sources.indices, using: &random)]
      var mutant = source
      for _ in 0..<Int.random(in: 1...3, using: &random) { Self.mutate(&mutant, &random) }
      compiled += Self.compile(mutant) ? 1 : 0
    }
    #expect(compiled > 0)
  }

  /// Returns `true` iff `bytes` are a model that lowers; a small one is also compiled, and its plan verified by that.
  private static func compile(_ bytes: [UInt8]) -> Bool {
    let file = SourceFile(name: "mutant.cgm", bytes: bytes)
    let (tree, diagnostics) = parse(file)
    if diagnostics.hasErrors { return !diagnostics.rendered(in: file).isEmpty && false }
    let (model, found) = lower(.init(file, tree))
    guard let model else {
      #expect(!found.rendered(in: file).isEmpty)
      return false
    }
    if model.module.train.instructions.count > 100 { return true }
    do throws(CompileFailure) {
      _ = try Compilation(file).compiled()
      return true
    } catch {
      if case .broken(let stage, let message) = error {
        Issue.record("\(stage): \(message)\n\(String(decoding: bytes, as: UTF8.self))")
      }
      return false
    }
  }

  /// Words that take the compiler to its borders.
  private static let words = [
    "0", "1", "-1", "2", "1000", "100000000000", "9223372036854775807", "1e308", "0.5", "x", "h", "w", "B", "D",
    "weight",
    "relu(", "mean(", "softmax(", "dropout(", "checkpoint(", "(", ")", ",", " + ", " - ", " * ", " / ", " @ ", " % ",
    "\n",
    "f32[B, D]", "i32[B]", "f32[]", "[..", "repeat 2 {", "}", "return ", "let a = ", "var h = ", "h += ", " as a", "**",
    ".",
    "save **\n", "recompute **\n", "every(k: 2)", "save = every(2 steps, keep: 3)", "sqrt()", "none()", "true", "\"a\"",
    "train", "loss", "//",
  ]

  private static func mutate(_ bytes: inout [UInt8], _ random: inout SplitMix) {
    let i = Int.random(in: bytes.indices, using: &random)
    switch Int.random(in: 0..<8, using: &random) {
    case 0: bytes.remove(at: i)
    case 1: bytes[i] = bytes[Int.random(in: bytes.indices, using: &random)]
    case 2, 3: replaceWord(at: i, &bytes, with: Array(words[Int.random(in: words.indices, using: &random)].utf8))
    case 4, 5:
      let j = Int.random(in: bytes.indices, using: &random)
      replaceWord(at: i, &bytes, with: Array(word(at: j, bytes)))
    case 6: bytes.insert(contentsOf: Array(words[Int.random(in: words.indices, using: &random)].utf8), at: i)
    case _: swapLines(i, Int.random(in: bytes.indices, using: &random), &bytes)
    }
    if bytes.isEmpty { bytes = [UInt8(ascii: "x")] }
  }

  private static func isWord(_ b: UInt8) -> Bool {
    (48...57).contains(b) || (65...90).contains(b) || (97...122).contains(b) || b == 95
  }

  private static func range(at i: Int, _ bytes: [UInt8]) -> Range<Int> {
    guard isWord(bytes[i]) else { return i..<(i + 1) }
    var (start, end) = (i, i)
    while start > 0, isWord(bytes[start - 1]) { start -= 1 }
    while end < bytes.count, isWord(bytes[end]) { end += 1 }
    return start..<end
  }

  private static func word(at i: Int, _ bytes: [UInt8]) -> ArraySlice<UInt8> { bytes[range(at: i, bytes)] }

  private static func replaceWord(at i: Int, _ bytes: inout [UInt8], with word: [UInt8]) {
    bytes.replaceSubrange(range(at: i, bytes), with: word)
  }

  private static func swapLines(_ i: Int, _ j: Int, _ bytes: inout [UInt8]) {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let (a, b) = (i % lines.count, j % lines.count)
    lines.swapAt(a, b)
    bytes = Array(lines.joined(separator: [UInt8(ascii: "\n")]))
  }

}
