/// A local search over the orders in which first fit places buffers.
///
/// A move lets a buffer at the top, or one that conflicts with it, be placed before another that it conflicts with; what
/// is worse by a random threshold that falls to nothing is refused, and seen as soon as a buffer ends above it. The same
/// problem and number of moves give the same layout everywhere.
///
/// - Source: threshold accepting (Dueck & Scheuer, 1990) over the orders of greedy first fit (Pisarchyk & Lee, 2020).
struct LayoutSearch {

  private let problem: PlanningProblem

  /// The sizes in bytes, rounded up.
  private let sizes: [Int]

  /// The buffers that are live together with each.
  private let conflicts: [[Int]]

  /// The number of pairs of buffers that are live together, each counted twice.
  var conflictCount: Int { conflicts.reduce(0) { $0 + $1.count } }

  private var random = PackingRandom(seed: 1)

  /// The offsets so far; -1 for what is not placed.
  private var offsets: [Int]

  private var taken: [Range<Int>] = []

  /// - Complexity: O(*n* log *n* + *c*) where *c* is the number of conflicts.
  init(_ problem: PlanningProblem) {
    self.problem = problem
    sizes = problem.buffers.map { problem.rounded($0.size) }
    conflicts = problem.conflicts()
    offsets = .init(repeating: -1, count: sizes.count)
  }

  /// Returns the smallest layout found from each of `orders` with `moves` moves in all; stops at `enough` bytes.
  mutating func layout(from orders: [[Int]], moves: Int, enough: Int) -> ArenaLayout? {
    var best: (size: Int, offsets: [Int])?
    let bound = problem.roundedLiveBytes
    for start in orders {
      var order = start.filter { sizes[$0] > 0 }
      guard order.count > 1, var size = place(order, limit: .max) else { continue }
      if best.map({ size < $0.size }) ?? true { best = (size, offsets) }
      var current = offsets
      let count = moves / orders.count
      for m in 0..<count {
        if let best, best.size <= max(enough, bound) { break }
        let new = neighbour(of: order, current, size)
        let slack = 0.005 * random.unit() * (1 - Double(m) / Double(count))
        guard let s = place(new, limit: size + Int(Double(bound) * slack)) else { continue }
        (order, size, current) = (new, s, offsets)
        if best.map({ s < $0.size }) ?? true { best = (s, offsets) }
      }
    }
    return best.map { .init(offsets: $0.offsets.map { max(0, $0) }, of: problem) }
  }

  /// Returns `order` with one buffer placed earlier.
  private mutating func neighbour(of order: [Int], _ offsets: [Int], _ size: Int) -> [Int] {
    var new = order
    let tops = order.filter { offsets[$0] + sizes[$0] >= size }
    var moved = tops.isEmpty ? order[random.below(order.count)] : tops[random.below(tops.count)]
    if random.unit() < 0.3, !conflicts[moved].isEmpty { moved = conflicts[moved][random.below(conflicts[moved].count)] }
    if random.unit() < 0.2 {
      new.swapAt(random.below(new.count), random.below(new.count))
      return new
    }
    guard let from = new.firstIndex(of: moved) else { return new }
    let earlier = new[..<from].indices.filter { overlap(new[$0], moved) }
    if earlier.isEmpty { return new }
    new.remove(at: from)
    new.insert(moved, at: earlier[random.below(earlier.count)])
    return new
  }

  private func overlap(_ a: Int, _ b: Int) -> Bool {
    let (a, b) = (problem.buffers[a], problem.buffers[b])
    return a.birth < b.death && b.birth < a.death
  }

  /// Places the buffers of `order` and returns the highest end, or `nil` as soon as one ends above `limit`.
  private mutating func place(_ order: [Int], limit: Int) -> Int? {
    for i in offsets.indices { offsets[i] = -1 }
    var top = 0
    for i in order {
      taken.removeAll(keepingCapacity: true)
      for c in conflicts[i] where offsets[c] >= 0 { taken.append(offsets[c]..<offsets[c] + sizes[c]) }
      taken.sort { $0.lowerBound < $1.lowerBound }
      var offset = 0
      for t in taken {
        if offset + sizes[i] <= t.lowerBound { break }
        offset = max(offset, t.upperBound)
      }
      offsets[i] = offset
      top = max(top, offset + problem.buffers[i].size)
      if top > limit { return nil }
    }
    return top
  }

}

extension PlanningProblem {

  /// For each buffer those that are live at some step together with it, ascending; none for those without bytes.
  ///
  /// - Complexity: O(*n* log *n* + *c* log *c*) where *c* is the number of conflicts.
  func conflicts() -> [[Int]] {
    var all = [[Int]](repeating: [], count: buffers.count)
    let order = buffers.indices.filter { buffers[$0].size > 0 }.sorted {
      (buffers[$0].birth, $0) < (buffers[$1].birth, $1)
    }
    var live: [Int] = []
    for i in order {
      live.removeAll { buffers[$0].death <= buffers[i].birth }
      for j in live {
        all[i].append(j)
        all[j].append(i)
      }
      live.append(i)
    }
    return all.map { $0.sorted() }
  }

}
