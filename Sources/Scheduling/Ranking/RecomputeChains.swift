import IR
import Operations

/// What has to be executed so that a value comes back, and what that costs.
///
/// A chain ends at what is kept, at storage, and after `limit` instructions, so that each is found in bounded time.
struct RecomputeChains {

  /// The most instructions of a chain that are counted.
  static let limit = 256

  private let problem: SchedulingProblem

  private let costs: [Int]

  /// The last search that came to each instruction.
  private var seen: [Int]

  private var search = 0

  init(_ problem: SchedulingProblem) {
    self.problem = problem
    let f = problem.analysis.function
    costs = f.instructionIDs.prefix(problem.analysis.forwardCount).map { problem.cost.cost(of: $0, in: f) }
    seen = .init(repeating: 0, count: costs.count)
  }

  /// Returns the cost of executing `d` and all that it needs and `isKept` denies, and the kept instructions it leads to.
  ///
  /// - Complexity: O(`limit`) operands.
  mutating func chain(of d: InstructionID, isKept: (InstructionID) -> Bool) -> (cost: Int, anchors: [InstructionID]) {
    search += 1
    seen[d.index] = search
    var (cost, length, anchors, pending) = (0, 0, [InstructionID](), [d])
    while let i = pending.popLast(), length < Self.limit {
      cost = cost.addedSaturating(to: costs[i.index])
      length += 1
      for o in problem.analysis.function[i].operands {
        guard let next = problem.analysis.definition(of: o), seen[next.index] != search else { continue }
        seen[next.index] = search
        if isKept(next) { anchors.append(next) } else { pending.append(next) }
      }
    }
    return (cost, anchors)
  }

}
