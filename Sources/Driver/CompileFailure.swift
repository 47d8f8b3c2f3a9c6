import IR
import PlanFormat
import Scheduling
package import Support

/// Why there is no plan.
package enum CompileFailure: Error, Sendable {

  /// The model is wrong; the diagnostics are of these files.
  case rejected(DiagnosticSet, SourceMap)

  /// No schedule fits the budget; the least peak that was found, in bytes.
  case infeasible(Diagnostic, SourceMap, least: Int)

  /// The file cannot be read.
  case unreadable(String)

  /// The compiler broke one of its own rules.
  case broken(stage: String, message: String)

}
