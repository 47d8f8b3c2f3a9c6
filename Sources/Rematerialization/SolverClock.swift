/// When a search has to end.
struct SolverClock: Sendable {

  private let end: ContinuousClock.Instant?

  /// Creates a clock that never ends, or ends in so many seconds.
  init(seconds: Double?) { end = seconds.map { .now + .seconds($0) } }

  private init(end: ContinuousClock.Instant?) { self.end = end }

  /// Returns a clock for one part of `count` of the time that is left.
  func part(of count: Int) -> SolverClock {
    let now = ContinuousClock.now
    return .init(end: end.map { now + max(.zero, $0 - now) / count })
  }

  /// `true` iff the time is over.
  var isOver: Bool { end.map { ContinuousClock.now > $0 } ?? false }

}
