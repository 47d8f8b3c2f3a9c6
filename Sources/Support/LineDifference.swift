/// What has to be done to the lines of one text to get those of another.
package struct LineDifference: Sendable {

  /// Lines that are replaced: `old` of the one text by `new` of the other, one of which may be empty.
  package struct Change: Hashable, Sendable {

    /// The lines of the one text.
    package fileprivate(set) var old: Range<Int>

    /// The lines of the other text.
    package fileprivate(set) var new: Range<Int>

  }

  /// The most lines added and removed that are sought as the fewest; beyond that, all between the first and the last
  /// difference count as replaced.
  package static let effort = 1500

  /// The changes in order, with common lines between them.
  package let changes: [Change]

  /// Finds the changes from `old` to `new`, the fewest if they are not too many.
  ///
  /// - Complexity: O(*n* · *d*) where *d* is the number of lines added and removed, at most `effort`.
  package init<Line: Hashable>(from old: [Line], to new: [Line]) {
    let start = zip(old, new).prefix { $0 == $1 }.count
    let end = zip(old[start...].reversed(), new[start...].reversed()).prefix { $0 == $1 }.count
    let (a, b) = (Array(old[start..<old.count - end]), Array(new[start..<new.count - end]))
    let whole = Change(old: 0..<a.count, new: 0..<b.count)
    let edits = Frontier.edits(from: a, to: b) ?? [whole]
    changes = Self.joined(edits).map { $0.moved(by: start) }
  }

  /// Returns `edits` with adjacent ones as one.
  private static func joined(_ edits: [Change]) -> [Change] {
    edits.reduce(into: []) { (changes, e) in
      if let last = changes.last, last.old.upperBound == e.old.lowerBound, last.new.upperBound == e.new.lowerBound {
        changes[changes.count - 1].old = last.old.lowerBound..<e.old.upperBound
        changes[changes.count - 1].new = last.new.lowerBound..<e.new.upperBound
      } else {
        changes.append(e)
      }
    }
  }

}

extension LineDifference.Change {

  /// Returns the same change `count` lines further down in both texts.
  fileprivate func moved(by count: Int) -> Self {
    .init(
      old: old.lowerBound + count..<old.upperBound + count, new: new.lowerBound + count..<new.upperBound + count)
  }

}

/// How far one gets in two texts with so many edits.
///
/// - Source: Myers, An O(ND) difference algorithm and its variations, 1986.
private struct Frontier {

  /// The number of edits.
  let count: Int

  /// The lines of the first text that are done, for each diagonal from `-count` in steps of two.
  ///
  /// The diagonal is the number of lines done in the first text less that in the second.
  var reach: [Int] = []

  /// Returns the lines of the first text that are done on `diagonal`, or -1 where so many edits do not lead.
  func reach(on diagonal: Int) -> Int { abs(diagonal) > count ? -1 : reach[(diagonal + count) / 2] }

  /// `true` iff the last edit on the way to `diagonal` adds a line, so that it comes from the diagonal above.
  func isAddition(to diagonal: Int) -> Bool { reach(on: diagonal - 1) < reach(on: diagonal + 1) }

  /// Returns the fewest edits of single lines, or `nil` if they are more than `LineDifference.effort`.
  static func edits<Line: Hashable>(from a: [Line], to b: [Line]) -> [LineDifference.Change]? {
    var frontiers: [Frontier] = []
    while true {
      let frontier = Frontier(after: frontiers.last, a, b)
      if frontier.hasDiagonal(a.count - b.count), frontier.reach(on: a.count - b.count) >= a.count { break }
      frontiers.append(frontier)
      if frontiers.count > LineDifference.effort { return nil }
    }
    return path(through: frontiers, to: (a.count, b.count))
  }

  /// Makes one more edit than `previous`, and then goes on as far as the lines are equal.
  private init<Line: Hashable>(after previous: Frontier?, _ a: [Line], _ b: [Line]) {
    count = previous.map { $0.count + 1 } ?? 0
    for diagonal in stride(from: -count, through: count, by: 2) {
      var done = 0
      if let p = previous {
        done = p.isAddition(to: diagonal) ? p.reach(on: diagonal + 1) : p.reach(on: diagonal - 1) + 1
      }
      while done < a.count, done - diagonal < b.count, a[done] == b[done - diagonal] { done += 1 }
      reach.append(done)
    }
  }

  /// `true` iff `diagonal` can be reached with exactly so many edits.
  private func hasDiagonal(_ diagonal: Int) -> Bool { abs(diagonal) <= count && (diagonal + count) % 2 == 0 }

  /// Returns the edits that lead through `frontiers` to `end`.
  private static func path(through frontiers: [Frontier], to end: (old: Int, new: Int)) -> [LineDifference.Change] {
    var diagonal = end.old - end.new
    var edits: [LineDifference.Change] = []
    for f in frontiers.reversed() {
      let isAddition = f.isAddition(to: diagonal)
      diagonal += isAddition ? 1 : -1
      let old = f.reach(on: diagonal)
      let new = old - diagonal
      edits.append(.init(old: old..<old + (isAddition ? 0 : 1), new: new..<new + (isAddition ? 1 : 0)))
    }
    return edits.reversed()
  }

}
