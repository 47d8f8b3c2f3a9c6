import IR
import Operations
import Scheduling

extension Compilation {

  /// The numbers of rungs that a ladder may have.
  package static let rungs = 2...16

  /// Returns `count` plans of the model for more and more memory pressure: the first keeps everything, the last has the least
  /// peak that is found, and the budgets of those between are evenly spread over what lies between.
  ///
  /// A rung never costs more than one with a lower peak, whose schedule it has where that costs less.
  ///
  /// - Requires: `count` is one of `rungs`.
  /// - Throws: as `compiled`.
  /// - Complexity: that of `count` compilations and of the search for the least peak.
  package func ladder(count: Int) throws(CompileFailure) -> [CompiledModel] {
    precondition(Self.rungs ~= count, "no such ladder")
    let model = try differentiated()
    let budgets = try feasibleBudgets(model)
    var rungs: [CompiledModel] = []
    for i in 0..<count - 1 {
      let budget = Attribute("budget", .integer(budgets.point(i, of: count)))
      let rung = try compiled(.init(name: "optimal", arguments: [budget]), model)
      rungs.append(rungs.last.flatMap { $0.metrics.recomputeCost < rung.metrics.recomputeCost ? $0 : nil } ?? rung)
    }
    return (rungs + [try keepingAll(model)]).reversed()
  }

}
