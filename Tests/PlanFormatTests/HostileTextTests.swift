import PlanFormat
import Testing

@Suite struct HostileTextTests {

  private static let bytes = Array(SamplePlan.text.utf8)

  @Test(arguments: 0..<8)
  func `no truncation is taken for a plan`(_ residue: Int) {
    for length in stride(from: residue, to: Self.bytes.count, by: 8) {
      #expect(throws: PlanError.self, "cut at \(length)") { try PlanReader.read(Array(Self.bytes[..<length])) }
    }
  }

  @Test(arguments: 0..<8)
  func `2500 mutations of bytes do not stop reader and verifier`(_ seed: UInt64) throws {
    var generator = SplitMix(seed: seed)
    var readable = 0
    for _ in 0..<2500 {
      let mutated = Self.mutated(using: &generator)
      guard let plan = try? PlanReader.read(mutated) else { continue }
      readable += 1
      #expect(Array(plan.text.utf8) == mutated)
      try? plan.verify()
    }
    #expect(readable > 0)
  }

  /// Returns the sample's bytes after one to three edits, most of which put in a byte that the text has elsewhere.
  private static func mutated(using generator: inout SplitMix) -> [UInt8] {
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
