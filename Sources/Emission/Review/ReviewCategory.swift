package import Operations

/// What a byte of memory is counted as when people ask what the memory is used for.
package enum ReviewCategory: String, Hashable, Sendable, CaseIterable {

  /// Parameters, trained or frozen.
  case parameters

  /// What the model itself updates.
  case state

  /// What the optimizer remembers.
  case optimizer

  /// The inputs of the step.
  case batch

  /// Gradients that parameters are updated from, and the sums of them over micro-batches.
  case gradients

  /// Other values that the backward part computes.
  case adjoints

  /// Values of the forward part that are kept until the backward part reads them.
  case saved

  /// Values of the forward part that end before the backward part reads them.
  case transient

  /// Values that are computed again.
  case recomputed

  /// Values that are fetched back from the host.
  case fetched

  /// What an instruction works in while it is executed.
  case workspace

  /// The category of persistent storage.
  package init(_ kind: Storage.Kind) {
    switch kind {
    case .parameter, .frozen: self = .parameters
    case .state: self = .state
    case .slot: self = .optimizer
    case .input: self = .batch
    case .gradient: self = .gradients
    }
  }

}
