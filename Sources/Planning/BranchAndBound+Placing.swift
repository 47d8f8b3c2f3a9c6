extension BranchAndBound {

  /// Places `buffer` at its lowest offset; returns `false` iff nothing is still to be placed beside it.
  mutating func place(_ buffer: Int) -> Bool {
    isPlaced[buffer] = true
    let span = sections.spans[buffer]
    let end = lows[buffer] + sizes[buffer]
    for s in span {
      pending[s] -= sizes[buffer]
      raiseFloor(s, to: end)
      touch(s)
    }
    for s in span.dropLast() { crossings[s] -= 1 }
    let isCovered = raiseNeighbours(of: buffer, to: end)
    for s in touched {
      isTouched[s] = false
      raiseFloor(s, to: lowestPending(s))
    }
    touched.removeAll(keepingCapacity: true)
    return isCovered
  }

  private mutating func raiseFloor(_ s: Int, to floor: Int) {
    if floors[s] >= floor { return }
    floorTrail.append((s, floors[s]))
    floors[s] = floor
  }

  private mutating func raiseNeighbours(of buffer: Int, to end: Int) -> Bool {
    var isCovered = false
    for n in sections.neighbours.range(buffer) {
      let b = sections.neighbours.elements[n]
      if isPlaced[b] { continue }
      isCovered = true
      let old = lows[b]
      if old >= end { continue }
      lowTrail.append((b, old))
      lows[b] = end
      for s in sections.spans[b] where old <= floors[s] { touch(s) }
    }
    return isCovered
  }

  private mutating func touch(_ s: Int) {
    if isTouched[s] { return }
    isTouched[s] = true
    touched.append(s)
  }

  /// Returns the lowest offset of what is still to be placed in section `s`; 0 if there is nothing.
  private func lowestPending(_ s: Int) -> Int {
    if pending[s] == 0 { return 0 }
    var lowest = Int.max
    for m in sections.members.range(s) {
      let b = sections.members.elements[m]
      if !isPlaced[b] { lowest = min(lowest, lows[b]) }
    }
    return lowest
  }

  /// Takes `buffer` away again.
  mutating func undo(_ buffer: Int, _ lowMark: Int, _ floorMark: Int) {
    while lowTrail.count > lowMark {
      let t = lowTrail.removeLast()
      lows[t.buffer] = t.old
    }
    while floorTrail.count > floorMark {
      let t = floorTrail.removeLast()
      floors[t.section] = t.old
    }
    let span = sections.spans[buffer]
    for s in span { pending[s] += sizes[buffer] }
    for s in span.dropLast() { crossings[s] += 1 }
    isPlaced[buffer] = false
  }

  /// Returns `false` if some section of `range` must end above the capacity, now that nothing more is placed below `offset`.
  func isPossible(_ range: Range<Int>, offset: Int) -> Bool {
    for s in range where pending[s] > 0 && max(floors[s], offset) + pending[s] - slack[s] > capacity { return false }
    return true
  }

}
