import IR
import Support
import TestSupport
import Testing

/// The text of modules read back.
@Suite struct RoundTripTests {

  /// The expectations of the compiler's golden tests, which are all the forms the text has.
  static let folder = GoldenFolder("../CompilerTests/cases/accepted", beside: #filePath)

  static let texts: [String] = folder.models.flatMap { (m) in
    ["ir", "grad"].filter { folder.stages(of: m).contains($0) }.map { "\(m).\($0).expected" }
  }

  @Test(arguments: texts)
  func `what is printed is read back as the same text`(_ name: String) throws {
    let text = Self.folder.text(name)
    let module = try Module(parsing: text)
    try module.verify()
    #expect(module.text == text)
  }

  @Test func `there are texts to read`() {
    #expect(Self.texts.count >= 15)
  }

  @Test(arguments: texts.prefix(4))
  func `a text cut short anywhere is refused or is whole`(_ name: String) throws {
    let bytes = Array(Self.folder.text(name).utf8)
    for n in stride(from: 0, to: bytes.count - 2, by: 7) {
      let cut = String(decoding: bytes[..<n], as: UTF8.self)
      // an evaluation program may be missing as a whole
      if let module = try? Module(parsing: cut) { #expect(module.eval == nil) }
    }
  }

  @Test(arguments: texts.prefix(6))
  func `mutated texts are refused or verified, never trapped on`(_ name: String) throws {
    var random = SplitMix(seed: 5)
    let bytes = Array(Self.folder.text(name).utf8)
    for _ in 0..<300 {
      var mutant = bytes
      for _ in 0..<Int.random(in: 1...3, using: &random) { Self.mutate(&mutant, &random) }
      guard let text = String(validating: mutant, as: UTF8.self), let module = try? Module(parsing: text) else {
        continue
      }
      try? module.verify()
      #expect(module.text.hasPrefix("cgir 1\n"))
    }
  }

  private static func mutate(_ bytes: inout [UInt8], _ random: inout SplitMix) {
    let i = Int.random(in: bytes.indices, using: &random)
    switch Int.random(in: 0..<4, using: &random) {
    case 0: bytes.remove(at: i)
    case 1: bytes[i] = bytes[Int.random(in: bytes.indices, using: &random)]
    case 2: bytes.insert(UInt8(ascii: "9"), at: i)
    case _: bytes.swapAt(i, Int.random(in: bytes.indices, using: &random))
    }
  }

}
