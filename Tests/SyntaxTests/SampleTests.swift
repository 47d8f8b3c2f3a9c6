import Support
import Syntax
import Testing

@Suite struct SampleTests {

  @Test(arguments: Samples.all)
  func `the samples parse`(_ name: String, _ text: String) {
    let file = SourceFile(name: name, text: text)
    let diagnostics = parse(file).diagnostics
    #expect(diagnostics.rendered(in: file) == "")
  }

}
