import ArgumentParser
import Operations
import PlanFormat
import Runtime
import Support

/// `cgad info`.
struct Info: ParsableCommand {

  static let configuration = CommandConfiguration(
    abstract: "Says what is in a file: a plan, or data of the kinds idx, npy, npz and safetensors.")

  @Argument(help: "The file.")
  var file: String

  func run() throws {
    if FileContents.start(of: file, count: 6).map({ $0 == Array("cgplan".utf8) }) ?? false {
      return print(PlanSummary(try LoadedPlan.read(file)).text, terminator: "")
    }
    let lines = try failing({ (e: DataError) in .init(e.exitCode == 2 ? .unusable : .refused, e.description) }) {
      () throws(DataError) in try FileDescription.describe(path: file)
    }
    for l in lines { print(l) }
  }

}

/// A plan in a few lines.
struct PlanSummary {

  let plan: Plan

  init(_ plan: Plan) { self.plan = plan }

  var text: String {
    let (header, totals) = (plan.header, plan.totals)
    var table = TextTable([.left, .left])
    table.append(["  dims", header.dims.map { "\($0.name)=\($0.size)" }.joined(separator: " ")])
    table.append(["  parameters", parameterText])
    table.append(["  peak", bytes(totals.peakBytes) + (header.budget.map { ", budget \($0) bytes" } ?? "")])
    table.append(["    persistent", bytes(totals.persistentBytes)])
    table.append(["    arena", bytes(totals.arenaBytes)])
    table.append(["  saved", bytes(totals.savedBytes) + " kept for the backward part"])
    table.append(["  flops", "\(totals.stepFlops) a step, \(totals.recomputeFlops) more recomputed"])
    table.append(["  training", "\(plan.training.length), seed \(plan.training.seed)"])
    for d in plan.data { table.append(["  data \(d.name)", dataText(d)]) }
    for p in plan.programs { table.append(["  program \(p.name)", programText(p)]) }
    let target = "\(header.target), \(header.threads) threads"
    return "plan of \(header.source)  \(header.model)  \(header.policy)  for \(target)\n\(table.description)\(verdict)"
  }

  private var parameterText: String {
    let parameters = plan.storage.map(\.storage).filter { $0.kind == .parameter || $0.kind == .frozen }
    return "\(parameters.reduce(0) { $0 + $1.type.count }) in \(parameters.count) tensors"
  }

  private func bytes(_ n: Int) -> String { "\(ByteCount(max(0, n))) (\(n) bytes)" }

  private func dataText(_ d: DataDeclaration) -> String {
    "\(d.source.rawValue)  \(d.types.map(\.description).joined(separator: ", "))"
  }

  private func programText(_ p: PlanProgram) -> String {
    var (computed, recomputed, updates, deletes) = (0, 0, 0, 0)
    for i in p.instructions {
      switch i.action {
      case .compute: computed += 1
      case .recompute: recomputed += 1
      case .update: updates += 1
      case .delete: deletes += 1
      }
    }
    return "\(p.instructions.count) instructions: \(computed) compute, \(recomputed) recompute, \(updates) update, "
      + "\(deletes) delete"
  }

  /// Whether the plan may be run.
  private var verdict: String {
    do throws(PlanViolation) {
      try plan.verify()
      return "  verified: it can be run\n"
    } catch { return "  REFUSED by the verifier: \(error)\n" }
  }

}
