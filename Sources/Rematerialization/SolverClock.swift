/// When a search has to end.
struct SolverClock: Sendable {

  private let end: ContinuousClock.Instant?

  /// Creates a clock that never ends, or ends in so many seconds.
  init(seconds: Double?) { end = seconds.map { .now + .seconds($0) } }

  /// `true` iff the time is over.
  var isOver: Bool { end.map { ContinuousClock.now > $0 } ?? false }

}
