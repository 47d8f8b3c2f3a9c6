package import PlanFormat
import Operations
import Support

/// A page on a plan for people who review it: one file of HTML that loads nothing and needs no script.
///
/// It is a function of the plan, of what it is compared with and of what was measured.
package struct ReviewPage: Sendable {

  private let review: ProgramReview

  /// Schedules of other policies, and of a sweep over budgets; empty where there is no comparison.
  private let comparison: [ComparedSchedule]

  private let measured: MeasuredStep?

  package init(_ plan: Plan, comparison: [ComparedSchedule] = [], measured: MeasuredStep? = nil) {
    review = .init(plan)
    self.comparison = comparison
    self.measured = measured
  }

  private var plan: Plan { review.plan }

  /// The page.
  ///
  /// - Complexity: O(*n* log *n*) where *n* is the number of operands.
  package var html: String {
    var s = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    s += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    s += "<title>\(Markup.escaped("\(plan.header.model): \(plan.header.policy)"))</title>\n"
    s += "<style>\n\(ReportStyle.sheet)\n</style>\n</head>\n<body>\n<main>\n"
    s += heading + cards
    if !review.program.instructions.isEmpty { s += memory + peak + arena + largest }
    s += policies + curve + profile
    return s + "</main>\n</body>\n</html>\n"
  }

  private func section(_ title: String, _ note: String, _ content: String) -> String {
    let said = note.isEmpty ? "" : "<p class=\"note\">\(note)</p>\n"
    return "<section>\n<h2>\(Markup.escaped(title))</h2>\n\(said)\(content)</section>\n"
  }

  private var heading: String {
    let dims = plan.header.dims.map { "\($0.name)=\($0.size)" }.joined(separator: " ")
    let parts = [
      plan.header.source, plan.header.policy, "\(plan.header.target), \(Quantity.count(plan.header.threads, "thread"))",
      plan.header.products.text, dims,
    ]
    return "<h1>\(Markup.escaped(plan.header.model))</h1>\n"
      + "<p class=\"sub\">\(Markup.escaped(parts.filter { !$0.isEmpty }.joined(separator: "  ·  ")))</p>\n"
  }

  private var cards: String {
    let t = plan.totals
    let budget = plan.header.budget.map { "of a budget of \(ByteCount($0))" } ?? "in all"
    let all =
      [
        ("\(ByteCount(t.peakBytes))", "peak, \(budget)"),
        ("\(ByteCount(t.persistentBytes))", "parameters, optimizer, batch"), ("\(ByteCount(t.arenaBytes))", "arena"),
        ("\(ByteCount(t.savedBytes))", "saved for the backward part"),
        ("+\(Quantity.percent(t.recomputeFlops, of: t.stepFlops))", "recomputed, of \(Quantity.flops(t.stepFlops))"),
      ] + (t.hostBytes > 0 ? [("\(ByteCount(t.hostBytes))", "on the host, offloaded")] : [])
    let cards = all.map {
      "<div class=\"card\"><b>\(Markup.escaped($0.0))</b><span>\(Markup.escaped($0.1))</span></div>\n"
    }
    return "<div class=\"cards\">\n\(cards.joined())</div>\n"
  }

  private var memory: String {
    section(
      "Memory over the step", "Bytes in use while each instruction is executed, by what they are used for.",
      review.memoryChart + legend(review.stackedCategories))
  }

  private func legend(_ categories: [ReviewCategory]) -> String {
    let items = categories.map { "<li>\(Self.chip($0))\($0.rawValue)</li>" }
    return "<ul class=\"legend\">\(items.joined())</ul>\n"
  }

  static func chip(_ c: ReviewCategory) -> String { "<span class=\"chip c-\(c.rawValue)\"></span>" }

  private var arena: String {
    let used = review.stackedCategories.filter { ReviewCategory.ofArena.contains($0) }
    return section(
      "The arena",
      "Where every value lies (from bottom to top) and when (from left to right). Names show under the pointer.",
      review.arenaChart + legend(used))
  }

  private var peak: String {
    let t = review.peak
    let bytes = review.memory(at: t)
    let groups = review.breakdown(at: t)
    let bar = groups.map { (g) in
      let width = Markup.number(Double(g.bytes) / Double(max(1, bytes)) * 100)
      return
        "<i class=\"c-\(g.category.rawValue)\" style=\"width:\(width)%\" title=\"\(g.category.rawValue) \(ByteCount(g.bytes))\"></i>"
    }
    var table = HTMLTable(["", "bytes", "share", "values"], numeric: [1, 2, 3])
    for g in groups {
      table.append([
        Self.chip(g.category) + g.category.rawValue, "\(ByteCount(g.bytes))", Quantity.percent(g.bytes, of: bytes),
        "\(g.count)",
      ])
    }
    let line = "Step \(t + 1): <code>\(Markup.escaped(review.line(at: t)))</code>"
    return section(
      "The peak, \(ByteCount(bytes))", line, "<div class=\"bar\">\(bar.joined())</div>\n" + table.html + relief)
  }

  /// What would lower the peak.
  private var relief: String {
    let all = review.reliefs
    if all.isEmpty { return "<p class=\"note\">No saved value could be deleted over this step.</p>\n" }
    var table = HTMLTable(["not to save", "frees", "peak then at least", "costs"], numeric: [1, 2, 3])
    for r in all.prefix(6) {
      let cost = r.recomputation.map { "+\(Quantity.percent($0.flops, of: plan.totals.stepFlops)) FLOPs" }
      table.append([
        "<code>\(Markup.escaped(review.program.values[r.value].name))</code>", "\(ByteCount(r.bytes))",
        "\(ByteCount(plan.totals.persistentBytes + r.liveBytes))", cost ?? "a long chain",
      ])
    }
    return "<p class=\"note\" style=\"margin-top:18px\">What would lower it:</p>\n" + table.html
  }

  private var largest: String {
    section(
      "Largest values", "What the schedule does with each and why; layers with the same fate are one line.",
      review.largestValues)
  }

  private var policies: String {
    let rows = comparison.filter { !$0.isSwept }
    if rows.isEmpty { return "" }
    var table = HTMLTable(["policy", "peak", "saved", "recompute"], numeric: [1, 2, 3])
    for r in rows {
      let peak = r.peakBytes.map { "\(ByteCount($0))" } ?? "does not fit"
      table.append(
        [
          Markup.escaped(r.policy), peak, r.peakBytes == nil ? "" : "\(ByteCount(r.savedBytes))",
          r.peakBytes == nil ? "" : "+\(Markup.number(r.overhead * 100)) %",
        ], style: r.isChosen ? "chosen" : "")
    }
    return section("Policies", "Other schedules of the same step.", table.html)
  }

  private var curve: String {
    comparison.isEmpty ? "" : section("Peak against recomputation", "", ParetoChart.figure(comparison))
  }

  private var profile: String {
    guard let measured else { return "" }
    return section("Measured", review.measuredLine(measured), review.profileTable(measured))
  }

}
