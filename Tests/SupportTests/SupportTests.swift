import Support
import Testing

@Suite struct ByteCountTests {

  @Test(arguments: [
    (0, "0 B"), (1023, "1023 B"), (1024, "1 KiB"), (1536, "1.5 KiB"), (100_000, "97.7 KiB"), (413 << 20, "413 MiB"),
    (100_241_408, "95.6 MiB"),
  ])
  func `prints the largest binary unit`(_ value: Int, _ text: String) {
    #expect(ByteCount(value).description == text)
  }

  @Test(arguments: [
    ("64MiB", 64 << 20), ("61.5 MiB", 64_487_424), ("1_000 KB", 1_000_000), ("4096", 4096), ("8GiB", 8 << 30),
    ("7B", 7),
  ])
  func `reads sizes with units`(_ text: String, _ value: Int) {
    #expect(ByteCount(parsing: text)?.value == value)
  }

  @Test(arguments: ["", "MiB", "12 apples", "-3MiB", "1.2.3MiB", "9999999999GiB", "١MiB", "1e3"])
  func `refuses what is not a size`(_ text: String) {
    #expect(ByteCount(parsing: text) == nil)
  }

  @Test func `rounds up to the alignment`() {
    #expect(ByteCount(0).rounded(upTo: 64).value == 0)
    #expect(ByteCount(1).rounded(upTo: 64).value == 64)
    #expect(ByteCount(64).rounded(upTo: 64).value == 64)
  }

}

@Suite struct SuggestionTests {

  @Test func `finds the nearest name and nothing far away`() {
    #expect(Suggestion.nearest(to: "Hiden", in: ["Hidden", "Pixels"]) == "Hidden")
    #expect(Suggestion.nearest(to: "sgdd", in: ["sgd", "adam"]) == "sgd")
    #expect(Suggestion.nearest(to: "zzz", in: ["Hidden", "Pixels"]) == nil)
    #expect(Suggestion.distance("ab", "ba", limit: 1) == 1)
  }

}

@Suite struct RenderingTests {

  @Test func `prints the line before, the line, a marker, notes and fix-its`() {
    let file = SourceFile(name: "a.cgm", text: "dim A = 1\ndim B = C\n")
    let d = Diagnostic(
      .error, "CG0203", "unknown dim 'C'", at: .init(18, 19), label: "not declared",
      notes: [.init("did you mean 'A'?", at: .init(4, 5))], fixIts: [])
    #expect(
      d.rendered(in: file) == """
        a.cgm:2:9: error: unknown dim 'C' [CG0203]
        1 | dim A = 1
        2 | dim B = C
          |         `- error: not declared
        a.cgm:1:5: note: did you mean 'A'?
        1 | dim A = 1
          |     `- note

        """)
  }

  @Test func `prints no control characters of the source`() {
    let file = SourceFile(name: "a.cgm", text: "dim A\u{1b}[2J\u{9b}2J\u{7f}é = B\n")
    let text = Diagnostic(.error, "CG0203", "unknown dim 'B'", at: .init(18, 19)).rendered(in: file)
    #expect(text.contains("1 | dim A [2J 2J é = B\n"))
    #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || ($0.value >= 32 && !(127...159 ~= $0.value)) })
  }

}
