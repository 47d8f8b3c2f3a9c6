import Driver
import IR
import Operations
import PlanFormat
import Scheduling
import Support
import TestSupport
import Testing

/// A8: the peak is within the budget, or the smallest that works is named.
@Suite struct BudgetTests {

  /// Eight layers whose weights and activations have 1,024 bytes each.
  private static let text = Models.layers(8, width: 16, batch: 16, schedule: "")

  private func peak(_ policy: String) throws -> Int {
    try compilation(of: Self.text, policy: policy).compiled().plan.totals.peakBytes
  }

  /// Returns what is said of a budget that nothing fits, with the number of bytes it names.
  private func refusal(of budget: Int, policy: String? = nil) throws -> (text: String, least: Int) {
    do throws(CompileFailure) {
      _ = try compilation(of: Self.text, policy: policy, budget: budget).compiled()
      Issue.record("\(budget) bytes are enough")
      return ("", 0)
    } catch {
      guard case .infeasible = error else {
        Issue.record("not a matter of the budget: \(error.text)")
        return ("", 0)
      }
      let words = error.text.split(whereSeparator: { $0 == " " || $0 == "\n" || $0 == "," })
      let flag = try #require(words.firstIndex(of: "--budget"))
      return (error.text, try #require(Int(words[flag + 1])))
    }
  }

  @Test func `the full peak is enough for keeping everything`() throws {
    let full = try peak("none()")
    let m = try compilation(of: Self.text, budget: full).compiled()
    #expect(m.metrics.recomputeCost == 0)
    #expect(m.plan.totals.peakBytes <= full)
    #expect(m.plan.header.budget == full)
  }

  @Test func `one byte less than that recomputes, and no more than every(k 6) does`() throws {
    let full = try peak("none()")
    let m = try compilation(of: Self.text, budget: full - 1).compiled()
    #expect(m.metrics.recomputeCost > 0)
    #expect(m.plan.totals.peakBytes < full)
    #expect(
      try m.metrics.recomputeCost <= compilation(of: Self.text, policy: "every(k: 6)").compiled().metrics.recomputeCost
    )
  }

  @Test func `a budget between two peaks is met by the lower one or something cheaper`() throws {
    let (high, low) = (try peak("none()"), try peak("every(k: 6)"))
    #expect(low < high)
    let budget = (low + high) / 2
    let m = try compilation(of: Self.text, budget: budget).compiled()
    #expect(m.plan.totals.peakBytes <= budget)
    #expect(
      try m.metrics.recomputeCost <= compilation(of: Self.text, policy: "every(k: 6)").compiled().metrics.recomputeCost
    )
  }

  @Test func `the least peak works and one byte less does not`() throws {
    let least = try refusal(of: 1).least
    let m = try compilation(of: Self.text, budget: least).compiled()
    #expect(m.plan.totals.peakBytes == least)
    let (text, again) = try refusal(of: least - 1)
    #expect(again == least)
    #expect(text.contains("[CG0501]"))
    #expect(text.contains("the least peak found is"))
    #expect(text.contains("(\(least) bytes)"))
  }

  @Test func `more budget never costs more`() throws {
    let (low, high) = (try refusal(of: 1).least, try peak("none()"))
    var last = Int.max
    for i in 0...6 {
      let budget = low + (high - low) * i / 6
      let m = try compilation(of: Self.text, budget: budget).compiled()
      #expect(m.plan.totals.peakBytes <= budget)
      #expect(m.metrics.recomputeCost <= last)
      last = m.metrics.recomputeCost
    }
    #expect(last == 0)
  }

  @Test func `a policy with a budget is checked and not replaced`() throws {
    let peak = try peak("every(k: 4)")
    let m = try compilation(of: Self.text, policy: "every(k: 4)", budget: peak).compiled()
    #expect(m.plan.header.policy == "every(k: 4)")
    #expect(try refusal(of: peak - 1, policy: "every(k: 4)").least == peak)
  }

}
