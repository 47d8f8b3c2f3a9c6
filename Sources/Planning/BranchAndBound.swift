/// A search that decides whether the buffers of a problem fit within a capacity.
///
/// Buffers are placed bottom up: each at the lowest offset that those placed before allow, at offsets that never fall and
/// in the order of ranks where they are equal, so that no layout is met twice. Cut off are placements
/// - after which some section must end above the capacity: its floor and what is still to be placed there,
/// - that leave a gap below into which another buffer would fit,
/// - that strand a buffer below the offset reached, with nothing left that it could rest on,
/// - other than that of a buffer with nothing above it.
/// Where no buffer that is still to be placed crosses a border between sections, both sides are solved on their own.
///
/// - Source: Moffitt, MiniMalloc: A Lightweight Memory Allocator for Hardware-Accelerated Machine Learning, 2023; the
///   third rule is of this project.
struct BranchAndBound {

  /// What a search came to.
  enum Outcome {

    case fits

    case doesNotFit

    /// The work allowed was not enough.
    case exhausted

  }

  let sections: Sections

  /// The sizes in bytes rounded up to the alignment.
  let sizes: [Int]

  /// The sizes in bytes.
  let exact: [Int]

  /// The lifetimes in steps.
  let lifetimes: [Int]

  let capacity: Int

  /// The number of placements that may still be tried.
  var nodes = 0

  /// `true` as soon as the search is to end; asked now and then.
  let isOver: () -> Bool

  /// The lowest offset of each buffer that those placed allow; the offset of what is placed.
  var lows: [Int]

  var isPlaced: [Bool]

  /// An offset for each section below which nothing more is placed.
  var floors: [Int]

  /// The bytes still to be placed in each section.
  var pending: [Int]

  /// The most bytes that the last buffer of a section may save by not being rounded up.
  private(set) var slack: [Int]

  /// The number of buffers still to be placed on both sides of each border between a section and the next.
  var crossings: [Int]

  /// What was changed, to be undone.
  var lowTrail: [(buffer: Int, old: Int)] = []

  var floorTrail: [(section: Int, old: Int)] = []

  /// The sections whose floor may rise, and whether each is among them.
  var touched: [Int] = []

  var isTouched: [Bool]

  /// The offsets of the buffers of all parts that were found to fit.
  var offsets: [Int]

  init(_ problem: PlanningProblem, _ sections: Sections, capacity: Int, isOver: @escaping () -> Bool) {
    self.sections = sections
    self.capacity = capacity
    self.isOver = isOver
    exact = problem.buffers.map(\.size)
    sizes = problem.buffers.map { problem.rounded($0.size) }
    lifetimes = problem.buffers.map { $0.death - $0.birth }
    lows = .init(repeating: 0, count: sizes.count)
    isPlaced = .init(repeating: false, count: sizes.count)
    offsets = lows
    floors = .init(repeating: 0, count: sections.count)
    (pending, slack, crossings) = (floors, floors, floors)
    isTouched = .init(repeating: false, count: sections.count)
    for (i, span) in sections.spans.enumerated() {
      for s in span {
        pending[s] += sizes[i]
        slack[s] = max(slack[s], sizes[i] - exact[i])
      }
      for s in span.dropLast() { crossings[s] += 1 }
    }
  }

}
