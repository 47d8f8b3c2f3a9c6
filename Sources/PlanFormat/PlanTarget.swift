package import Operations

/// A kind of device that plans may be made for.
package enum PlanTarget: String, Hashable, Sendable, CaseIterable {

  case cpu

  case cuda

  /// What all offsets are multiples of, in bytes: a cache line, or what the CUDA driver itself aligns memory to.
  package var alignment: Int {
    switch self {
    case .cpu: 64
    case .cuda: 256
    }
  }

  /// Returns how the working memory of operations is counted.
  package func workspaceModel(threads: Int) -> WorkspaceModel {
    switch self {
    case .cpu: .processor(threads: threads)
    case .cuda: .cuda
    }
  }

}

extension Plan {

  /// What all offsets must be multiples of, in bytes.
  ///
  /// - Requires: the target is known.
  var alignment: Int {
    guard let target = PlanTarget(rawValue: header.target) else { preconditionFailure("an unknown target") }
    return target.alignment
  }

  /// How the working memory of operations is counted.
  ///
  /// - Requires: the target is known.
  var workspaceModel: WorkspaceModel {
    guard let target = PlanTarget(rawValue: header.target) else { preconditionFailure("an unknown target") }
    return target.workspaceModel(threads: header.threads)
  }

}
