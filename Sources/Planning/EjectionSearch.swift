/// A search for smaller layouts that makes room for a buffer by taking others away.
///
/// What ends above the capacity waits. A waiting buffer is placed beside another one or at an end of the arena, where
/// those that overlap it weigh least; these are taken away and wait in turn. A buffer that found no room weighs more from
/// then on, so that no two throw each other out for ever. The same problem and effort give the same layout everywhere.
///
/// - Source: guided ejection search (Nagata & Bräysy, A powerful route minimization heuristic for the vehicle routing
///   problem with time windows, 2009), with places in an arena instead of places in a route.
package struct EjectionSearch {

  private let problem: PlanningProblem

  /// The sizes in bytes, rounded up.
  private let sizes: [Int]

  /// The buffers that are live together with each.
  private let conflicts: Lists

  private var random = PackingRandom(seed: 0)

  /// The offsets so far; -1 for what waits.
  private var offsets: [Int] = []

  private var waiting: [Int] = []

  /// What each buffer weighs at first, and gains each time that it finds no room.
  private var gains: [Int] = []

  private var weights: [Int] = []

  /// The ranges taken by what conflicts with the buffer that is being placed.
  private var taken: [(start: Int, end: Int, buffer: Int)] = []

  /// The buffers looked at so far in one search.
  private var work = 0

  /// The buffers that one search looks at.
  private static let searchWork = 10_000_000

  /// No buffer gains more: weights added up stay far from overflow.
  private static let largestGain = 1 << 24

  /// - Complexity: O(*n* log *n* + *c*) where *c* is the number of conflicts.
  package init(_ problem: PlanningProblem) {
    self.problem = problem
    sizes = problem.buffers.map { problem.rounded($0.size) }
    conflicts = .init(problem.conflicts())
  }

  /// Returns `layout` or the smallest one found, looking for one of about `enough` bytes.
  ///
  /// Each of the `searches` wants a sixteenth of what is left to be gained; one that succeeds is followed by another with
  /// the same rule. They begin in turn from the smallest layout and from that of an allocator, which is less settled.
  package mutating func improving(_ layout: ArenaLayout, enough: Int, searches: Int) -> ArenaLayout {
    var best = layout
    let other = problem.bestFitInTime()
    for n in 0..<searches {
      let rule = EjectionRule.all[n % EjectionRule.all.count]
      while best.size > enough + enough / 256 {
        let capacity = best.size - max(1, (best.size - enough) / 16)
        random = .init(seed: UInt64(n))
        let start = n.isMultiple(of: 2) ? best : other
        guard isPlaced(within: capacity, from: start.offsets, rule) else { break }
        best = .init(offsets: offsets, of: problem)
      }
    }
    return best
  }

  /// Lets wait what ends above `capacity` in `start`, and places what waits; `true` iff nothing waits in the end.
  private mutating func isPlaced(within capacity: Int, from start: [Int], _ rule: EjectionRule) -> Bool {
    (offsets, work) = (start, 0)
    gains = sizes.indices.map { gain(of: $0, rule.weight) }
    weights = gains
    waiting = sizes.indices.filter { sizes[$0] > 0 && start[$0] + problem.buffers[$0].size > capacity }
    for b in waiting { offsets[b] = -1 }
    while !waiting.isEmpty, work < Self.searchWork { place(waiting.remove(at: next(rule.turn)), within: capacity) }
    return waiting.isEmpty
  }

  private func gain(of b: Int, _ weight: EjectionRule.Weight) -> Int {
    let buffer = problem.buffers[b]
    let lifetime = Double(buffer.death - buffer.birth)
    let gain =
      switch weight {
      case .area: (Double(buffer.size) * lifetime).squareRoot()
      case .lifetime: lifetime
      case .conflicts: 10 * Double(conflicts.range(b).count).squareRoot()
      case .one: 0.0
      }
    return 1 + Int(min(gain, Double(Self.largestGain)))
  }

  /// Returns the position of the buffer in `waiting` whose turn it is.
  private mutating func next(_ turn: EjectionRule.Turn) -> Int {
    switch turn {
    case .random: random.below(waiting.count)
    case .largest: waiting.indices.max { sizes[waiting[$0]] < sizes[waiting[$1]] } ?? 0
    case .latest: waiting.count - 1
    case .heaviest: waiting.indices.max { weights[waiting[$0]] < weights[waiting[$1]] } ?? 0
    }
  }

  /// Places `b` where what overlaps it weighs least, one of equals by chance, and takes that away.
  private mutating func place(_ b: Int, within capacity: Int) {
    findTaken(by: b)
    let highest = (capacity - problem.buffers[b].size) & ~(problem.alignment - 1)
    var (least, ties) = (Int.max, 0)
    consider(0, for: b, &least, &ties)
    consider(highest, for: b, &least, &ties)
    for t in taken {
      if t.end <= highest { consider(t.end, for: b, &least, &ties) }
      let below = t.start - sizes[b]
      if below >= 0 && below <= highest { consider(below, for: b, &least, &ties) }
    }
    if least > 0 { eject(for: b) }
  }

  private mutating func findTaken(by b: Int) {
    taken.removeAll(keepingCapacity: true)
    for e in conflicts.range(b) {
      let c = conflicts.elements[e]
      if offsets[c] >= 0 { taken.append((offsets[c], offsets[c] + sizes[c], c)) }
    }
    work += conflicts.range(b).count + 1
  }

  /// Puts `b` at `offset` if what overlaps it there weighs less than `least`, or as much and chance wills it.
  private mutating func consider(_ offset: Int, for b: Int, _ least: inout Int, _ ties: inout Int) {
    var weight = 0
    let end = offset + sizes[b]
    for t in taken {
      work += 1
      if t.start < end && offset < t.end { weight += weights[t.buffer] }
      if weight > least { return }
    }
    ties = weight < least ? 1 : ties + 1
    if weight == least, random.below(ties) > 0 { return }
    least = weight
    offsets[b] = offset
  }

  /// Takes away what overlaps `b`.
  private mutating func eject(for b: Int) {
    weights[b] += gains[b]
    let (start, end) = (offsets[b], offsets[b] + sizes[b])
    for t in taken where t.start < end && start < t.end {
      offsets[t.buffer] = -1
      waiting.append(t.buffer)
    }
  }

}
