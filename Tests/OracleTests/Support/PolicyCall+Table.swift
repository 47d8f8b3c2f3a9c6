import IR
import Operations

extension PolicyCall {

  /// `every(k:)`.
  static func every(_ k: Int) -> PolicyCall { .init(name: "every", arguments: [.init("k", .integer(k))]) }

  /// The policies that every model is compiled under; all have marks, so that `manual` applies.
  static let all: [PolicyCall] = [
    .init(name: "none"), .every(1), .every(2), .every(3), .every(5), .init(name: "sqrt"), .init(name: "manual"),
  ]

}
