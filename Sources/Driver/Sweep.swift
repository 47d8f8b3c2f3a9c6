import IR
import Operations
import PlanFormat
import Scheduling
import Support

/// A model compiled under one policy or within one budget.
package struct SweepRow: Encodable, Hashable, Sendable {

  package let policy: String

  /// The most bytes that the peak might have; `nil` where the policy takes no budget.
  package let budgetBytes: Int?

  package let isFeasible: Bool

  /// The least peak that was found where nothing fits, in bytes.
  package private(set) var leastPeakBytes: Int?

  package private(set) var peakBytes: Int?

  package private(set) var activationPeakBytes: Int?

  package private(set) var savedBytes: Int?

  package private(set) var recomputeFlops: Int?

  package private(set) var stepFlops: Int?

  package private(set) var overheadFlopsFraction: Double?

  /// The cost of the recomputations, and its part of a step's, in the unit of costs.
  package private(set) var recomputeCost: Int?

  package private(set) var overheadCostFraction: Double?

  package let costUnit: String

  package private(set) var lowerBoundFraction: Double?

  /// The time from the differentiated model to the plan, in seconds.
  package let compileSeconds: Double

  private enum CodingKeys: String, CodingKey {
    case policy
    case budgetBytes = "budget_bytes"
    case isFeasible = "feasible"
    case leastPeakBytes = "least_peak_bytes"
    case peakBytes = "peak_bytes"
    case activationPeakBytes = "activation_peak_bytes"
    case savedBytes = "saved_bytes"
    case recomputeFlops = "recompute_flops"
    case stepFlops = "step_flops"
    case overheadFlopsFraction = "overhead_flops_fraction"
    case recomputeCost = "recompute_cost"
    case overheadCostFraction = "overhead_cost_fraction"
    case costUnit = "cost_unit"
    case lowerBoundFraction = "lower_bound_fraction"
    case compileSeconds = "compile_seconds"
  }

  fileprivate init(_ policy: String, _ budget: Int?, _ model: CompiledModel, _ seconds: Double) {
    self.policy = policy
    budgetBytes = budget
    isFeasible = true
    compileSeconds = seconds
    let t = model.plan.totals
    (peakBytes, activationPeakBytes, savedBytes) = (t.peakBytes, t.activationPeakBytes, t.savedBytes)
    (recomputeFlops, stepFlops) = (t.recomputeFlops, t.stepFlops)
    overheadFlopsFraction = t.stepFlops == 0 ? 0 : Double(t.recomputeFlops) / Double(t.stepFlops)
    let m = model.metrics
    (recomputeCost, costUnit) = (m.recomputeCost, model.costUnit)
    overheadCostFraction = m.stepCost == 0 ? 0 : Double(m.recomputeCost) / Double(m.stepCost)
    lowerBoundFraction = model.costBound.map {
      model.metrics.stepCost == 0 ? 0 : Double($0) / Double(model.metrics.stepCost)
    }
  }

  fileprivate init(_ policy: String, _ budget: Int?, least: Int, _ costUnit: String, _ seconds: Double) {
    self.costUnit = costUnit
    self.policy = policy
    budgetBytes = budget
    isFeasible = false
    leastPeakBytes = least
    compileSeconds = seconds
  }

}

extension Compilation {

  /// Returns what the cheapest schedule found for each of `points` budgets, evenly spread over `budgets`, needs and costs,
  /// from the largest budget down; over what the leanest schedule to the one that keeps everything needs, where `nil`.
  ///
  /// More budget never costs more: a schedule that was found for a smaller budget is taken for a larger one, too. A budget
  /// that comes again is not solved again, and neither is one larger than that of a schedule without recomputation.
  ///
  /// - Throws: as `compiled`, but not where nothing fits.
  package func sweep(budgets: ClosedRange<Int>?, points: Int) throws(CompileFailure) -> [SweepRow] {
    let model = try differentiated()
    let range = if let budgets { budgets } else { try feasibleBudgets(model) }
    var rows: [SweepRow] = []
    for i in 0..<points {
      let budget = points == 1 ? range.lowerBound : range.point(i, of: points)
      let call = PolicyCall(name: "optimal", arguments: [.init("budget", .integer(budget))])
      if let last = rows.last, last.budgetBytes == budget || last.recomputeCost == 0 {
        rows.append(last.repeated(call.description, budget))
        continue
      }
      let row = try row(call, budget, model)
      let best = rows.last { $0.isFeasible }
      guard let best, let cost = best.recomputeCost, cost < row.recomputeCost ?? .max else {
        rows.append(row)
        continue
      }
      rows.append(best.under(row))
    }
    return rows.reversed()
  }

  /// Returns what the schedule of every policy that takes no budget needs and costs, then those of the policies within
  /// `budget`; half of what keeping everything needs for activations, beside the rest, where that is `nil`.
  ///
  /// - Throws: as `compiled`, but not where nothing fits.
  package func comparison(budget: Int?) throws(CompileFailure) -> [SweepRow] {
    let model = try differentiated()
    var calls = ["none", "all", "sqrt", "cost", "memory", "speed", "balanced"].map { PolicyCall(name: $0) }
    for k in [2, 4, 8] { calls.append(.init(name: "every", arguments: [.init("k", .integer(k))])) }
    calls.append(.init(name: "revolve", arguments: [.init("slots", .integer(3))]))
    if !model.module.train.checkpoints.isEmpty { calls.append(.init(name: "manual")) }
    var rows: [SweepRow] = []
    for call in calls { rows.append(try row(call, nil, model)) }
    let keepAll = try keepingAll(model).plan.totals
    let bytes = budget ?? keepAll.peakBytes - keepAll.activationPeakBytes / 2
    for (name, label) in [("chain", "budget"), ("budget", PolicyCall.unlabelled), ("optimal", "budget")] {
      let call = PolicyCall(name: name, arguments: [.init(label, .integer(bytes))])
      rows.append(try row(call, bytes, model))
    }
    return rows
  }

  /// Returns the plan that keeps everything.
  func keepingAll(_ model: Differentiated) throws(CompileFailure) -> CompiledModel {
    try compiled(.init(name: "none"), model)
  }

  /// Returns the plan of `model` under `policy`.
  func compiled(_ policy: PolicyCall, _ model: Differentiated) throws(CompileFailure) -> CompiledModel {
    var options = options
    (options.policy, options.budget) = (policy, nil)
    return try with(options).assembled(model.module, model.request)
  }

  /// Returns the budgets from the least that `optimal` finds a schedule for to what keeping everything needs.
  func feasibleBudgets(_ model: Differentiated) throws(CompileFailure) -> ClosedRange<Int> {
    let most = try keepingAll(model).plan.totals.peakBytes
    let call = PolicyCall(name: "optimal", arguments: [.init("budget", .integer(1))])
    let least = try row(call, 1, model).leastPeakBytes ?? most
    return min(least, most)...most
  }

  private func row(_ call: PolicyCall, _ budget: Int?, _ model: Differentiated) throws(CompileFailure) -> SweepRow {
    let start = ContinuousClock.now
    func seconds() -> Double { (ContinuousClock.now - start) / .seconds(1) }
    do throws(CompileFailure) {
      return .init(call.description, budget, try compiled(call, model), seconds())
    } catch {
      guard case .infeasible(_, _, let least) = error else { throw error }
      return .init(call.description, budget, least: least, options.cost.unit, seconds())
    }
  }

}

extension ClosedRange<Int> {

  /// Returns point `i` of `count` that are evenly spread from the lower to the upper bound, rounded down.
  ///
  /// - Requires: `0 ≤ i < count`, `count` is at least 2, and the bounds are not negative.
  func point(_ i: Int, of count: Int) -> Int {
    lowerBound + (count - 1).dividingFullWidth((upperBound - lowerBound).multipliedFullWidth(by: i)).quotient
  }

}

extension SweepRow {

  /// Returns what was found here for the larger budget of `row`, with what is known of that.
  fileprivate func under(_ row: SweepRow) -> SweepRow { under(row, bound: row.lowerBoundFraction) }

  private func under(_ row: SweepRow, bound: Double?) -> SweepRow {
    var copy = SweepRow(row.policy, row.budgetBytes, costUnit, seconds: row.compileSeconds)
    (copy.peakBytes, copy.activationPeakBytes, copy.savedBytes) = (peakBytes, activationPeakBytes, savedBytes)
    (copy.recomputeFlops, copy.stepFlops) = (recomputeFlops, stepFlops)
    copy.overheadFlopsFraction = overheadFlopsFraction
    (copy.recomputeCost, copy.overheadCostFraction) = (recomputeCost, overheadCostFraction)
    copy.lowerBoundFraction = bound
    return copy
  }

  /// Returns what was found here as that for a budget for which nothing else can be found.
  fileprivate func repeated(_ policy: String, _ budget: Int) -> SweepRow {
    isFeasible
      ? under(.init(policy, budget, costUnit, seconds: 0), bound: lowerBoundFraction)
      : .init(policy, budget, least: leastPeakBytes ?? 0, costUnit, 0)
  }

  private init(_ policy: String, _ budget: Int?, _ costUnit: String, seconds: Double) {
    self.costUnit = costUnit
    self.policy = policy
    budgetBytes = budget
    isFeasible = true
    compileSeconds = seconds
  }

}

extension SweepRow {

  /// The table of `rows` for people.
  package static func table(_ rows: [SweepRow]) -> String {
    var table = TextTable([.left, .right, .right, .right, .right, .right, .right])
    table.append(["policy", "peak", "activations", "saved", "recompute", "lower bound", "compile"])
    for r in rows {
      let time = String(Int((r.compileSeconds * 1000).rounded())) + " ms"
      guard let peak = r.peakBytes, let activations = r.activationPeakBytes, let saved = r.savedBytes,
        let overhead = r.overheadFlopsFraction
      else {
        table.append([r.policy, "-", "-", "-", "needs \(ByteCount(r.leastPeakBytes ?? 0))", "-", time])
        continue
      }
      table.append([
        r.policy, "\(ByteCount(peak))", "\(ByteCount(activations))", "\(ByteCount(saved))",
        "+" + CompiledModel.percent(overhead) + r.timeOverhead,
        r.lowerBoundFraction.map { "+" + CompiledModel.percent($0) } ?? "-",
        time,
      ])
    }
    return table.description
  }

  /// The part of the time that recomputations take, if costs are times.
  private var timeOverhead: String {
    guard costUnit == "ns", let overheadCostFraction else { return "" }
    return ", time +" + CompiledModel.percent(overheadCostFraction)
  }

  /// `rows` as comma-separated values, with a line of names; empty where there is nothing.
  package static func csv(_ rows: [SweepRow]) -> String {
    var s =
      "policy,budget_bytes,feasible,least_peak_bytes,peak_bytes,activation_peak_bytes,saved_bytes,recompute_flops,"
      + "step_flops,overhead_flops_fraction,lower_bound_fraction,compile_seconds,recompute_cost,"
      + "overhead_cost_fraction,cost_unit\n"
    for r in rows {
      func text<T>(_ x: T?) -> String { x.map { "\($0)" } ?? "" }
      let fields = [
        "\"\(r.policy)\"", text(r.budgetBytes), "\(r.isFeasible)", text(r.leastPeakBytes), text(r.peakBytes),
        text(r.activationPeakBytes), text(r.savedBytes), text(r.recomputeFlops), text(r.stepFlops),
        text(r.overheadFlopsFraction), text(r.lowerBoundFraction), "\(r.compileSeconds)",
        text(r.recomputeCost), text(r.overheadCostFraction), r.costUnit,
      ]
      s += fields.joined(separator: ",") + "\n"
    }
    return s
  }

}
