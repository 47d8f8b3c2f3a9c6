import Operations
import Runtime

/// What each operation means, in `Double` and with the simplest loops; it shares nothing with the kernels.
enum Reference {

  /// Returns the results of `operation`, which is no update.
  static func results(of operation: Operation, _ operands: [ReferenceTensor], _ keys: StepKeys) -> [ReferenceTensor] {
    switch operation {
    case .elementwise(let f): [result(of: f, operands)]
    case .reduction(let f): [result(of: f, operands)]
    case .layout(let f): [result(of: f, operands)]
    case .indexing(let f): [result(of: f, operands)]
    case .linear(let f): [result(of: f, operands)]
    case .classification(let f): [result(of: f, operands)]
    case .convolution(let f): results(of: f, operands)
    case .pooling(let f): [result(of: f, operands)]
    case .attention(let f): results(of: f, operands)
    case .normalization(let f): [result(of: f, operands)]
    case .random(let f): [result(of: f, operands[0], keys)]
    case .update, .state: preconditionFailure("an update has no result")
    }
  }

}
