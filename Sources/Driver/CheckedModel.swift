import IR
import PlanFormat
package import Support

/// What `cgadc check` found out about one model.
package struct CheckedModel: Sendable {

  /// How the check ended.
  package enum Outcome: Sendable {

    /// There is a plan, and this is said of it.
    case accepted(summary: String)

    /// The model is wrong.
    case rejected

    /// No schedule fits the budget.
    case infeasible

    /// The file cannot be read.
    case unreadable(String)

    /// The compiler broke one of its own rules.
    case broken(stage: String, message: String)

  }

  /// The file as the user named it.
  package let path: String

  package let outcome: Outcome

  /// The errors or warnings, in order of position.
  package let diagnostics: [Diagnostic]

  /// The number of further diagnostics, which were dropped.
  package let droppedCount: Int

  /// The files that the diagnostics are about; `nil` iff the model could not be read or the compiler failed.
  package let map: SourceMap?

  /// The most instructions of a step that a check without a budget schedules, so that it stays quick.
  private static let scheduledInstructions = 40_000

  /// Checks the model at `path`: all of it, but the schedule of a long step only against a budget.
  package init(_ path: String, options: CompileOptions) {
    do throws(CompileFailure) {
      let compilation = Compilation(try Files.source(path), options: options)
      let model = try compilation.differentiated()
      let count = model.module.train.instructions.count
      if count > Self.scheduledInstructions, options.budget == nil {
        let warnings = try compilation.warnings(ofRulesFor: model)
        let summary = "\(path): ok; \(count) instructions are too many to schedule in a check, compile tells their peak"
        self.init(path, .accepted(summary: summary), warnings, compilation.map)
        return
      }
      let compiled = try compilation.assembled(model.module, model.request, model.warnings)
      let peak = compiled.plan.totals.peakBytes
      let summary = "\(path): ok, \(compiled.plan.header.policy) peaks at \(ByteCount(peak)) (\(peak) bytes)"
      self.init(path, .accepted(summary: summary), compiled.warnings, compilation.map)
    } catch {
      self.init(path, failure: error)
    }
  }

  private init(_ path: String, failure: CompileFailure) {
    switch failure {
    case .rejected(let set, let map): self.init(path, .rejected, set, map)
    case .infeasible(let diagnostic, let map, _):
      var set = DiagnosticSet()
      set.report(diagnostic)
      self.init(path, .infeasible, set, map)
    case .unreadable(let message): self.init(path, .unreadable(message), .init(), nil)
    case .broken(let stage, let message): self.init(path, .broken(stage: stage, message: message), .init(), nil)
    }
  }

  private init(_ path: String, _ outcome: Outcome, _ set: DiagnosticSet, _ map: SourceMap?) {
    self.path = path
    self.outcome = outcome
    diagnostics = set.sorted
    droppedCount = set.droppedCount
    self.map = map
  }

  /// Returns the diagnostics as text for a person.
  package func text(in map: SourceMap) -> String {
    Diagnostic.text(of: diagnostics, droppedCount: droppedCount, in: map)
  }

  /// What stopped the check for a reason other than the model, or `nil`.
  package var failure: String? {
    switch outcome {
    case .accepted, .rejected, .infeasible: nil
    case .unreadable(let message): message
    case .broken(let stage, let message): "internal error in stage '\(stage)': \(message)"
    }
  }

}
