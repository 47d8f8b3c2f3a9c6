import PlanFormat
import Testing

@Suite struct HostileTextTests {

  private static let short = Array(ShortPlan.text.utf8)

  private static let long = Array(SamplePlan.text.utf8)

  @Test func `the short text is a plan`() throws { try PlanReader.read(Self.short).verify() }

  @Test(arguments: [short, long])
  func `no truncation is taken for a plan`(_ bytes: [UInt8]) {
    let step = bytes.count < 2000 ? 1 : 5
    for length in stride(from: bytes.count - 1, through: 0, by: -step) {
      #expect(throws: PlanError.self, "cut at \(length)") { try PlanReader.read(Array(bytes[..<length])) }
    }
  }

  @Test func `no cut at the end of a line is taken for a plan`() {
    for i in Self.long.indices.dropLast() where Self.long[i] == UInt8(ascii: "\n") {
      #expect(throws: PlanError.self, "cut at \(i + 1)") { try PlanReader.read(Array(Self.long[...i])) }
    }
  }

  @Test(arguments: 0..<8)
  func `2500 mutations of bytes do not stop reader and verifier`(_ seed: UInt64) throws {
    var generator = SplitMix(seed: seed)
    var (readable, verified) = (0, 0)
    for k in 0..<2500 {
      let mutated = Self.mutated(k < 2300 ? Self.short : Self.long, using: &generator)
      guard let plan = try? PlanReader.read(mutated) else { continue }
      readable += 1
      #expect(Array(plan.text.utf8) == mutated)
      if (try? plan.verify()) != nil { verified += 1 }
    }
    #expect(verified > 0 && readable > verified, "both outcomes must be met")
  }

  /// Returns `bytes` after one to three edits, most of which put in a byte that the text has elsewhere.
  private static func mutated(_ bytes: [UInt8], using generator: inout SplitMix) -> [UInt8] {
    var text = bytes
    for _ in 0..<Int.random(in: 1...3, using: &generator) {
      let i = Int.random(in: 0..<text.count, using: &generator)
      switch Int.random(in: 0..<5, using: &generator) {
      case 0: text[i] = UInt8.random(in: 0...255, using: &generator)
      case 1: text.remove(at: i)
      case 2: text.insert(text[Int.random(in: 0..<text.count, using: &generator)], at: i)
      case 3: if (48...57).contains(text[i]) { text[i] = UInt8.random(in: 48...57, using: &generator) }
      case _: text[i] = text[Int.random(in: 0..<text.count, using: &generator)]
      }
    }
    return text
  }

}
