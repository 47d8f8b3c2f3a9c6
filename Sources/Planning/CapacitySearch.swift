/// Whether the buffers of a problem fit within a capacity.
package enum Fit: Hashable, Sendable {

  case layout(ArenaLayout)

  /// No layout is that small.
  case none

  /// The work allowed was not enough.
  case unknown

}

/// A search for layouts within given capacities, which also learns from what does not fit.
package struct CapacitySearch {

  private let problem: PlanningProblem

  private let sections: Sections

  private let isOver: () -> Bool

  /// The most placements for one of the questions that `improving` asks.
  private static let questionLimit = 4_000_000

  /// The number of placements that may still be tried.
  package private(set) var nodes: Int

  /// A number of bytes that no layout is smaller than.
  package private(set) var bound: Int

  /// Creates a search of at most `nodes` placements that ends early as soon as `isOver` is true.
  ///
  /// - Complexity: as of `Sections`.
  package init(_ problem: PlanningProblem, nodes: Int, isOver: @escaping () -> Bool = { false }) {
    self.problem = problem
    self.nodes = nodes
    self.isOver = isOver
    sections = .init(problem)
    bound = sections.bound(of: problem)
  }

  /// Creates a search whose placements look at about `effort` buffers, sections and conflicts, but of no fewer placements
  /// than eight for each buffer.
  init(_ problem: PlanningProblem, effort: Int) {
    self.init(problem, nodes: 0)
    let count = max(1, problem.buffers.count)
    let share = count + sections.count + sections.neighbours.elements.count / count
    nodes = max(8 * count, effort / share)
  }

  /// Decides whether the buffers fit within `capacity`, with at most `limit` of the placements left.
  ///
  /// The orders take turns, each time with twice the placements, so that none of them is waited for in vain.
  package mutating func fit(within capacity: Int, limit: Int = .max) -> Fit {
    if capacity < bound { return .none }
    let end = nodes - min(nodes, limit)
    var turn = 2 * problem.buffers.count + 1
    while nodes > end {
      for order in PlacementOrder.all where nodes > end {
        let allowed = min(turn, nodes - end)
        var search = BranchAndBound(problem, sections, capacity: capacity, isOver: isOver)
        let outcome = search.run(order, nodes: allowed)
        nodes -= allowed - search.nodes
        switch outcome {
        case .fits: return .layout(.init(offsets: search.offsets, of: problem))
        case .doesNotFit:
          bound = max(bound, capacity + 1)
          return .none
        case .exhausted: if isOver() { return .unknown }
        }
      }
      turn = turn.addingReportingOverflow(turn).overflow ? .max : turn * 2
    }
    return .unknown
  }

  /// Returns the smallest layout found, `layout` or a smaller one, looking for one of no more than `enough` bytes.
  ///
  /// It asks for the bound first, then for what is half-way between what was asked for in vain and what is known.
  package mutating func improving(_ layout: ArenaLayout, enough: Int = 0) -> ArenaLayout {
    var best = layout
    var open = max(bound, enough)
    var target = open
    while target < best.size, nodes > 0, !isOver() {
      switch fit(within: target, limit: max(1, min(nodes / 4, Self.questionLimit))) {
      case .layout(let found): best = found
      case .none, .unknown: open = target + 1
      }
      target = open + (best.size - open) / 2
    }
    return best
  }

}
