import Scheduling
import Semantics
package import Support
import Syntax

/// What all codes mean.
package enum DiagnosticCatalogue {

  /// The entries of all modules, in order of their codes.
  package static let all: [DiagnosticExplanation] =
    [
      DiagnosticExplanation.parsing, DiagnosticExplanation.lexing, DiagnosticExplanation.naming,
      DiagnosticExplanation.dims, DiagnosticExplanation.declarations, DiagnosticExplanation.states,
      DiagnosticExplanation.training, DiagnosticExplanation.scheduling,
      DiagnosticExplanation.driving,
    ].flatMap { $0 }.sorted { (a, b) in a.code < b.code }

  /// Returns the entry of `code`, in any case, or `nil` if there is none.
  package static func entry(_ code: String) -> DiagnosticExplanation? {
    let code = code.uppercased()
    return all.first { $0.code == code }
  }

  /// Returns the code whose number is nearest to that of `code`.
  ///
  /// - Requires: `isCode(code)`.
  package static func nearestCode(to code: String) -> String {
    let number = Int(code.dropFirst(2)) ?? 0
    func distance(_ e: DiagnosticExplanation) -> Int { abs((Int(e.code.dropFirst(2)) ?? 0) - number) }
    return all.min { distance($0) < distance($1) }?.code ?? ""
  }

  /// `true` iff `text` has the form of a code, as `CG0101` or `cg0101`.
  package static func isCode(_ text: String) -> Bool {
    text.utf8.count == 6 && text.uppercased().hasPrefix("CG") && text.utf8.dropFirst(2).allSatisfy { 48...57 ~= $0 }
  }

}
