extension BranchAndBound {

  /// The placements between two questions whether time is over.
  private static let period = 4096

  /// Decides whether everything fits, trying no more than `nodes` placements; `offsets` says where, if so.
  ///
  /// - Requires: nothing is placed.
  /// - Complexity: O(*c* + *m*) for a placement, with *c* conflicts and *m* members of sections.
  mutating func run(_ order: PlacementOrder, nodes: Int) -> Outcome {
    self.nodes = nodes
    if !isPossible(0..<sections.count, offset: 0) { return .doesNotFit }
    return solve(0..<sections.count, order, above: 0)
  }

  /// Solves the parts into which `range` falls, one after the other, with nothing more placed below `offset`.
  private mutating func solve(_ range: Range<Int>, _ order: PlacementOrder, above offset: Int) -> Outcome {
    var start = range.lowerBound
    for s in range where s + 1 == range.upperBound || crossings[s] == 0 {
      let part = part(of: start..<s + 1, order)
      start = s + 1
      let outcome = search(part, order, offset: offset, rank: 0)
      if outcome != .fits { return outcome }
    }
    return .fits
  }

  private func part(of range: Range<Int>, _ order: PlacementOrder) -> PackingPart {
    var buffers: [(keys: [Int], buffer: Int)] = []
    for s in range {
      for b in sections.members.elements[sections.members.range(s)]
      where !isPlaced[b] && sections.spans[b].lowerBound == s {
        buffers.append((order.keys.map { value(of: $0, b) }, b))
      }
    }
    buffers.sort { (l, r) in
      for (a, b) in zip(l.keys, r.keys) where a != b { return a > b }
      return l.buffer < r.buffer
    }
    return .init(sections: range, buffers: buffers.map(\.buffer))
  }

  private func value(of key: PlacementOrder.Key, _ b: Int) -> Int {
    switch key {
    case .lifetime: lifetimes[b]
    case .area: sizes[b].multipliedReportingOverflow(by: lifetimes[b]).overflow ? .max : sizes[b] * lifetimes[b]
    case .pressure: sections.spans[b].reduce(0) { max($0, pending[$1]) }
    }
  }

  /// Decides whether what is left of `part` fits above `offset`, or at it from `rank` on.
  private mutating func search(_ part: PackingPart, _ order: PlacementOrder, offset: Int, rank: Int) -> Outcome {
    guard let candidates = candidates(part, offset: offset, rank: rank) else { return .fits }
    for c in candidates {
      if nodes == 0 || (nodes % Self.period == 0 && isOver()) { return .exhausted }
      nodes -= 1
      let buffer = part.buffers[c.rank]
      let (lowMark, floorMark) = (lowTrail.count, floorTrail.count)
      let isCovered = place(buffer)
      var outcome = Outcome.doesNotFit
      if c.offset + exact[buffer] <= capacity, isPossible(part.sections, offset: c.offset) {
        outcome = proceed(part, order, buffer, rank: c.rank)
      }
      undo(buffer, lowMark, floorMark)
      if outcome != .doesNotFit { return outcome }
      if !isCovered { break }
    }
    return .doesNotFit
  }

  /// Goes on after `buffer` was placed: with the part as it is, or with the parts into which it falls.
  private mutating func proceed(_ part: PackingPart, _ order: PlacementOrder, _ buffer: Int, rank: Int) -> Outcome {
    offsets[buffer] = lows[buffer]
    for s in sections.spans[buffer].dropLast() where crossings[s] == 0 {
      return solve(part.sections, order, above: lows[buffer])
    }
    return search(part, order, offset: lows[buffer], rank: rank)
  }

  /// Returns the placements to try next, lowest first, none if a buffer is stranded; `nil` if everything is placed.
  private func candidates(_ part: PackingPart, offset: Int, rank: Int) -> [(offset: Int, rank: Int)]? {
    var lowestEnd = Int.max
    for b in part.buffers where !isPlaced[b] { lowestEnd = min(lowestEnd, lows[b] + sizes[b]) }
    if lowestEnd == .max { return nil }
    var found: [(offset: Int, rank: Int)] = []
    for (r, b) in part.buffers.enumerated() where !isPlaced[b] && lows[b] < lowestEnd {
      if lows[b] > offset || (lows[b] == offset && r >= rank) {
        found.append((lows[b], r))
      } else if isStranded(b, offset) {
        return []
      }
    }
    return found.sorted { ($0.offset, $0.rank) < ($1.offset, $1.rank) }
  }

  /// `true` iff `buffer`, for which it is too late to be placed where it could lie, finds nothing to rest on within the
  /// capacity.
  private func isStranded(_ buffer: Int, _ offset: Int) -> Bool {
    var lowest: Int?
    for n in sections.neighbours.elements[sections.neighbours.range(buffer)] where !isPlaced[n] {
      lowest = min(lowest ?? .max, max(offset, lows[n]) + sizes[n])
    }
    guard let lowest else { return true }
    return lowest + exact[buffer] > capacity
  }

}
