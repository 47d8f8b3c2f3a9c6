/// A range of bytes needed for a while.
package struct PlannedBuffer: Hashable, Sendable {

  /// The size in bytes.
  package let size: Int

  /// The first step at which the bytes are in use.
  package let birth: Int

  /// One past the last step: the buffer is live in `[birth, death)` counted in steps.
  package let death: Int

  /// Creates a buffer.
  ///
  /// - Requires: `size` is not negative and `birth < death`.
  package init(size: Int, birth: Int, death: Int) {
    precondition(size >= 0 && birth < death, "bad buffer")
    self.size = size
    self.birth = birth
    self.death = death
  }

}

/// The task of giving every buffer an offset so that no two that are live together overlap.
package struct PlanningProblem: Hashable, Sendable {

  package let buffers: [PlannedBuffer]

  /// What every offset is a multiple of, in bytes; a power of two.
  package let alignment: Int

  package init(buffers: [PlannedBuffer], alignment: Int = 64) {
    precondition(alignment > 0 && alignment & (alignment - 1) == 0, "bad alignment")
    self.buffers = buffers
    self.alignment = alignment
  }

  /// The most bytes live at any step: no layout is smaller.
  ///
  /// - Complexity: O(*n* log *n*) in the number of buffers.
  package var liveBytesBound: Int { mostLive(buffers.map(\.size)) }

  /// The most bytes live at any step if all sizes are rounded up.
  var roundedLiveBytes: Int { mostLive(buffers.map { rounded($0.size) }) }

  private func mostLive(_ sizes: [Int]) -> Int {
    var changes: [(step: Int, change: Int)] = []
    for (b, size) in zip(buffers, sizes) {
      changes.append((b.birth, size))
      changes.append((b.death, -size))
    }
    changes.sort { ($0.step, $0.change) < ($1.step, $1.change) }
    var (live, most) = (0, 0)
    for c in changes {
      live += c.change
      most = max(most, live)
    }
    return most
  }

  /// Returns `size` rounded up to the alignment.
  package func rounded(_ size: Int) -> Int { (size + alignment - 1) & ~(alignment - 1) }

}

/// An offset in bytes for every buffer of a problem, in its order.
package struct ArenaLayout: Hashable, Sendable {

  package let offsets: [Int]

  /// The highest offset + size.
  package let size: Int

  package init(offsets: [Int], of problem: PlanningProblem) {
    self.offsets = offsets
    size = zip(offsets, problem.buffers).reduce(0) { max($0, $1.0 + $1.1.size) }
  }

}

extension PlanningProblem {

  /// The most buffers for which the quadratic layouts are tried.
  static let quadraticLimit = 3000

  /// The most buffers for which the exact search is tried.
  private static let exactLimit = 1500

  /// The buffers, sections and conflicts that the exact search may look at.
  private static let exactEffort = 16_000_000

  /// The conflicts between buffers that the search over orders may look at.
  private static let searchEffort = 24_000_000

  /// The searches that take buffers away again.
  private static let ejectionSearches = 16

  /// Returns the smallest layout that the fast methods find, the first of equals, or the first of no more than `enough`
  /// bytes.
  ///
  /// - Complexity: O(*n* log *n* + *n*·*h*) with *h* holes at a time; up to 3,000 buffers O(*n*²).
  func greedyLayout(enough: Int) -> ArenaLayout {
    let enough = max(liveBytesBound, enough)
    var best = bestFitInTime()
    if buffers.count > Self.quadraticLimit { return best }
    for order in GreedyOrder.allCases where best.size > enough {
      let candidate = firstFit(in: order)
      if candidate.size < best.size { best = candidate }
    }
    return best
  }

  /// Returns the smallest layout that is found, the first of equals: of the fast methods, of the exact search where these
  /// need more than `enough` bytes, and of the search over orders and then the one that takes buffers away again as long
  /// as more than 1/256 is left to be gained.
  ///
  /// - Complexity: O(*n* log *n* + *n*·*h*) with *h* holes at a time; up to 3,000 buffers O(*n*²), and the searches'.
  package func layout(enough: Int = 0) -> ArenaLayout {
    var best = greedyLayout(enough: 0)
    if buffers.count > Self.quadraticLimit || best.size <= max(liveBytesBound, enough) { return best }
    var (least, bound) = (roundedLiveBytes, roundedLiveBytes)
    if buffers.count <= Self.exactLimit {
      var exact = CapacitySearch(self, effort: Self.exactEffort)
      best = exact.improving(best, enough: enough)
      (least, bound) = (exact.bound, exact.bound + exact.bound / 256)
    }
    if best.size <= max(bound, enough) { return best }
    var search = LayoutSearch(self)
    let moves = Self.searchEffort / max(1, search.conflictCount + buffers.count)
    let orders = GreedyOrder.allCases.map(sorted)
    if let found = search.layout(from: orders, moves: moves, enough: enough), found.size < best.size { best = found }
    if best.size <= max(bound, enough) { return best }
    var ejection = EjectionSearch(self)
    return ejection.improving(best, enough: max(least, enough), searches: Self.ejectionSearches)
  }

}
