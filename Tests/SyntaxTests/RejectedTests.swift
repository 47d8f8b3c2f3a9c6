import Support
import Syntax
import Testing

/// A text that is no model file and the first line of each error, without the name of the file.
struct RejectedCase: CustomTestStringConvertible {

  let name: String

  let text: String

  let errors: String

  init(_ name: String, _ text: String, errors: String) {
    self.name = name
    self.text = text
    self.errors = errors
  }

  var testDescription: String { name }

}

@Suite struct RejectedTests {

  @Test(arguments: RejectedCase.items + RejectedCase.words + RejectedCase.structure)
  func `rejects`(_ c: RejectedCase) {
    let file = SourceFile(name: "x.cgm", text: c.text)
    let diagnostics = parse(file).diagnostics.sorted
    let errors = diagnostics.map { (d) in
      let p = file.position(at: d.span?.start ?? 0)
      return "\(p.line):\(p.column): \(d.message) [\(d.code)]\n"
    }
    #expect(errors.joined() == c.errors)
  }

  @Test func `an error is shown with its line and what would mend it`() {
    let file = SourceFile(name: "x.cgm", text: "dim B = 3\nmodle M() -> f32[] {\n  return f(1, 2\n}\n")
    #expect(
      parse(file).diagnostics.rendered(in: file) == """
        x.cgm:2:1: error: expected an item, found 'modle'; did you mean 'model'? [CG0101]
        1 | dim B = 3
        2 | modle M() -> f32[] {
          | `- error: did you mean 'model'?
        fix-it: write 'model'
        2 + model M() -> f32[] {
        x.cgm:4:1: error: expected ',' or ')' after the argument, found '}' [CG0108]
        3 |   return f(1, 2
        4 | }
          | `- error: expected ',' or ')' after the argument, found '}'
        x.cgm:3:11: note: the bracket is opened here
        3 |   return f(1, 2
          |           `- note

        """)
  }

  @Test func `what is right stays in the tree`() {
    let text = "dim B =\nlet a = 1\nmodle M() -> f32[] {\n  let x = )\n  return y\n}\nfoo\nlet b = 2\n"
    #expect(
      parse(SourceFile(name: "x.cgm", text: text)).tree.dump(in: nil) == """
        let a
          number 1
        model M
          result
            tensor f32
          body
            return
              name y
        let b
          number 2

        """)
  }

  @Test func `a hopeless file ends after a hundred errors`() {
    let text = "train {\n" + String(repeating: "  x = = $\n", count: 1000) + "}\n"
    let diagnostics = parse(SourceFile(name: "x.cgm", text: text)).diagnostics
    #expect(diagnostics.elements.count == DiagnosticSet.limit)
    #expect(diagnostics.droppedCount == 0)
    #expect(diagnostics.elements.last?.code == "CG0122")
  }

}
