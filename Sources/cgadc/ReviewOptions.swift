import ArgumentParser
import Driver
import Emission
import PlanFormat

/// A form in which a plan is reviewed.
enum ReviewForm: String, CaseIterable {
  case schedule, memory, dot, html, trace, json
}

/// Forms on the command line: `schedule,html`.
struct ReviewForms: ExpressibleByArgument {

  let forms: [ReviewForm]

  init?(argument: String) {
    let words = argument.split(separator: ",", omittingEmptySubsequences: false)
    let known = words.compactMap { ReviewForm(rawValue: String($0)) }
    guard known.count == words.count else { return nil }
    forms = ReviewForm.allCases.filter(known.contains)
  }

}

/// The flags that ask for files to review a plan with.
struct ReviewOptions: ParsableArguments {

  @Option(
    help: .init(
      "Files to review the plan with: schedule, memory, dot, html, trace, json, or several with commas.",
      valueName: "forms"))
  var emit: ReviewForms?

  @Option(help: .init("The folder of these files; that of the plan by default.", valueName: "folder"))
  var emitDir: String?

  @Option(help: .init("Draws peak against recomputation for this many budgets on the page of html.", valueName: "n"))
  var sweepPoints: Int?

  func validate() throws {
    if emitDir != nil, emit == nil { throw ValidationError("--emit-dir is for --emit") }
    if let sweepPoints, !(1...100 ~= sweepPoints) || emit?.forms.contains(.html) != true {
      throw ValidationError("--sweep-points takes a number from 1 to 100, with --emit html")
    }
  }

  /// Writes the files for `model`, whose plan is at `path`, and returns their names.
  func write(_ model: CompiledModel, beside path: String, _ compilation: Compilation) throws -> [String] {
    guard let forms = emit?.forms else { return [] }
    let stem = try folder(of: path) + Self.stem(of: path)
    let plan = try model.plan.asRead()
    var written: [String] = []
    for form in forms {
      for (ending, text) in try texts(form, plan, compilation) {
        try cgadc.write(text, to: stem + ending)
        written.append(stem + ending)
      }
    }
    return written
  }

  /// Returns the folder of the files with a slash behind it, empty for the one of now.
  private func folder(of path: String) throws -> String {
    guard let emitDir else { return path.lastIndex(of: "/").map { String(path[...$0]) } ?? "" }
    do throws(FileFailure) {
      try Files.makeFolder(emitDir)
    } catch {
      Output.error("cgadc: error: \(error)\n")
      throw Exit.unreadable
    }
    return emitDir.hasSuffix("/") ? emitDir : emitDir + "/"
  }

  private static func stem(of path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return name.hasSuffix(".cgplan") ? String(name.dropLast(7)) : name
  }

  /// Returns the endings and texts of the files of `form`.
  private func texts(
    _ form: ReviewForm, _ plan: Plan, _ compilation: Compilation
  ) throws -> [(String, String)] {
    switch form {
    case .schedule: return [(".schedule.txt", plan.scheduleDump), (".schedule.folded.txt", plan.foldedScheduleDump)]
    case .memory: return [(".memory.txt", plan.memoryMap), (".memory.folded.txt", plan.foldedMemoryMap)]
    case .dot: return [(".dot", ProgramReview(plan).dot())]
    case .trace: return [(".trace.json", ProgramReview(plan).trace())]
    case .json: return [(".schedule.json", try Output.document(ScheduleDocument(plan.programs[0])))]
    case .html: return [(".html", ReviewPage(plan, comparison: try comparison(plan, compilation)).html)]
    }
  }

  /// Returns the schedules of all policies beside that of `plan`, and those of a sweep where one is asked for.
  private func comparison(_ plan: Plan, _ compilation: Compilation) throws -> [ComparedSchedule] {
    let rows = try attempt { () throws(CompileFailure) in try compilation.comparison(budget: plan.header.budget) }
    let chosen = ComparedSchedule(chosen: plan)
    let others = rows.map { ComparedSchedule($0, isSwept: false) }.filter { $0.policy != chosen.policy }
    guard let sweepPoints else { return [chosen] + others }
    let swept = try attempt { () throws(CompileFailure) in try compilation.sweep(budgets: nil, points: sweepPoints) }
    return [chosen] + others + swept.map { .init($0, isSwept: true) }
  }

}

extension ComparedSchedule {

  /// The schedule of `plan`.
  init(chosen plan: Plan) {
    let t = plan.totals
    self.init(
      policy: plan.header.policy, peakBytes: t.peakBytes, savedBytes: t.savedBytes,
      overhead: t.stepFlops == 0 ? 0 : Double(t.recomputeFlops) / Double(t.stepFlops), isSwept: false, isChosen: true)
  }

  init(_ row: SweepRow, isSwept: Bool) {
    self.init(
      policy: row.policy, peakBytes: row.peakBytes, savedBytes: row.savedBytes ?? 0,
      overhead: row.overheadFlopsFraction ?? 0, isSwept: isSwept, isChosen: false)
  }

}
