package import IR

/// A named transformation of a function.
package struct FunctionPass: Sendable {

  /// The name used on the command line, in dumps and in tests.
  package let name: String

  /// One line saying what the pass does.
  package let summary: String

  /// Returns the transformed function.
  private let action: @Sendable (Function, PassContext) -> Function

  package init(_ name: String, summary: String, _ action: @escaping @Sendable (Function, PassContext) -> Function) {
    self.name = name
    self.summary = summary
    self.action = action
  }

  /// All passes, in the order in which the pipeline runs them.
  package static let all: [FunctionPass] = [
    .identityElimination, .headFolding, .concatFolding, .transposeFolding, .commonSubexpressionElimination,
    .productAccumulation, .deadCodeElimination, .shapeSharing,
  ]

  /// Those that are run before differentiation.
  package static let forward = all.filter { ![productAccumulation.name, shapeSharing.name].contains($0.name) }

  /// Those that are run on the whole step, after differentiation.
  package static let step: [FunctionPass] = [
    .transposeFolding, .productAccumulation, .deadCodeElimination, .shapeSharing,
  ]

  /// Returns the pass called `name`, or `nil` if there is none.
  package static func named(_ name: String) -> FunctionPass? { all.first { $0.name == name } }

  /// Returns `module` with every program transformed, and verifies the result.
  ///
  /// - Throws: `IRViolation` if the pass broke an invariant.
  package func run(on module: Module, _ context: PassContext = .init()) throws(IRViolation) -> Module {
    var result = module
    result.train = action(module.train, context)
    result.eval = module.eval.map { action($0, context) }
    try result.verify()
    return result
  }

}
