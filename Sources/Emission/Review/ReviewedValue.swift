package import Operations
package import PlanFormat

/// A value by its path, with all its versions: what a person calls one value.
package struct ReviewedValue: Hashable, Sendable {

  /// The path, without the number of a version.
  package let path: String

  package let type: TensorType

  /// The positions of its versions in the program's table, the first computed first.
  package internal(set) var versions: [PlanValueIndex]

  /// What the schedule does with it.
  package internal(set) var fate: Fate

}

extension ReviewedValue {

  /// What a schedule does with a value between its first and its last use.
  package enum Fate: Hashable, Sendable, CustomStringConvertible {

    /// It outlives the step.
    case storage(Storage.Kind)

    /// Computed in the forward part, read by the backward part.
    case saved

    /// Computed in the forward part, not needed by the backward part.
    case transient

    /// Computed in the forward part, and again as often as said for the backward part.
    case recomputed(times: Int)

    /// Computed in the forward part, and fetched back from the host as often as said for the backward part.
    case offloaded(fetches: Int)

    /// Read by the backward part, and computed again after that.
    case savedAndRecomputed(times: Int)

    /// Computed in the backward part, and again as often as said.
    case backward(recomputations: Int)

    package var description: String {
      switch self {
      case .storage(let kind): kind.rawValue
      case .saved: "saved"
      case .transient: "transient"
      case .recomputed(let times): "recomputed" + Self.count(times)
      case .offloaded(let fetches): "offloaded" + Self.count(fetches)
      case .savedAndRecomputed(let times): "saved and recomputed" + Self.count(times)
      case .backward(0): "backward"
      case .backward(let times): "backward and recomputed" + Self.count(times)
      }
    }

    private static func count(_ times: Int) -> String { times == 1 ? "" : " x\(times)" }

  }

}
