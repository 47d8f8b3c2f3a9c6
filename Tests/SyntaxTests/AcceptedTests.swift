import Support
import Syntax
import Testing

/// A text that is a model file and the dump of its tree without places.
struct AcceptedCase: CustomTestStringConvertible {

  let name: String

  let text: String

  let dump: String

  init(_ name: String, _ text: String, dump: String) {
    self.name = name
    self.text = text
    self.dump = dump
  }

  var testDescription: String { name }

}

@Suite struct AcceptedTests {

  @Test(arguments: AcceptedCase.items + AcceptedCase.statements + AcceptedCase.expressions)
  func `accepts`(_ c: AcceptedCase) {
    let file = SourceFile(name: "x.cgm", text: c.text)
    let (tree, diagnostics) = parse(file)
    #expect(diagnostics.rendered(in: file) == "")
    #expect(tree.dump(in: nil) == c.dump)
  }

  @Test func `a dump tells where each node starts`() {
    let file = SourceFile(name: "x.cgm", text: "block A(x: f32[B]) -> f32[] {\n  return -x + f(k: 2)\n}\n")
    #expect(
      parse(file).tree.dump(in: file) == """
        block A @1:1
          formal x @1:9
            tensor f32 @1:12
              name B @1:16
          result @1:23
            tensor f32 @1:23
          body @1:29
            return @2:3
              chain @2:10
                negated @2:10
                  name x @2:11
                operator + @2:13
                  call @2:15
                    name f @2:15
                    argument k @2:17
                      number 2 @2:20

        """)
  }

  @Test(arguments: [
    ("let a = (b + c)", "(b + c)"), ("let a =  f(x)[1].y // z", "f(x)[1].y"), ("let a = b as c\n", "b as c"),
    ("let a = (\n b, c)", "(\n b, c)"), ("let a = - x", "- x"), ("let a = 96 MiB ", "96 MiB"),
    ("let a = (b) * (c)", "(b) * (c)"), ("let a = (b) == (c) as d", "(b) == (c) as d"), ("let a = [x]", "[x]"),
  ])
  func `the span of an expression is all of it`(_ text: String, _ expression: String) {
    let file = SourceFile(name: "x.cgm", text: text)
    guard case .letItem(_, let value)? = parse(file).tree.items.first?.kind else {
      Issue.record("no constant")
      return
    }
    #expect(file.text(of: value.span) == expression)
  }

  @Test func `newlines of any kind and tabs are the same`() {
    let text = Samples.gpt
    let plain = parse(SourceFile(name: "x", text: text)).tree.dump(in: nil)
    for (newline, blank) in [("\r\n", " "), ("\n", "\t"), ("\n\n", "  "), (" // x\n", " ")] {
      let variant = text.map { $0 == "\n" ? newline : $0 == " " ? blank : String($0) }.joined()
      let (tree, diagnostics) = parse(SourceFile(name: "x", text: variant))
      #expect(!diagnostics.hasErrors)
      #expect(tree.dump(in: nil) == plain)
    }
  }

}
