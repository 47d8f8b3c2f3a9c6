/// When a search has to end.
struct SolverClock: Sendable {

  private let start: ContinuousClock.Instant

  private let end: ContinuousClock.Instant?

  /// Creates a clock that never ends, or ends in so many seconds.
  init(seconds: Double?) {
    start = .now
    end = seconds.map { [start] in start + .seconds($0) }
  }

  private init(_ start: ContinuousClock.Instant, _ end: ContinuousClock.Instant?) {
    (self.start, self.end) = (start, end)
  }

  /// Returns a clock for one part of `count` of the time that is left.
  func part(of count: Int) -> SolverClock {
    let now = ContinuousClock.now
    return .init(now, end.map { now + max(.zero, $0 - now) / count })
  }

  /// `true` iff the time is over.
  var isOver: Bool { end.map { ContinuousClock.now > $0 } ?? false }

  /// The seconds that are left, `nil` where it never ends.
  var secondsLeft: Double? { end.map { max(0, ($0 - ContinuousClock.now) / .seconds(1)) } }

  /// The part of the time that is over, 0 where it never ends.
  var progress: Double {
    guard let end else { return 0 }
    return end <= start ? 1 : min(1, (ContinuousClock.now - start) / (end - start))
  }

}
