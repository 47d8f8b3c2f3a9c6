import IR
import Support
import Testing

/// Patterns of paths as strings.
@Suite struct SelectorTests {

  private static let nowhere = SourceSpan(0, 0)

  @Test(arguments: [
    "wte", "h.0.mlp.weight", "h.*.mlp.**", "**", "*.bias", "h.{0..2}.**", "{3..3}", "a_b.C1", "h.*.attn.w*", "*a*b*",
    "a*.**",
  ])
  func `a pattern prints as it is written`(_ text: String) throws {
    #expect(try #require(ValueSelector(pattern: text, span: Self.nowhere)).description == text)
  }

  @Test(arguments: [
    "", ".", "a.", ".a", "a..b", "***", "a**", "**a", "a*.b**c", "h.{2..1}*", "h.{2..1}", "h.{0..2", "h.{0}", "{a..b}",
    "{-1..2}", "{0..1}x", "{0..1}.",
    "a b",
    "a-b", "h::dropout", "ü", "{}", "{..}",
  ]) func `what is no pattern is refused`(_ text: String) {
    #expect(ValueSelector(pattern: text, span: Self.nowhere) == nil)
  }

  @Test func `a pattern selects the paths of its form`() throws {
    let paths = ["wte", "h.0.attn.qkv", "h.0.mlp.up.weight", "h.1.mlp.up.weight", "h.3.mlp.bias", "ln_f.gain"]
    func selected(_ text: String) throws -> [String] {
      let selector = try #require(ValueSelector(pattern: text, span: Self.nowhere))
      return paths.filter { selector.matches(path: $0, mnemonic: "") }
    }
    #expect(try selected("h.*.mlp.**") == Array(paths[2...4]))
    #expect(try selected("h.{0..1}.**") == Array(paths[1...3]))
    #expect(try selected("*.gain") == ["ln_f.gain"])
    #expect(try selected("**") == paths)
    #expect(try selected("h") == [])
    #expect(try selected("h.*.mlp.*eight") == [])
    #expect(try selected("h.*.mlp.b*") == [paths[4]])
    #expect(try selected("h.*.*.*p.w*t") == Array(paths[2...3]))
    #expect(try selected("*n*.*a*n") == ["ln_f.gain"])
    #expect(try selected("w*") == ["wte"], "a star stays within its part")
    #expect(try selected("*w*te*") == ["wte"], "a star may stand for nothing")
    #expect(try selected("h.0.at*.*k*v*") == ["h.0.attn.qkv"])
  }

}
