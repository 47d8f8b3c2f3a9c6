import ArgumentParser
import Driver
import Emission
import Operations
import PlanFormat
import Planning
import Support

/// `cgadc dump`.
struct Dump: ParsableCommand {

  static let configuration = CommandConfiguration(
    abstract:
      "cgadc dump samples/digits.cgm --stage schedule\n\nPrints a model, or a plan, as a stage of the compiler sees it."
  )

  enum Stage: String, ExpressibleByArgument, CaseIterable {
    case ast, ir, grad, schedule, memory, plan
  }

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json, csv
  }

  @Argument(help: "The model, or for the stages schedule, memory and plan a plan.")
  var file: String

  @Option(help: "The stage.")
  var stage: Stage

  @Option(
    help: "The format; json for the stages grad and schedule, csv for memory: the buffers as `cgadc pack` takes them.")
  var format = Format.text

  @OptionGroup var options: CompilationOptions

  mutating func validate() throws {
    if format == .json, stage != .grad, stage != .schedule {
      throw ValidationError("--format json is for the stages grad and schedule, not \(stage.rawValue)")
    }
    if format == .csv, stage != .memory {
      throw ValidationError("--format csv is for the stage memory, not \(stage.rawValue)")
    }
    if isPlan, [.ast, .ir, .grad].contains(stage) {
      throw ValidationError("a plan has no stage '\(stage.rawValue)'; give the model")
    }
  }

  private var isPlan: Bool { file.hasSuffix(".cgplan") }

  mutating func run() throws {
    switch stage {
    case .ast:
      let c = try options.compilation(of: file)
      Output.result(try attempt { () throws(CompileFailure) in try c.treeText() })
    case .ir:
      let c = try options.compilation(of: file)
      Output.result(try attempt { () throws(CompileFailure) in try c.forwardText() })
    case .grad: try dumpGradients()
    case .schedule: try dumpSchedule()
    case .memory: try dumpMemory()
    case .plan: Output.result(try plan().text)
    }
  }

  private func dumpGradients() throws {
    let c = try options.compilation(of: file)
    if format == .json { return try Output.json(attempt { () throws(CompileFailure) in try c.graph() }) }
    Output.result(try attempt { () throws(CompileFailure) in try c.gradientText() })
  }

  private func dumpSchedule() throws {
    let p = try plan()
    if format == .json { return try Output.json(ScheduleDocument(p.programs[0])) }
    Output.result(p.scheduleDump)
  }

  private func dumpMemory() throws {
    let p = try plan()
    if format == .text { return Output.result(p.memoryMap) }
    let (table, offsets) = p.trainPacking
    Output.result(table.csv(offsets: offsets))
  }

  /// Returns the plan in the file, or the one that the model in it compiles to.
  private func plan() throws -> Plan {
    if isPlan { return try cgadc.plan(at: file) }
    let c = try options.compilation(of: file)
    return try attempt { () throws(CompileFailure) in try c.compiled() }.plan
  }

}

/// What `dump --stage schedule --format json` prints: the training program.
private struct ScheduleDocument: Encodable {

  struct Instruction: Encodable {
    let step: Int
    let action: String
    let value: String
    let op: String
    let inputs: [String]
    let bytes: Int
    let offset: Int?
    let inPlaceOf: String?
    let workspaceBytes: Int
    let liveBytes: Int
    let source: String
    let reason: String

    private enum CodingKeys: String, CodingKey {
      case step, action, value, op, inputs, bytes, offset, source, reason
      case inPlaceOf = "in_place_of"
      case workspaceBytes = "workspace_bytes"
      case liveBytes = "live_bytes"
    }

    func encode(to encoder: any Encoder) throws {
      var c = encoder.container(keyedBy: CodingKeys.self)
      try c.encode(step, forKey: .step)
      try c.encode(action, forKey: .action)
      try c.encode(value, forKey: .value)
      try c.encode(op, forKey: .op)
      try c.encode(inputs, forKey: .inputs)
      try c.encode(bytes, forKey: .bytes)
      try c.encode(offset, forKey: .offset)  // null for storage, not left out
      try c.encode(inPlaceOf, forKey: .inPlaceOf)  // null for a place of its own
      try c.encode(workspaceBytes, forKey: .workspaceBytes)
      try c.encode(liveBytes, forKey: .liveBytes)
      try c.encode(source, forKey: .source)
      try c.encode(reason, forKey: .reason)
    }
  }

  let instructions: [Instruction]

  init(_ program: PlanProgram) {
    instructions = program.scheduleLines().map { (l) in
      .init(
        step: l.step, action: l.action, value: l.value, op: l.operation, inputs: l.inputs, bytes: l.type.size.value,
        offset: l.offset, inPlaceOf: l.inPlaceOf, workspaceBytes: l.workspaceBytes, liveBytes: l.liveBytes,
        source: l.source, reason: l.reason)
    }
  }

}
