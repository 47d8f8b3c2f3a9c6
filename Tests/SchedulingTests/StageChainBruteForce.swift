import Scheduling

/// The reversal of a chain as a search for the shortest way between the contents of the memory.
///
/// It knows nothing of how reversals are put together: only what may be done next, and that what is kept stays until it is
/// reversed.
struct StageChainBruteForce {

  /// What is there: the stage to reverse next, the kept states and records as sets of bits, and the state that was run to
  /// last, which is not kept unless it is in one of the sets.
  private struct Contents: Hashable {
    var stage: Int
    var states: UInt16
    var records: UInt16
    var cursor: Int
  }

  let chain: StageChain

  let memory: Int

  /// Returns the least cost of the forward runs, or `nil` if nothing fits.
  func leastCost() -> Int? {
    var best: [Contents: Int] = [:]
    let start = Contents(stage: chain.stages.count - 1, states: 0, records: 0, cursor: 0)
    // costs are small, so the contents wait in one list for each cost
    var waiting: [[Contents]] = [[start]]
    best[start] = 0
    var cost = 0
    while cost < waiting.count {
      while let c = waiting[cost].popLast() {
        if best[c] != cost { continue }
        if c.stage < 0 { return cost }
        for (next, price) in following(c) where best[next].map({ cost + price < $0 }) ?? true {
          best[next] = cost + price
          while waiting.count <= cost + price { waiting.append([]) }
          waiting[cost + price].append(next)
        }
      }
      cost += 1
    }
    return nil
  }

  private func isThere(_ state: Int, _ c: Contents) -> Bool {
    state == 0 || c.states & 1 << state != 0 || c.records & 1 << (state - 1) != 0
  }

  /// Returns the memory of what is kept, with the gradient of the state after the stage to reverse.
  private func kept(_ c: Contents) -> Int {
    var sum = chain.gradients[c.stage + 1]
    for i in chain.stages.indices {
      if c.states & 1 << i != 0 { sum += chain.states[i] }
      if c.records & 1 << i != 0 { sum += chain.stages[i].record }
    }
    return sum
  }

  private func following(_ c: Contents) -> [(Contents, price: Int)] {
    var all: [(Contents, price: Int)] = []
    let used = kept(c)
    for start in 0...c.stage where start != c.cursor && isThere(start, c) {
      var next = c
      next.cursor = start
      all.append((next, 0))
    }
    if !isThere(c.cursor, c) {
      var next = c
      next.states |= 1 << c.cursor
      if kept(next) <= memory { all.append((next, 0)) }
    }
    if c.cursor < c.stage {
      let stage = chain.stages[c.cursor]
      let source = isThere(c.cursor, c) ? 0 : chain.states[c.cursor]
      if used + source + chain.states[c.cursor + 1] + stage.forwardWorkspace <= memory {
        var next = c
        next.cursor += 1
        all.append((next, stage.forwardCost))
      }
    }
    if c.cursor <= c.stage, isThere(c.cursor, c), c.records & 1 << c.cursor == 0 {
      let stage = chain.stages[c.cursor]
      if used + stage.record + stage.forwardWorkspace <= memory {
        var next = c
        next.records |= 1 << c.cursor
        next.cursor = min(c.cursor + 1, c.stage)
        all.append((next, stage.forwardCost))
      }
    }
    if c.records & 1 << c.stage != 0, isThere(c.stage, c),
      used + chain.gradients[c.stage] + chain.stages[c.stage].backwardWorkspace <= memory
    {
      var next = c
      next.records &= ~(1 << c.stage)
      next.states &= ~(1 << c.stage)
      next.stage -= 1
      next.cursor = 0
      all.append((next, 0))
    }
    return all
  }

}
