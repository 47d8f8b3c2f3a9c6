import Operations
import Syntax

extension Lowering {

  /// Returns when checkpoints are saved by `e`, which is `every(500 steps, keep: 3)`, `keep` being optional.
  mutating func saving(_ e: Expression) throws(Reported) -> TrainingSettings.Saving {
    let form = "every(500 steps, keep: 3)"
    guard case .call(let callee, let arguments) = e.kind, case .name("every") = callee.kind else {
      throw fail(.badSetting("save", form, at: e.span))
    }
    let bound = try bind(arguments, to: ["period", "keep"], form: form, at: e.span)
    guard let p = bound[0] else { throw fail(.badSetting("save", form, at: e.span)) }
    let period = try period(p, of: "save", default: .steps)
    guard let k = bound[1] else { return .init(period) }
    guard case .dim(let d) = try lower(k, hint: ""), d.size >= 1 else {
      throw fail(.badSetting("keep", "the number of checkpoints that stay, at least 1", at: k.span))
    }
    return .init(period, keep: d.size)
  }

}
