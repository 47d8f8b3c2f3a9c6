package import Driver
import IR
package import Rematerialization
package import Semantics
import Support

/// Returns the compilation of the model in `text` under the given flags.
///
/// - Requires: `policy`, if given, is a call such as `every(k: 3)`.
package func compilation(
  of text: String, named name: String = "test.cgm", policy: String? = nil, budget: Int? = nil,
  dims: [LoweringOptions.DimOverride] = [], schedule: String? = nil, train: String? = nil, folder: String? = nil,
  effort: SolverEffort? = nil
) -> Compilation {
  var options = CompileOptions()
  if let policy {
    guard let call = policyCall(policy).call else { preconditionFailure("no policy call: \(policy)") }
    options.policy = call
  }
  (options.budget, options.effort) = (budget, effort)
  options.dims = dims
  options.schedule = schedule
  options.train = train
  return .init(SourceFile(name: name, text: text), options: options, folder: folder)
}

extension CompileFailure {

  /// What a person gets to read.
  package var text: String {
    switch self {
    case .rejected(let diagnostics, let file): diagnostics.rendered(in: file)
    case .infeasible(let diagnostic, let file, _): "infeasible\n" + diagnostic.rendered(in: file)
    case .unreadable(let message): "unreadable\n\(message)\n"
    case .broken(let stage, let message): "broken \(stage)\n\(message)\n"
    }
  }

  /// The codes of its diagnostics, in order of position.
  package var codes: [String] {
    switch self {
    case .rejected(let diagnostics, _): diagnostics.sorted.map(\.code)
    case .infeasible(let diagnostic, _, _): [diagnostic.code]
    case .unreadable, .broken: []
    }
  }

}

/// Returns what people read of the failure of `action`, or what it did not refuse.
package func failure(of action: () throws(CompileFailure) -> Void) -> String {
  do throws(CompileFailure) {
    try action()
    return "accepted\n"
  } catch {
    return error.text
  }
}
