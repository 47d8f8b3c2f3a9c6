extension PlanningProblem {

  /// Returns the layout of an allocator that sees the buffers in order of birth: the smallest hole that is large enough,
  /// the lowest of equals, else above all.
  ///
  /// - Complexity: O(*n* log *n* + *n*·*h*) where *h* is the number of holes at a time.
  package func bestFitInTime() -> ArenaLayout {
    var offsets = [Int](repeating: 0, count: buffers.count)
    var holes = HoleList()
    for e in eventsInTime() {
      let size = rounded(buffers[e.buffer].size)
      if size == 0 { continue }
      if e.isBirth { offsets[e.buffer] = holes.take(size) } else { holes.give(offsets[e.buffer], size) }
    }
    return .init(offsets: offsets, of: self)
  }

  private struct Event {
    let step: Int
    let isBirth: Bool
    let buffer: Int
  }

  /// Returns births and deaths in order of time; at one step deaths come first, then births of larger buffers.
  private func eventsInTime() -> [Event] {
    var events: [Event] = []
    for (i, b) in buffers.enumerated() {
      events.append(.init(step: b.birth, isBirth: true, buffer: i))
      events.append(.init(step: b.death, isBirth: false, buffer: i))
    }
    return events.sorted { (l, r) in
      if l.step != r.step { return l.step < r.step }
      if l.isBirth != r.isBirth { return r.isBirth }
      let (a, b) = (buffers[l.buffer].size, buffers[r.buffer].size)
      return a != b ? a > b : l.buffer < r.buffer
    }
  }

}

/// The free ranges below the top of an arena, ascending, no two adjacent.
private struct HoleList {

  private var holes: [Range<Int>] = []

  /// The end of the highest range in use.
  private var top = 0

  /// Returns the offset of `size` bytes and takes them.
  mutating func take(_ size: Int) -> Int {
    var best: Int?
    for (i, h) in holes.enumerated() where h.count >= size && h.count < (best.map { holes[$0].count } ?? .max) {
      best = i
    }
    guard let i = best else { return grow(size) }
    let h = holes[i]
    if h.count == size { holes.remove(at: i) } else { holes[i] = h.lowerBound + size..<h.upperBound }
    return h.lowerBound
  }

  private mutating func grow(_ size: Int) -> Int {
    top += size
    return top - size
  }

  /// Frees `size` bytes at `offset`, joining them with the holes beside them.
  mutating func give(_ offset: Int, _ size: Int) {
    var (start, end) = (offset, offset + size)
    var i = firstHole(from: offset)
    if i < holes.count, holes[i].lowerBound == end { end = holes.remove(at: i).upperBound }
    if i > 0, holes[i - 1].upperBound == start {
      i -= 1
      start = holes.remove(at: i).lowerBound
    }
    if end == top { top = start } else { holes.insert(start..<end, at: i) }
  }

  /// Returns the position of the first hole that begins at or after `offset`.
  private func firstHole(from offset: Int) -> Int {
    var (low, high) = (0, holes.count)
    while low < high {
      let middle = (low + high) / 2
      if holes[middle].lowerBound < offset { low = middle + 1 } else { high = middle }
    }
    return low
  }

}
