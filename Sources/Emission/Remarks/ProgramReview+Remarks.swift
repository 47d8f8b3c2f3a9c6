import Operations
import PlanFormat
import Support

extension ProgramReview {

  /// What was decided of each value and why, in the form of LLVM's optimization records: `Passed` for what is computed again
  /// or offloaded, `Missed` for what is kept, `Analysis` for the peak.
  ///
  /// - Complexity: O(*n* log *n*) where *n* is the number of operands.
  package var remarks: String {
    var s = ""
    for v in values {
      switch v.fate {
      case .recomputed, .savedAndRecomputed: s += recomputedRemark(v)
      case .offloaded: s += offloadedRemark(v)
      case .saved: s += savedRemark(v)
      case .storage, .transient, .backward: continue
      }
    }
    return s + peakRemark
  }

  private func recomputedRemark(_ v: ReviewedValue) -> String {
    let first = versions[v.versions[0]]
    let again = v.versions.dropFirst().map { versions[$0].birth }
    let flops = again.reduce(0) { $0.addedSaturating(to: self.flops(at: $1)) }
    return remark(
      "Passed", "Recomputed", at: first.birth,
      [
        ("Value", v.path), ("String", " is deleted in step "), ("Step", "\(first.deletion + 1)"),
        ("String", " and computed again in step "), ("Again", again.map { "\($0 + 1)" }.joined(separator: " ")),
        ("String", " "), ("Reason", program.instructions[again[0]].note), ("String", ": bytes "),
        ("Bytes", "\(first.bytes)"),
        ("String", ", operations "), ("Flops", "\(flops)"),
      ])
  }

  private func offloadedRemark(_ v: ReviewedValue) -> String {
    let first = versions[v.versions[0]]
    let again = v.versions.dropFirst().map { versions[$0].birth }
    return remark(
      "Passed", "Offloaded", at: first.birth,
      [
        ("Value", v.path), ("String", " is on the host alone from step "), ("Step", "\(first.deletion + 1)"),
        ("String", " and fetched in step "), ("Again", again.map { "\($0 + 1)" }.joined(separator: " ")),
        ("String", " "), ("Reason", program.instructions[again[0]].note), ("String", ": bytes "),
        ("Bytes", "\(first.bytes)"),
      ])
  }

  private func savedRemark(_ v: ReviewedValue) -> String {
    let first = versions[v.versions[0]]
    let reader = first.firstBackwardRead ?? first.birth
    return remark(
      "Missed", "Saved", at: first.birth,
      [
        ("Value", v.path), ("String", " is kept until step "), ("Step", "\(reader + 1)"), ("String", " reads it for "),
        ("Reader", subject(at: reader)), ("String", ": bytes "), ("Bytes", "\(first.bytes)"),
      ])
  }

  private var peakRemark: String {
    if program.instructions.isEmpty { return "" }
    return remark(
      "Analysis", "Peak", at: peak,
      [
        ("String", "the peak is in step "), ("Step", "\(peak + 1)"), ("String", ": bytes "),
        ("Bytes", "\(memory(at: peak))"),
      ])
  }

  /// Returns a document of YAML.
  private func remark(_ tag: String, _ name: String, at position: Int, _ arguments: [(String, String)]) -> String {
    let site = program.instructions[position].site
    var s = "--- !\(tag)\nPass:            schedule\nName:            \(name)\n"
    s += "DebugLoc:        { File: \(Self.quoted(site.file)), Line: \(site.line), Column: 0 }\n"
    s += "Function:        \(program.name)\nArgs:\n"
    for (key, text) in arguments { s += "  - \(key): \(Self.quoted(text))\n" }
    return s + "...\n"
  }

  /// Returns `text` as a scalar in single quotes.
  private static func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "''"))'" }

}
