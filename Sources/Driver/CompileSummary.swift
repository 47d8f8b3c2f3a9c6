import Foundation
import Operations
import PlanFormat
import Scheduling
import Support

/// What `cgadc compile --json` prints; keys are added, never renamed.
package struct CompileReport: Encodable, Sendable {

  package let plan: String
  package let policy: String
  package let peakBytes: Int
  package let arenaBytes: Int
  package let persistentBytes: Int
  package let activationPeakBytes: Int
  package let liveLowerBoundBytes: Int
  package let savedBytes: Int
  package let recomputeFlops: Int
  package let stepFlops: Int
  package let overheadFlopsFraction: Double
  package let overheadCostFraction: Double
  package let costUnit: String

  /// The cost of a step without recomputations, and of those, in the unit of costs.
  package let stepCost: Int
  package let recomputeCost: Int

  /// The name and digest of the cost profile; `nil` where FLOPs are the cost.
  package let costProfile: String?
  package let costProfileDigest: String?

  /// What the profile says that a step takes, recomputations included; `nil` without one.
  package let estimatedStepMilliseconds: Double?

  /// The least overhead of any schedule within the budget, in the unit of costs; `nil` where nothing is known.
  package let lowerBoundFraction: Double?

  package let keepAllPeakBytes: Int
  package let keepAllSavedBytes: Int
  package let valuesSaved: Int
  package let valuesDeleted: Int

  /// The values that recomputations make; an attention makes two.
  package let valuesRecomputed: Int

  /// The recomputations of a micro-batch, by the name that `cgad run --json` has for those of a step.
  package let recomputedInstructions: Int

  /// No plan of this version needs a snapshot: updates come after the last read of what they change.
  package let snapshots = 0
  package let snapshotBytes = 0

  /// By how much the order of instructions lowers the live bytes of keeping everything; 0 for the source's order.
  package let bytesSavedByOrder: Int

  /// The bytes on the host for what is offloaded, and how many values that are; 0 where nothing is.
  package let hostBytes: Int
  package let valuesOffloaded: Int

  /// The bytes that are copied to the host, what these and the copies back cost one after the other, and the part of that
  /// which is waited for, in the unit of costs.
  package let offloadedBytes: Int
  package let copyCost: Int
  package let copyWaitCost: Int

  package let compileSeconds: Double
  package let instructions: Int

  private enum CodingKeys: String, CodingKey {
    case plan, policy, snapshots, instructions
    case peakBytes = "peak_bytes"
    case arenaBytes = "arena_bytes"
    case persistentBytes = "persistent_bytes"
    case activationPeakBytes = "activation_peak_bytes"
    case liveLowerBoundBytes = "live_lower_bound_bytes"
    case savedBytes = "saved_bytes"
    case recomputeFlops = "recompute_flops"
    case stepFlops = "step_flops"
    case overheadFlopsFraction = "overhead_flops_fraction"
    case overheadCostFraction = "overhead_cost_fraction"
    case costUnit = "cost_unit"
    case stepCost = "step_cost"
    case recomputeCost = "recompute_cost"
    case costProfile = "cost_profile"
    case costProfileDigest = "cost_profile_digest"
    case estimatedStepMilliseconds = "estimated_step_ms"
    case lowerBoundFraction = "lower_bound_fraction"
    case keepAllPeakBytes = "keep_all_peak_bytes"
    case keepAllSavedBytes = "keep_all_saved_bytes"
    case valuesSaved = "values_saved"
    case valuesDeleted = "values_deleted"
    case valuesRecomputed = "values_recomputed"
    case recomputedInstructions = "recomputed_instructions"
    case snapshotBytes = "snapshot_bytes"
    case bytesSavedByOrder = "bytes_saved_by_order"
    case hostBytes = "host_bytes"
    case valuesOffloaded = "values_offloaded"
    case offloadedBytes = "offloaded_bytes"
    case copyCost = "copy_cost"
    case copyWaitCost = "copy_wait_cost"
    case compileSeconds = "compile_seconds"
  }

  package func encode(to encoder: any Encoder) throws {
    var c = encoder.container(keyedBy: CodingKeys.self)
    try c.encode(plan, forKey: .plan)
    try c.encode(policy, forKey: .policy)
    try c.encode(peakBytes, forKey: .peakBytes)
    try c.encode(arenaBytes, forKey: .arenaBytes)
    try c.encode(persistentBytes, forKey: .persistentBytes)
    try c.encode(activationPeakBytes, forKey: .activationPeakBytes)
    try c.encode(liveLowerBoundBytes, forKey: .liveLowerBoundBytes)
    try c.encode(savedBytes, forKey: .savedBytes)
    try c.encode(recomputeFlops, forKey: .recomputeFlops)
    try c.encode(stepFlops, forKey: .stepFlops)
    try c.encode(overheadFlopsFraction, forKey: .overheadFlopsFraction)
    try c.encode(overheadCostFraction, forKey: .overheadCostFraction)
    try c.encode(costUnit, forKey: .costUnit)
    try c.encode(stepCost, forKey: .stepCost)
    try c.encode(recomputeCost, forKey: .recomputeCost)
    try c.encode(costProfile, forKey: .costProfile)  // null, not left out, as the two that follow
    try c.encode(costProfileDigest, forKey: .costProfileDigest)
    try c.encode(estimatedStepMilliseconds, forKey: .estimatedStepMilliseconds)
    try c.encode(lowerBoundFraction, forKey: .lowerBoundFraction)  // null, not left out
    try c.encode(keepAllPeakBytes, forKey: .keepAllPeakBytes)
    try c.encode(keepAllSavedBytes, forKey: .keepAllSavedBytes)
    try c.encode(valuesSaved, forKey: .valuesSaved)
    try c.encode(valuesDeleted, forKey: .valuesDeleted)
    try c.encode(valuesRecomputed, forKey: .valuesRecomputed)
    try c.encode(recomputedInstructions, forKey: .recomputedInstructions)
    try c.encode(snapshots, forKey: .snapshots)
    try c.encode(snapshotBytes, forKey: .snapshotBytes)
    try c.encode(bytesSavedByOrder, forKey: .bytesSavedByOrder)
    try c.encode(hostBytes, forKey: .hostBytes)
    try c.encode(valuesOffloaded, forKey: .valuesOffloaded)
    try c.encode(offloadedBytes, forKey: .offloadedBytes)
    try c.encode(copyCost, forKey: .copyCost)
    try c.encode(copyWaitCost, forKey: .copyWaitCost)
    try c.encode(compileSeconds, forKey: .compileSeconds)
    try c.encode(instructions, forKey: .instructions)
  }

}

extension CompiledModel {

  /// The number of elements of all parameters.
  package var parameterCount: Int {
    plan.storage.reduce(0) { $0 + ([.parameter, .frozen].contains($1.storage.kind) ? $1.storage.type.count : 0) }
  }

  /// Returns the machine-readable summary.
  package func report(path: String, seconds: Double) -> CompileReport {
    let t = plan.totals
    func fraction(_ part: Int, _ whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }
    return .init(
      plan: path, policy: plan.header.policy, peakBytes: t.peakBytes, arenaBytes: t.arenaBytes,
      persistentBytes: t.persistentBytes, activationPeakBytes: t.activationPeakBytes,
      liveLowerBoundBytes: t.liveLowerBoundBytes, savedBytes: t.savedBytes, recomputeFlops: t.recomputeFlops,
      stepFlops: t.stepFlops, overheadFlopsFraction: fraction(t.recomputeFlops, t.stepFlops),
      overheadCostFraction: fraction(metrics.recomputeCost, metrics.stepCost), costUnit: costUnit,
      stepCost: metrics.stepCost, recomputeCost: metrics.recomputeCost, costProfile: plan.header.costs?.name,
      costProfileDigest: plan.header.costs?.digest,
      estimatedStepMilliseconds: plan.header.costs == nil ? nil : estimatedMilliseconds,
      lowerBoundFraction: costBound.map { fraction($0, metrics.stepCost) }, keepAllPeakBytes: keepAllPeakBytes,
      keepAllSavedBytes: keepAll.savedBytes,
      valuesSaved: metrics.savedCount, valuesDeleted: metrics.deletedCount, valuesRecomputed: metrics.recomputedCount,
      recomputedInstructions: metrics.recomputedInstructionCount,
      bytesSavedByOrder: bytesSavedByOrder, hostBytes: t.hostBytes, valuesOffloaded: metrics.offloadedCount,
      offloadedBytes: metrics.offloadedBytes, copyCost: metrics.copyCost, copyWaitCost: metrics.waitCost,
      compileSeconds: seconds,
      instructions: plan.programs.reduce(0) { $0 + $1.instructions.count })
  }

  /// The summary for people: the schedule beside the one that keeps everything, and what the peak is made of.
  package var summary: String {
    let t = plan.totals
    var table = TextTable([.left, .right, .right, .left, .left])
    table.append(["  policy", "peak", "saved", "recompute", "est. step"])
    table.append([
      "  keep everything", "\(ByteCount(keepAllPeakBytes))", "\(ByteCount(keepAll.savedBytes))", "-", "1.00x",
    ])
    let overhead = metrics.stepCost == 0 ? 0 : Double(metrics.recomputeCost) / Double(metrics.stepCost)
    table.append([
      "> \(plan.header.policy)", "\(ByteCount(t.peakBytes))", "\(ByteCount(t.savedBytes))", recomputation(overhead),
      Self.ratio(1 + overhead + (isWeighingCopies ? waiting : 0)),
    ])
    var s = "\(plan.header.source)  \(plan.header.model)  \(Self.grouped(parameterCount)) parameters\n"
    s += table.description
    s += "  \(peakLine)\n"
    s += timeLine
    s += orderLine
    for l in gradientLines { s += "  \(l)\n" }
    let excess = Double(t.peakBytes - t.liveLowerBoundBytes) / Double(max(1, t.liveLowerBoundBytes))
    s +=
      "  \(metrics.savedCount) values saved, \(metrics.deletedCount) deleted in forward, \(metrics.recomputedCount) recomputed"
    s += " · peak \(Self.percent(excess)) over the live-bytes bound\n"
    s += hostLine
    return s + boundLine + releasedLine
  }

  /// What the recomputations are of a step, in FLOPs, and with a cost profile in time, of which `overhead` is the part.
  private func recomputation(_ overhead: Double) -> String {
    let t = plan.totals
    if t.recomputeFlops == 0, metrics.recomputeCost == 0 { return "-" }
    let flops = "+\(Self.percent(t.stepFlops == 0 ? 0 : Double(t.recomputeFlops) / Double(t.stepFlops))) FLOPs"
    return plan.header.costs == nil ? flops : "\(flops), +\(Self.percent(overhead)) time"
  }

  /// The time of a step with its recomputations, and with what is waited for where the policy weighs that, if costs are times.
  private var estimatedMilliseconds: Double {
    let extra = isWeighingCopies ? metrics.extraCost : metrics.recomputeCost
    return Double(metrics.stepCost.addedSaturating(to: extra)) / 1e6
  }

  /// What a step takes; nothing without a cost profile.
  private var timeLine: String {
    guard let costs = plan.header.costs else { return "" }
    let again = Double(metrics.recomputeCost) / 1e6
    let times = String(format: "%.3f ms, %.3f ms of it recomputation", estimatedMilliseconds, again)
    return "  estimated step \(times), by the times of \(costs.name) (\(costs.digest))\n"
  }

  /// What is copied to the host and back; nothing if nothing is.
  private var hostLine: String {
    if metrics.offloadedCount == 0 { return "" }
    let count = "\(metrics.offloadedCount) value\(metrics.offloadedCount == 1 ? "" : "s")"
    return
      "  \(count) offloaded: \(ByteCount(metrics.offloadedBytes)) copied to the host and back a step, in \(ByteCount(plan.totals.hostBytes)) there\n"
      + transferLine
  }

  /// What is waited for of copies, as a part of the step.
  private var waiting: Double { metrics.stepCost == 0 ? 0 : Double(metrics.waitCost) / Double(metrics.stepCost) }

  /// How long the copies are estimated to take.
  private var transferLine: String {
    let isTime = plan.header.costs != nil
    let all =
      isTime ? String(format: "%.3f ms", Double(metrics.copyCost) / 1e6) : "\(Self.grouped(metrics.copyCost)) FLOPs"
    let rate = "\(String(format: "%g", costPerByte)) \(isTime ? "ns" : "FLOPs") a byte"
    return "  estimated transfer: as long as \(all) (\(rate)), not hidden +\(Self.percent(waiting)) of a step\n"
  }

  /// How far from the least cost the schedule is at most; nothing if nothing is known.
  private var boundLine: String {
    guard let costBound, metrics.stepCost > 0 else { return "" }
    let (bound, overhead) = (Double(costBound), Double(metrics.recomputeCost))
    let gap = (overhead - bound) / Double(metrics.stepCost) * 100
    let points = (gap * 100).rounded() / 100
    let proved = Self.percent((certifiedBound ?? 0) / Double(metrics.stepCost))
    let said = Self.percent(bound / Double(metrics.stepCost))
    let certified = said == proved || plan.certificate == nil ? "" : "; the plan proves +\(proved)"
    return "  lower bound +\(said): gap \(points) points\(certified)\n"
  }

  /// What the certificates of the plan prove, `nil` if it has none.
  private var certifiedBound: Double? {
    plan.certificate.map { Double(max($0.bound, plan.operandCertificate?.bound ?? 0)) }
  }

  /// The number of values that the summary names of those that were given up.
  private static let namedReleases = 6

  /// What the policy gave up, the first first; nothing if it did not go that way.
  private var releasedLine: String {
    if released.isEmpty { return "" }
    let more = released.count - Self.namedReleases
    let names = released.prefix(Self.namedReleases).joined(separator: ", ")
    return "  gave up \(names)\(more > 0 ? " and \(more) more" : "")\n"
  }

  /// What is live at the instruction with the most live bytes.
  private var peakLine: String {
    var bytes: [Storage.Kind: Int] = [:]
    for p in plan.storage { bytes[p.storage.kind, default: 0] += p.storage.type.size.value }
    let always: Set<Storage.Kind> = [.parameter, .slot, .input]
    let kinds = Storage.Kind.allCases.filter { always.contains($0) || bytes[$0] != nil }
    let parts = kinds.map { (k) in
      let name =
        switch k {
        case .parameter: "params"
        case .frozen: "frozen"
        case .gradient: "gradients"
        case .state: "state"
        case .slot: "optimizer"
        case .input: "batch"
        }
      return "\(name) \(ByteCount(bytes[k] ?? 0))"
    }
    let step = plan.programs[0].instructions[metrics.peakStep]
    let value = step.results.first.map { plan.programs[0].values[$0].name } ?? "-"
    let work = step.workspace.map { ", \(ByteCount($0.byteCount)) of it workspace" } ?? ""
    return
      "peak at step \(metrics.peakStep + 1), \(value): \(parts.joined(separator: " + ")) + arena \(ByteCount(metrics.liveBytes)) live\(work)"
  }

  /// What instructions in another order than the source's are good for; nothing if they are in that order.
  private var orderLine: String {
    if bytesSavedByOrder == 0 { return "" }
    return
      "  instructions moved: keeping everything needs \(ByteCount(bytesSavedByOrder)) less than in the order of the source\n"
  }

  /// What keeps gradients longer than the updates from them need: a norm of all of them, or several micro-batches.
  private var gradientLines: [String] {
    let count = plan.training.microBatches
    let gradients = gradientBytes
    if count > 1 {
      return ["\(count) micro-batches a step: \(ByteCount(gradients.bytes)) of storage add up their gradients"]
    }
    if !gradients.areClipped { return [] }
    return ["clip: all gradients, \(ByteCount(gradients.bytes)), are live until their norm is known"]
  }

  /// The bytes of the gradients that parameters are updated from, and whether they are multiplied by a factor.
  private var gradientBytes: (bytes: Int, areClipped: Bool) {
    let program = plan.programs[0]
    var (gradients, areClipped) = (Set<PlanValueIndex>(), false)
    for i in program.instructions {
      guard case .update(.update(let optimizer)) = i.action else { continue }
      gradients.insert(i.operands[optimizer.writtenCount])
      areClipped = areClipped || i.operands.count > optimizer.writtenCount + 1
    }
    return (gradients.reduce(0) { $0 + program.values[$1].type.size.value }, areClipped)
  }

  /// Returns `fraction` in percent with one digit, as `21.3 %`.
  package static func percent(_ fraction: Double) -> String { String(format: "%.1f %%", fraction * 100) }

  private static func ratio(_ r: Double) -> String { String(format: "%.2fx", r) }

  /// Returns `n` with commas between groups of three digits.
  private static func grouped(_ n: Int) -> String {
    var digits = Array(String(n))
    var i = digits.count - 3
    while i > 0 {
      digits.insert(",", at: i)
      i -= 3
    }
    return String(digits)
  }

}
