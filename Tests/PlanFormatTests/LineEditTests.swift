import PlanFormat
import Testing

/// Every deletion, repetition and exchange of neighbours among the sample's lines.
@Suite struct LineEditTests {

  private static let lines = SamplePlan.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    .map(String.init)

  /// Returns `true` iff `lines` read and verify.
  private static func isAccepted(_ lines: [String]) -> Bool {
    guard let plan = try? PlanReader.read(Array(lines.map { $0 + "\n" }.joined().utf8)) else { return false }
    do { try plan.verify() } catch { return false }
    return true
  }

  @Test func `the lines are the sample`() { #expect(Self.isAccepted(Self.lines)) }

  @Test func `a line less is harmless`() {
    let accepted = Self.lines.indices.filter { (i) in
      Self.isAccepted(Array(Self.lines[..<i] + Self.lines[(i + 1)...]))
    }
    #expect(accepted.map { Self.lines[$0] } == [])
  }

  @Test func `no line may come twice`() {
    let accepted = Self.lines.indices.filter { Self.isAccepted(Array(Self.lines[...$0] + Self.lines[$0...])) }
    #expect(accepted.map { Self.lines[$0] } == [])
  }

  @Test func `neighbours that change places are harmless`() {
    var accepted: [[String]] = []
    for i in Self.lines.indices.dropLast() {
      var lines = Self.lines
      lines.swapAt(i, i + 1)
      if Self.isAccepted(lines) { accepted.append([Self.lines[i], Self.lines[i + 1]]) }
    }
    for a in accepted { print(a.joined(separator: "\n"), "\n") }
    #expect(accepted == [])
  }

}
