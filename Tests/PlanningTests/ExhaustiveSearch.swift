import Planning

/// Returns the fewest bytes that any layout of `problem` has.
///
/// Independent of the search on purpose: it places the buffers in every order, each at the lowest offset that is free. Of a
/// smallest layout in which nothing can be lowered, the order of offsets is such an order.
///
/// - Complexity: O(*n*!).
func leastBytes(of problem: PlanningProblem) -> Int {
  least(problem, placed: [], best: .max)
}

private func least(_ p: PlanningProblem, placed: [(buffer: Int, offset: Int)], best: Int) -> Int {
  let end = placed.reduce(0) { max($0, $1.offset + p.buffers[$1.buffer].size) }
  if placed.count == p.buffers.count || end >= best { return min(end, best) }
  var best = best
  for b in p.buffers.indices where !placed.contains(where: { $0.buffer == b }) {
    let offset = lowestFree(b, placed, p)
    best = least(p, placed: placed + [(b, offset)], best: best)
  }
  return best
}

private func lowestFree(_ b: Int, _ placed: [(buffer: Int, offset: Int)], _ p: PlanningProblem) -> Int {
  let new = p.buffers[b]
  var offset = 0
  func obstacle() -> Int? {
    for (other, start) in placed {
      let o = p.buffers[other]
      let isTogether = o.birth < new.death && new.birth < o.death
      if isTogether, start < offset + new.size, offset < start + o.size { return start + o.size }
    }
    return nil
  }
  while let end = obstacle() { offset = (end + p.alignment - 1) / p.alignment * p.alignment }
  return offset
}
