import ArgumentParser
import Operations
import PlanFormat
import Runtime
import Support

/// `cgad info`.
struct Info: ParsableCommand {

  static let configuration = CommandConfiguration(
    abstract: "Says what is in a file: a plan, a checkpoint, or data of the kinds idx, npy, npz and safetensors.",
    discussion: "All bytes of a checkpoint are compared with its checksum; of data only the headers are read.")

  @Argument(help: "The file.")
  var file: String

  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    if FileContents.start(of: file, count: 6).map({ $0 == Array("cgplan".utf8) }) ?? false {
      let summary = PlanSummary(try LoadedPlan.read(file))
      return print(json ? summary.json.text : summary.text, terminator: json ? "\n" : "")
    }
    let description = try failing({ (e: DataError) in .init(e.exitCode == 2 ? .unusable : .refused, e.description) }) {
      () throws(DataError) in try FileDescription(path: file)
    }
    if description.kind == .checkpoint { try checkSum() }
    if json { return print(description.json.text) }
    for l in description.lines { print(l) }
  }

  /// Throws unless the bytes of the checkpoint are those that were written.
  private func checkSum() throws(Failure) {
    _ = try failing({ (e: StateFileError) in .init(.unusable, e.description) }) { () throws(StateFileError) in
      try CheckpointFile(file)
    }
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
    if let costs = header.costs { table.append(["  costs", "\(costs.name) (\(costs.digest))"]) }
    table.append(["  peak", bytes(totals.peakBytes) + (header.budget.map { ", budget \($0) bytes" } ?? "")])
    table.append(["    persistent", bytes(totals.persistentBytes)])
    table.append(["    arena", bytes(totals.arenaBytes)])
    table.append(["  saved", bytes(totals.savedBytes) + " kept for the backward part"])
    if totals.hostBytes > 0 { table.append(["  host", bytes(totals.hostBytes) + " for what is offloaded"]) }
    table.append(["  flops", "\(totals.stepFlops) a step, \(totals.recomputeFlops) more recomputed"])
    let count = plan.training.microBatches
    let parts = count > 1 ? ", \(count) micro-batches a step" : ""
    table.append(["  training", "\(plan.training.length), seed \(plan.training.seed)\(parts)"])
    for d in plan.data { table.append(["  data \(d.name)", dataText(d)]) }
    for p in plan.programs { table.append(["  program \(p.name)", programText(p)]) }
    let words = [header.target, "\(header.threads) threads", header.products.text]
    let target = words.filter { !$0.isEmpty }.joined(separator: ", ")
    return "plan of \(header.source)  \(header.model)  \(header.policy)  for \(target)\n\(table.description)\(verdict)"
  }

  /// The header of the plan.
  var json: JSON {
    let (header, totals) = (plan.header, plan.totals)
    return .object([
      ("kind", .string("plan")), ("source", .string(header.source)), ("model", .string(header.model)),
      ("policy", .string(header.policy)), ("budget", header.budget.map { .integer($0) } ?? .null),
      ("matmul_precision", .string(header.precision.rawValue)),
      ("matmul_library", .string(header.library.rawValue)),
      ("dims", .object(header.dims.map { ($0.name, .integer($0.size)) })),
      ("peak_bytes", .integer(totals.peakBytes)), ("persistent_bytes", .integer(totals.persistentBytes)),
      ("arena_bytes", .integer(totals.arenaBytes)), ("saved_bytes", .integer(totals.savedBytes)),
      ("host_bytes", .integer(totals.hostBytes)),
      ("seed", .integer(plan.training.seed)),
    ])
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
    var (computed, recomputed, updates, deletes, copies) = (0, 0, 0, 0, 0)
    for i in p.instructions {
      switch i.action {
      case .compute: computed += 1
      case .recompute: recomputed += 1
      case .update: updates += 1
      case .delete: deletes += 1
      case .offload, .fetch: copies += 1
      }
    }
    return "\(p.instructions.count) instructions: \(computed) compute, \(recomputed) recompute, \(updates) update, "
      + "\(deletes) delete" + (copies > 0 ? ", \(copies) copies to the host or back" : "")
  }

  /// Whether the plan may be run.
  private var verdict: String {
    do throws(PlanViolation) {
      try plan.verify()
      return "  verified: it can be run\n"
    } catch { return "  REFUSED by the verifier: \(error)\n" }
  }

}

extension FileDescription {

  /// The kind of the file, its remarks and its arrays.
  var json: JSON {
    .object([
      ("kind", .string(kind.rawValue)), ("metadata", .object(remarks.map { ($0.key, .string($0.value)) })),
      ("tensors", .array(arrays.map(\.json))),
    ])
  }

}

extension FileDescription.Member {

  var json: JSON {
    .object([("name", .string(name)), ("type", .string(type)), ("bytes", .integer(byteCount))])
  }

}
