import Support
import Syntax
import Testing

@Suite struct FormatterTests {

  @Test(
    arguments: FormatterCase.spacing + FormatterCase.lines + FormatterCase.alignment + FormatterCase.trailing
      + FormatterCase.breaking)
  func `formats`(_ c: FormatterCase) {
    let (text, diagnostics) = formatted(SourceFile(name: "x.cgm", text: c.text))
    #expect(!diagnostics.hasErrors)
    #expect(text == c.formatted)
    #expect(formattingProblem(of: Array(c.text.utf8)) == nil)
  }

  @Test(arguments: Samples.all)
  func `the samples differ from what is written in nothing but a column of comments and a body`(
    _ name: String, _ text: String
  ) throws {
    let written = try #require(formatted(SourceFile(name: name, text: text)).text)
    func words(_ text: String) -> [String] { text.split { $0 == " " || $0 == "\n" }.map(String.init) }
    #expect(words(written) == words(text))
    let moved = zip(text.split(separator: "\n"), written.split(separator: "\n")).filter { $0 != $1 }
    #expect(moved.allSatisfy { $0.0.contains("//") || $0.0.contains("tokens(") || name == "unet.cgm" })
  }

  @Test func `what the language's description shows stays as it is`() {
    #expect(formatted(SourceFile(name: "mlp.cgm", text: Samples.mlp + "\n")).text == Samples.mlp + "\n")
  }

  @Test(arguments: ["let a = (", "train {", "let a = \"", "let a = 1 $", "}", "\0", "f(x) // c"])
  func `a file with errors is not formatted`(_ text: String) {
    let file = SourceFile(name: "x.cgm", text: text)
    let result = formatted(file)
    #expect(result.text == nil)
    #expect(result.diagnostics.elements == parse(file).diagnostics.elements)
    #expect(result.diagnostics.hasErrors)
  }

  @Test func `a line that would get too long is refused where it starts`() {
    let sum = Array(repeating: "a", count: 8000).joined(separator: "+")
    let result = formatted(SourceFile(name: "x.cgm", text: "dim B\nlet x = \(sum)\n"))
    #expect(result.text == nil)
    #expect(result.diagnostics.elements.map(\.code) == ["CG0155"])
    #expect(result.diagnostics.elements.first?.span?.start == 6)
    #expect(formattingProblem(of: Array("let x = (\(sum))\n".utf8)) == nil)
  }

  @Test func `a file that would get too large is refused`() {
    let (open, close) = (String(repeating: "if a {\n", count: 98), String(repeating: "}\n", count: 98))
    let statements = String(repeating: "x=1\n", count: Limits.fileBytes / 200)
    let result = formatted(SourceFile(name: "x.cgm", text: "train {\n\(open)\(statements)\(close)}\n"))
    #expect(result.text == nil)
    #expect(result.diagnostics.elements.map(\.code) == ["CG0156"])
  }

}
