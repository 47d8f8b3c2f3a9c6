/// The stretches of time in which the same buffers are live, with the buffers of each and the neighbours of each buffer.
///
/// Buffers without bytes are left out.
struct Sections {

  /// The number of sections.
  let count: Int

  /// The sections of each buffer; empty for one without bytes.
  let spans: [Range<Int>]

  /// The buffers of each section, ascending.
  let members: Lists

  /// The buffers that are live together with each, ascending.
  let neighbours: Lists

  /// - Complexity: O(*n* log *n* + *c* log *c* + *m*) with *c* conflicts and *m* members of all sections.
  init(_ problem: PlanningProblem) {
    let buffers = problem.buffers
    var steps: [Int] = []
    for b in buffers where b.size > 0 { steps += [b.birth, b.death] }
    steps = Self.distinct(steps)
    var all: [Range<Int>] = []
    var lists = [[Int]](repeating: [], count: max(0, steps.count - 1))
    for (i, b) in buffers.enumerated() {
      let span = b.size > 0 ? Self.position(of: b.birth, in: steps)..<Self.position(of: b.death, in: steps) : 0..<0
      for s in span { lists[s].append(i) }
      all.append(span)
    }
    count = lists.count
    spans = all
    members = .init(lists)
    neighbours = .init(problem.conflicts())
  }

  /// The most bytes live in a section if all but the last of its buffers are rounded up: no layout is smaller.
  func bound(of problem: PlanningProblem) -> Int {
    (0..<count).reduce(0) { (most, s) in
      let sizes = members.range(s).map { problem.buffers[members.elements[$0]].size }
      let saved = sizes.map { problem.rounded($0) - $0 }.max() ?? 0
      return max(most, sizes.reduce(-saved) { $0 + problem.rounded($1) })
    }
  }

  private static func distinct(_ steps: [Int]) -> [Int] {
    var distinct: [Int] = []
    for s in steps.sorted() where s != distinct.last { distinct.append(s) }
    return distinct
  }

  /// Returns the position of `step` in `steps`, which are ascending and hold it.
  private static func position(of step: Int, in steps: [Int]) -> Int {
    var (low, high) = (0, steps.count)
    while low < high {
      let middle = (low + high) / 2
      if steps[middle] < step { low = middle + 1 } else { high = middle }
    }
    return low
  }

}
