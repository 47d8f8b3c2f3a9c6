import Driver
import Foundation
import Support
import TestSupport
import Testing

/// That the models of this repository are written as `cgadc fmt` writes them.
@Suite struct FormattingTests {

  private static let accepted = GoldenFolder("cases/accepted", beside: #filePath)

  private static let samples = GoldenFolder("../../samples", beside: #filePath)

  @Test(arguments: accepted.models)
  func `accepted cases are formatted`(_ name: String) throws {
    let text = Self.accepted.text("\(name).cgm")
    #expect(try formattedModel(SourceFile(name: name, text: text)) == text)
  }

  @Test(arguments: samples.models)
  func `samples are formatted`(_ name: String) throws {
    let text = Self.samples.text("\(name).cgm")
    #expect(try formattedModel(SourceFile(name: name, text: text)) == text)
  }

}
