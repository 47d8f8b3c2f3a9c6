/// Writes paths that differ in the numbers of layers alone as one.
package enum PathFolding {

  /// Returns `patterns`, which have one text, as one path: `h.1..4.up`, `h.{0..2,5}.up`, or with `*` for the numbers where
  /// they are all of `total`, or where several of a path differ.
  ///
  /// - Requires: `patterns` is not empty.
  package static func label(_ patterns: [PathPattern], total: Int? = nil) -> String {
    let first = patterns[0]
    let varying = first.indices.indices.filter { (k) in patterns.contains { $0.indices[k] != first.indices[k] } }
    let usesStar = varying.count > 1 || patterns.count == total
    return filled(first.text) { (k) in
      if !varying.contains(k) { return "\(first.indices[k])" }
      return usesStar ? "*" : ranges(patterns.map { $0.indices[k] })
    }
  }

  /// Returns ` (x4)` for four of them, nothing for one.
  static func count(_ n: Int) -> String { n == 1 ? "" : " (x\(n))" }

  /// The most runs that are written.
  private static let shownRuns = 4

  /// Returns `numbers` as runs: `1..4`, `{0..2,5}`, the first of them where there are many.
  package static func ranges(_ numbers: [Int]) -> String {
    var runs: [(low: Int, high: Int)] = []
    for n in Set(numbers).sorted() {
      if let last = runs.last, last.high + 1 == n {
        runs[runs.count - 1].high = n
      } else {
        runs.append((n, n))
      }
    }
    let texts = runs.map { $0.low == $0.high ? "\($0.low)" : "\($0.low)..\($0.high)" }
    if texts.count == 1 { return texts[0] }
    return "{\(texts.prefix(shownRuns).joined(separator: ","))\(texts.count > shownRuns ? ",..." : "")}"
  }

  /// Returns `text` with `fill` of 0, 1, … in the place of each `*`.
  static func filled(_ text: String, _ fill: (Int) -> String) -> String {
    var (result, k) = ("", 0)
    for part in text.split(separator: "*", omittingEmptySubsequences: false) {
      if k > 0 { result += fill(k - 1) }
      result += part
      k += 1
    }
    return result
  }

}
