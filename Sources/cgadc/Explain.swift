import ArgumentParser
import Driver
import Emission
import IR
import Operations
import PlanFormat
import Support

/// `cgadc explain`.
struct Explain: ParsableCommand {

  static let configuration = CommandConfiguration(
    abstract: """
      cgadc explain gpt.cgplan peak

      Says why a plan is as it is, or with `cgadc explain CG0203` what the code of a diagnostic means.
      """,
    discussion: """
      Topics of a plan, or of a model, which is compiled first:
        peak             what is live at the peak, and what would lower it
        saved            what is kept for the backward part, one line each
        step N           what instruction N does, and what is live then
        h.0.mlp.up       where a value is born, deleted and computed again, why, and what another choice would cost
        'h.*.attn.**'    what becomes of all values that a rule would select
        gpt.cgm:67       what becomes of the values that the rule on that line decides
      Without a topic, the totals.
      """)

  @Argument(help: "The code of a diagnostic, a plan or a model.")
  var subject: String?

  @Argument(help: .init("What to explain of a plan.", valueName: "topic"))
  var topic: [String] = []

  @Option(help: "The program: train or eval.")
  var program = "train"

  @OptionGroup var options: CompilationOptions

  @Flag(help: .hidden)
  var all = false

  @Flag(help: .hidden)
  var markdown = false

  /// `true` iff the subject is a plan or a model.
  private var isPlan: Bool { subject.map { $0.hasSuffix(".cgplan") || $0.hasSuffix(".cgm") } ?? false }

  func validate() throws {
    if all { return }
    guard let subject else { throw ValidationError("give a plan, or the code of a diagnostic, as CG0203") }
    if isPlan { return try validateTopic() }
    if !DiagnosticCatalogue.isCode(subject) {
      throw ValidationError(
        "'\(subject)' is neither a .cgplan, a .cgm nor the code of a diagnostic, which has the form CG0203")
    }
    if !topic.isEmpty { throw ValidationError("give one code") }
  }

  private func validateTopic() throws {
    if topic.first == "step", topic.count != 2 || Int(topic[1]) == nil {
      throw ValidationError("give the number of a step, as 'step 12'")
    }
    if topic.count > (topic.first == "step" ? 2 : 1) { throw ValidationError("give one topic") }
  }

  mutating func run() throws {
    if all { return Output.result(Self.everything(markdown: markdown)) }
    guard let subject else { return }
    if isPlan { return try explainPlan(subject) }
    guard let entry = DiagnosticCatalogue.entry(subject) else {
      let near = DiagnosticCatalogue.nearestCode(to: subject)
      Output.error("cgadc: error: there is no code \(subject.uppercased()); the nearest is \(near)\n")
      throw Exit.rejected
    }
    Output.result(markdown ? entry.markdown : entry.text)
  }

  private func explainPlan(_ path: String) throws {
    let plan = try options.plan(at: path)
    guard let index = plan.programs.firstIndex(where: { $0.name == program }) else {
      try refuse("\(path): has no program '\(program)'")
    }
    let review = ProgramReview(plan, program: index)
    switch topic.first {
    case nil: Output.result(review.overview)
    case "peak": Output.result(review.peakExplanation)
    case "saved": Output.result(review.savedExplanation)
    case "step": Output.result(review.explanation(ofStep: try step(in: review, path)))
    case let name?: Output.result(try explanation(of: name, in: review, path))
    }
  }

  /// Returns the number of a step that is there.
  private func step(in review: ProgramReview, _ path: String) throws -> Int {
    let count = review.program.instructions.count
    guard let n = Int(topic[1]), 1...max(1, count) ~= n, count > 0 else {
      try refuse("\(path): has steps 1 to \(count), not \(topic[1])")
    }
    return n
  }

  /// Returns what is said of the value called `name`, or of those that it selects.
  private func explanation(of name: String, in review: ProgramReview, _ path: String) throws -> String {
    if let value = review.value(at: name) { return review.explanation(of: value) }
    let isDecided = { (_: ReviewedValue, i: PlanInstruction) in i.note.hasSuffix(", rule \(name)") }
    if let text = review.explanation(ofRule: name, selecting: isDecided) { return text }
    if let selector = ValueSelector(pattern: name, span: .init(0, 0)),
      let text = review.explanation(
        ofRule: name,
        selecting: { selector.matches(path: $0.path, mnemonic: $1.action.operation?.mnemonic ?? "") })
    {
      return text
    }
    let near = Suggestion.nearest(to: name, in: review.values.map(\.path)).map { "; did you mean '\($0)'?" } ?? ""
    try refuse("\(path): there is no value '\(name)', and no rule of that form selects one\(near)")
  }

  private func refuse(_ message: String) throws -> Never {
    Output.error("cgadc: error: \(message)\n")
    throw Exit.rejected
  }

  private static func everything(markdown: Bool) -> String {
    markdown ? DiagnosticCatalogue.markdown : DiagnosticCatalogue.all.map(\.text).joined(separator: "\n")
  }

}
