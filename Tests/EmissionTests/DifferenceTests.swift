import Emission
import PlanFormat
import Support
import Testing

/// What `cgadc diff` says of two plans.
@Suite struct DifferenceTests {

  /// The lines of `d` in full, with one blank between columns.
  private static func lines(_ d: PlanDifference) -> [String] {
    d.text(isFull: true).split(separator: "\n").map {
      $0.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
    }
  }

  @Test func `the same plan has no difference`() throws {
    let d = PlanDifference(from: try Review.layers(), to: try Review.layers())
    #expect(d.isSame && d.text().isEmpty && d.values.isEmpty)
    #expect(d.markdown() == "The schedule is the same.\n")
  }

  @Test func `another policy changes the fate of what it keeps, layers in one line`() throws {
    let d = PlanDifference(from: try Review.layers(policy: "none()"), to: try Review.layers())
    #expect(!d.isSame)
    let text = d.text()
    // gelu's operand, 64 * 64 * 4 bytes in each of six layers
    #expect(text.contains("\n~ h.*.mlp.return.lhs.lhs.x (x6)  saved -> recomputed  -16 KiB each\n"), "\(text)")
    #expect(text.contains("  policy: none() -> every(k: 3)\n"))
    #expect(text.contains("  peak "))
    let back = PlanDifference(from: try Review.layers(), to: try Review.layers(policy: "none()")).text()
    #expect(back.contains("\n~ h.*.mlp.return.lhs.lhs.x (x6)  recomputed -> saved  +16 KiB each\n"), "\(back)")
  }

  @Test func `a further layer is one line`() throws {
    let d = PlanDifference(
      from: try Review.layers(), to: try Review.layers { $0.replacing("repeat 6", with: "repeat 7") })
    let lines = d.text().split(separator: "\n")
    #expect(lines.count { $0.hasPrefix("+ h.6.**") } == 1, "\(d.text())")
    #expect(!lines.contains { $0.hasPrefix("-") } && lines.count < 20)
    #expect(d.values.count { $0.path.contains("h.6.") } > 10)
  }

  @Test func `a layer that is gone is one line`() throws {
    let d = PlanDifference(
      from: try Review.layers(), to: try Review.layers { $0.replacing("repeat 6", with: "repeat 4") })
    #expect(d.text().split(separator: "\n").count { $0.hasPrefix("- h.4..5.**") } == 1, "\(d.text())")
  }

  @Test func `a change of a type names the parameters with their gradients and slots`() throws {
    let d = PlanDifference(from: try Review.layers(), to: try Review.layers { $0.replacing("4 * D", with: "2 * D") })
    let text = Self.lines(d)
    #expect(text.contains("~ h.*.mlp.up and its velocity, grad (x18) f32[16,64] -> f32[16,32] -2 KiB each"), "\(text)")
  }

  @Test func `an operation that reads something else is computed otherwise`() throws {
    let d = PlanDifference(from: try Review.layers(), to: try Review.layers { $0.replacing("gelu(", with: "silu(") })
    #expect(Self.lines(d).contains("~ h.*.mlp.return.lhs.lhs (x6) computed otherwise"), "\(Self.lines(d))")
  }

  @Test func `an edited offset is said to be one`() throws {
    let moved = Review.short.replacing(
      "grad(b) = sum g {axes: [0]} : f32[8] @0", with: "grad(b) = sum g {axes: [0]} : f32[8] @64")
    let d = PlanDifference(from: try Review.plan(), to: try Review.plan(moved))
    #expect(!d.isSame && d.values.isEmpty && !d.isReordered)
    #expect(d.text() == "  peak  1.7 KiB  ->  1.7 KiB  same\n= 1 value at other offsets\n")
  }

  @Test(arguments: [
    ("L = 4 ", "L = 5 "), ("Hidden: 4 * D", "Hidden: 2 * D"), ("causal: true", "causal: false"),
    ("sqrt()", "every(k: 3)"),
  ])
  func `a change of gpt is told in fewer than 20 lines`(_ old: String, _ new: String) throws {
    let d = PlanDifference(
      from: try Review.gpt.get(), to: try Review.sample("gpt") { $0.replacing(old, with: new) })
    #expect(!d.isSame)
    #expect(d.text().split(separator: "\n").count < 20, "\(d.text())")
  }

  @Test func `Markdown has a table and the lines of the text`() throws {
    let d = PlanDifference(from: try Review.layers(policy: "none()"), to: try Review.layers())
    let lines = d.markdown().split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[..<2] == ["| | old | new | change |", "|---|---:|---:|---:|"])
    #expect(lines.contains("```diff") && lines.contains("```"))
    #expect(lines.contains { $0.hasPrefix("! h.*.mlp.return.lhs.lhs.x (x6)") })
  }

}
