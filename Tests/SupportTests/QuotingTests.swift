import Foundation
import Support
import Testing

@Suite struct QuotingTests {

  @Test(arguments: [
    ("", #""""#), ("h.0.x", #""h.0.x""#), (#"a "b" \c"#, #""a \"b\" \\c""#), ("tab\tzero\0", #""tab\u0009zero\u0000""#),
    ("é·1/2", #""é·1/2""#),
  ])
  func `a text becomes a string of JSON and comes back`(_ text: String, _ expected: String) throws {
    #expect(text.quotedAsJSON == expected)
    #expect(try JSONDecoder().decode([String].self, from: Data("[\(text.quotedAsJSON)]".utf8)) == [text])
  }

}
