/// Why a plan's value cannot be computed for some examples.
package enum PredictionFailure: Error, Hashable, Sendable {

  /// The plan only trains.
  case noEvaluation

  /// The evaluation reads from several data sets, or from none.
  case notOneDataSet

  /// The evaluation computes no value of that name.
  case noValue(String, nearest: String?)

  /// The value has no axis of examples; where nobody named one, none could be chosen.
  case noExamples(String?)

  /// The number of inputs is not that of components.
  case inputCount(Int, components: [String])

  case data(DataFailure)

  case execution(ExecutionFailure)

  /// The exit code of a program that gives up because of `self`.
  package var exitCode: Int32 {
    switch self {
    case .noEvaluation, .notOneDataSet, .noValue, .noExamples, .inputCount, .execution: 1
    case .data(let failure): failure.exitCode
    }
  }

}

extension PredictionFailure: CustomStringConvertible {

  package var description: String {
    switch self {
    case .noEvaluation: "the plan has no evaluation program; write 'eval = every(1 epoch, on: DATA)' in 'train'"
    case .notOneDataSet: "the evaluation does not read from one data set"
    case .noValue(let name, let nearest):
      "the evaluation computes no '\(name)'" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
        + "; the plan's text has the names under 'program eval'"
    case .noExamples(let found):
      (found.map { "\($0), which has no axis of the batch's examples; " } ?? "")
        + "name a value with one with --value, as the plan has it under 'program eval'"
    case .inputCount(let count, let components):
      "\(count) inputs, but the evaluation reads \(components.count): \(components.joined(separator: ", ")); give the first "
        + "of them with --in, in this order"
    case .data(let failure): failure.description
    case .execution(let failure): failure.description
    }
  }

}
