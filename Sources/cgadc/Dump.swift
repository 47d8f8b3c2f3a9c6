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
    case text, json, dot, html, svg, trace, csv
  }

  /// The formats of each stage beside text.
  private static let formats: [Stage: [Format]] = [
    .grad: [.json], .schedule: [.json, .dot, .html, .trace], .memory: [.svg, .csv],
  ]

  @Argument(help: "The model, or for the stages schedule, memory and plan a plan.")
  var file: String

  @Option(help: "The stage.")
  var stage: Stage

  @Option(
    help: """
      The format; json for grad and schedule, dot, html and trace for schedule, svg for memory, and csv for memory: the \
      buffers as `cgadc pack` takes them.
      """)
  var format = Format.text

  @Flag(help: "Writes identical layers once; for the text of schedule and memory, and dot.")
  var fold = false

  @OptionGroup var options: CompilationOptions

  mutating func validate() throws {
    let known = Self.formats[stage] ?? []
    if format != .text, !known.contains(format) {
      throw ValidationError("--format \(format.rawValue) is not for the stage \(stage.rawValue)")
    }
    if fold, ![.schedule, .memory].contains(stage) || ![.text, .dot].contains(format) {
      throw ValidationError("--fold is for the text of schedule and memory, and for dot")
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
    switch format {
    case .json: try Output.json(ScheduleDocument(p.programs[0]))
    case .dot: Output.result(ProgramReview(p).dot(isFolded: fold))
    case .html: Output.result(ReviewPage(p).html)
    case .trace: Output.result(ProgramReview(p).trace())
    case .text, .svg, .csv: Output.result(fold ? p.foldedScheduleDump : p.scheduleDump)
    }
  }

  private func dumpMemory() throws {
    let p = try plan()
    if format == .svg { return Output.result(StandaloneFigure.arena(of: p)) }
    if format == .csv {
      let (table, offsets) = p.trainPacking
      return Output.result(table.csv(offsets: offsets))
    }
    Output.result(fold ? p.foldedMemoryMap : p.memoryMap)
  }

  /// Returns the plan in the file, or the one that the model in it compiles to.
  private func plan() throws -> Plan { try options.plan(at: file) }

}
