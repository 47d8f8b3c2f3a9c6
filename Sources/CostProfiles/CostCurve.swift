/// A time that grows with the amount of work: measured points, and straight lines between them.
package struct CostCurve: Hashable, Sendable {

  package struct Point: Hashable, Sendable {

    /// The amount of work, in FLOPs or bytes.
    package let work: Int

    /// The time in nanoseconds.
    package let nanoseconds: Int

    package init(work: Int, nanoseconds: Int) {
      self.work = work
      self.nanoseconds = nanoseconds
    }

  }

  /// The greatest number that a point may have, so that products of two fit in 128 bits.
  package static let greatest = 1 << 56

  /// The most points of a curve.
  package static let mostPoints = 64

  /// At least one; their work ascends, and their times do not descend.
  package let points: [Point]

  /// - Requires: `points` is as the property says.
  package init(_ points: [Point]) {
    precondition(Self.isCurve(points), "points out of order")
    self.points = points
  }

  /// `true` iff `points` are in order, in range, and neither none nor too many.
  package static func isCurve(_ points: [Point]) -> Bool {
    guard 1...mostPoints ~= points.count else { return false }
    let isInRange = points.allSatisfy { 0...greatest ~= $0.work && 0...greatest ~= $0.nanoseconds }
    return isInRange
      && zip(points, points.dropFirst()).allSatisfy { $0.work < $1.work && $0.nanoseconds <= $1.nanoseconds }
  }

  /// Returns the curve through measured `points`, whose work ascends: where one took less than one of less work, as long.
  package init(measured points: [Point]) {
    var longest = 0
    self.init(
      points.map { (p) in
        longest = max(longest, p.nanoseconds)
        return .init(work: p.work, nanoseconds: longest)
      })
  }

  /// Returns the time of so much work in nanoseconds, rounded down: that of the first point for less than it has, on the
  /// line between its neighbours in between, and in proportion to the last point beyond it.
  ///
  /// - Complexity: O(*p*) where *p* is the number of points.
  package func nanoseconds(of work: Int) -> Int {
    guard let next = points.firstIndex(where: { $0.work >= work }) else {
      let last = points[points.count - 1]
      if last.work == 0 { return last.nanoseconds }
      return .init(clamping: Int128(last.nanoseconds) * Int128(work) / Int128(last.work))
    }
    let high = points[next]
    if next == 0 { return high.nanoseconds }
    let low = points[next - 1]
    let rise = Int128(high.nanoseconds - low.nanoseconds) * Int128(work - low.work) / Int128(high.work - low.work)
    return low.nanoseconds + Int(rise)
  }

}
