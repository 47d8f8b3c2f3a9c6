/// The answer to whether the buffers of a problem fit within a capacity, or to how few bytes they need.
package struct Packing: Hashable, Sendable {

  /// The smallest layout found.
  package let layout: ArenaLayout

  /// No layout is smaller.
  package let bound: Int

  /// The capacity asked for, or `nil` if as few bytes as possible were.
  package let capacity: Int?

  /// `true` iff the layout is within the capacity.
  package var fits: Bool { capacity.map { layout.size <= $0 } ?? true }

  /// `true` iff nothing is left open: the layout fits, or no layout does; without a capacity, no layout is smaller.
  package var isProved: Bool {
    guard let capacity else { return layout.size == bound }
    return fits || bound > capacity
  }

}

extension PlanningProblem {

  /// Returns a layout within `capacity` bytes, or the smallest one found if there is no capacity or nothing fits.
  ///
  /// The search, for problems of up to 3,000 buffers, tries at most `nodes` placements and ends as soon as `isOver`.
  package func packed(within capacity: Int?, nodes: Int, isOver: @escaping () -> Bool = { false }) -> Packing {
    var best = greedyLayout(enough: capacity ?? 0)
    if buffers.count > Self.quadraticLimit {
      return .init(layout: best, bound: liveBytesBound, capacity: capacity)
    }
    var search = CapacitySearch(self, nodes: nodes, isOver: isOver)
    if let capacity, best.size > capacity, case .layout(let found) = search.fit(within: capacity) { best = found }
    if capacity.map({ best.size > $0 }) ?? true {
      let other = layout(enough: capacity ?? 0)
      best = search.improving(other.size < best.size ? other : best)
    }
    return .init(layout: best, bound: search.bound, capacity: capacity)
  }

}
