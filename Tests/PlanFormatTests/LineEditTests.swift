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

  @Test func `a line less is refused unless nothing depends on it`() {
    let accepted = Self.lines.indices.filter { (i) in
      Self.isAccepted(Array(Self.lines[..<i] + Self.lines[(i + 1)...]))
    }
    // Without a budget the peak is still exact; dims are for people.
    #expect(accepted.map { Self.lines[$0] } == ["budget 3072", "dims B=16 Hidden=8"])
  }

  @Test func `no line may come twice`() {
    let accepted = Self.lines.indices.filter { Self.isAccepted(Array(Self.lines[...$0] + Self.lines[$0...])) }
    #expect(accepted.map { Self.lines[$0] } == [])
  }

  /// The first lines of the pairs of neighbours that may change places, without what follows the name that they define.
  private static let exchangeable = [
    // Declarations that are placed by their offsets, and bindings.
    "data train_set", "param w1", "param w2", "param b1", "slot velocity(w1)", "slot velocity(w2)", "slot velocity(b1)",
    "input train.image", "  bind train.image",
    // Nobody reads the loss in the backward part, so it saves no bytes whichever side it is on.
    "  train.loss",
    // Instructions of which neither defines, deletes or writes what the other names.
    "  delete logits", "  delete grad(train.loss)", "  delete grad(logits)", "  delete h.act'2", "  grad(b1)",
    "  delete grad(h.sum)", "  delete grad(b1)", "  bind train.image", "  loss", "  delete logits", "  delete class",
    // Results in another order.
    "  loss loss",
  ]

  @Test func `neighbours that change places are refused unless they are independent`() {
    var accepted: [String] = []
    for i in Self.lines.indices.dropLast() {
      var lines = Self.lines
      lines.swapAt(i, i + 1)
      guard Self.isAccepted(lines) else { continue }
      accepted.append(Self.subject(of: Self.lines[i]))
      #expect(Self.written(by: lines[i]).isDisjoint(with: Self.named(in: lines[i + 1])))
      #expect(Self.written(by: lines[i + 1]).isDisjoint(with: Self.named(in: lines[i])))
    }
    #expect(accepted == Self.exchangeable)
  }

  /// Returns what stands before the `=`, `:` or `//` of a line.
  private static func subject(of line: String) -> String {
    let ends = [" = ", " : ", "  //"].compactMap { line.firstRange(of: $0)?.lowerBound }
    return String(line[..<(ends.min() ?? line.endIndex)])
  }

  /// Returns the names that an instruction defines, deletes or writes.
  private static func written(by line: String) -> Set<Substring> {
    let isInstruction = line.hasPrefix("  ") && line.contains("//")
    return isInstruction ? named(in: subject(of: line)).subtracting(["delete", "update"]) : []
  }

  /// Returns all words of a line before its site.
  private static func named(in line: String) -> Set<Substring> {
    let end = line.firstRange(of: "//")?.lowerBound ?? line.endIndex
    return Set(line[..<end].split { " ,".contains($0) })
  }

}
