import Support
import Syntax
import Testing

@Suite struct NestingTests {

  /// Texts that repeat a part, and what stands around the repetitions.
  static let shapes: [(before: String, open: String, middle: String, close: String)] = [
    ("let x = ", "(", "1", ")"),
    ("let x = ", "[", "1", "]"),
    ("let x = ", "f(", "1", ")"),
    ("let x = ", "f(a: ", "1", ")"),
    ("let x = ", "y[", "1", "]"),
    ("let x = ", "-(", "1", ")"),
    ("let x = ", "(1 + 1 * -f(", "1", ") as a == 1 -> 1)"),
    ("let x = ", "(1, ", "1", ")"),
    ("data x: ", "(", "f32[]", ")= 1"),
    ("train {\n", "if a {\n", "x = 1\n", "}\n"),
    ("train {\n", "repeat i in 3 as a {\n", "x = 1\n", "} \n"),
    ("train {\n", "when training {\n", "x = 1\n", "} else {\n}\n"),
    ("train {\n", "if f(\n{\n", "x = 1\n", "}\n"),
    ("train {\n", "{\n", "x = 1\n", "}\n"),
    ("train ", "{\n", "x = 1\n", "}\n"),
    ("train {\nx = ", "{(\n", "x = 1\n", "}\n"),
  ]

  @Test(arguments: [10, 45, 99, 100, 101, 4_000])
  func `nesting of any depth neither overflows the stack nor passes unseen`(_ depth: Int) {
    onSmallStack {
      for s in Self.shapes {
        let text = s.before + Self.nested(s.open, s.middle, s.close, depth)
        let file = SourceFile(name: "deep.cgm", text: text)
        let (tree, diagnostics) = parse(file)
        _ = tree.dump(in: nil)
        if depth > Limits.nesting { #expect(diagnostics.hasErrors, "\(s.open)") }
      }
    }
  }

  /// Returns `depth` repetitions of `open` and `close` around `middle`, cut into lines that are not too long.
  static func nested(_ open: String, _ middle: String, _ close: String, _ depth: Int) -> String {
    var text = ""
    for i in 1...depth { text += open + (i % 100 == 0 ? "\n" : "") }
    text += middle
    for i in 1...depth { text += close + (i % 100 == 0 ? "\n" : "") }
    return text
  }

  @Test func `a hundred brackets are accepted and one more is not`() {
    let most = Limits.nesting - 1
    let (good, bad) = (Self.nested("(", "1", ")", most), Self.nested("(", "1", ")", most + 1))
    #expect(!parse(SourceFile(name: "x", text: "let x = \(good)")).diagnostics.hasErrors)
    #expect(parse(SourceFile(name: "x", text: "let x = \(bad)")).diagnostics.elements.map(\.code) == ["CG0104"])
  }

  @Test(arguments: [".a", "(1)", "[1]", " == 1", " -> 1"])
  func `a chain to the left is limited`(_ link: String) {
    let most = Limits.height - 1
    let (good, bad) = (String(repeating: link, count: most), String(repeating: link, count: 10_000 / link.count))
    onSmallStack {
      let file = SourceFile(name: "x", text: "let x = a\(good)\n")
      let (tree, diagnostics) = parse(file)
      #expect(!diagnostics.hasErrors)
      #expect(tree.dump(in: file).split(separator: "\n").count > most)
      #expect(parse(SourceFile(name: "x", text: "let x = a\(bad)\n")).diagnostics.elements.map(\.code) == ["CG0104"])
    }
  }

  @Test(arguments: [(" + ", 1), (" - ", 1), (" * ", 1), (" @ ", 1)])
  func `a sum of a hundred thousand terms is one node`(_ sign: String, _ nodes: Int) {
    let terms = Array(repeating: "a", count: 100_000)
    var text = "let x = (\n"
    for (i, t) in terms.enumerated() { text += (i == 0 ? "" : sign) + t + (i % 1000 == 0 ? "\n" : "") }
    let source = text + ")"
    onSmallStack {
      let (tree, diagnostics) = parse(SourceFile(name: "x", text: source))
      #expect(!diagnostics.hasErrors)
      guard case .letItem(_, let value)? = tree.items.first?.kind, case .chain(_, let links) = value.kind else {
        Issue.record("no chain")
        return
      }
      #expect(links.count == terms.count - 1)
      #expect(value.height == 2)
    }
  }

}
