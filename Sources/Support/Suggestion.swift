/// Finds the name a person most likely meant.
package enum Suggestion {

  /// Returns the candidate nearest to `name` by edit distance, or `nil` if none is near enough to be worth saying.
  ///
  /// Letters differ by their case for less than by anything else, at least one letter must be in its place, and ties go
  /// to the name of the nearest length and then to the first in order of the alphabet: `tahn` is `tanh` and not `tan`.
  ///
  /// - Complexity: O(*c* · *n* · *m*) for *c* candidates of *m* characters and a name of *n*.
  package static func nearest(to name: String, in candidates: some Sequence<String>) -> String? {
    var best: (distance: Int, length: Int, cases: Int, candidate: String)?
    for c in candidates where c != name {
      let limit = max(1, name.count / 3)
      guard let d = distance(name.lowercased(), c.lowercased(), limit: limit), d < name.count else { continue }
      let cases = distance(name, c, limit: name.count + limit) ?? .max
      let length = abs(c.count - name.count)
      let isBetter = best.map { (d, length, cases, c) < ($0.distance, $0.length, $0.cases, $0.candidate) } ?? true
      if isBetter { best = (d, length, cases, c) }
    }
    return best?.candidate
  }

  /// Returns the Damerau–Levenshtein distance (adjacent transpositions count one) unless it exceeds `limit`.
  package static func distance(_ a: String, _ b: String, limit: Int) -> Int? {
    let (x, y) = (Array(a.unicodeScalars), Array(b.unicodeScalars))
    if abs(x.count - y.count) > limit { return nil }
    var rows = [Array(0...y.count)]
    for i in x.indices {
      var row = [i + 1]
      for j in y.indices {
        var d = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (x[i] == y[j] ? 0 : 1))
        if i > 0, j > 0, x[i] == y[j - 1], x[i - 1] == y[j] { d = min(d, rows[i - 1][j - 1] + 1) }
        row.append(d)
      }
      rows.append(row)
    }
    return rows[x.count][y.count] <= limit ? rows[x.count][y.count] : nil
  }

}
