import IR
import Operations
import Rematerialization

extension Policy {

  /// `sqrt()`: cuts the forward part into about √n segments of like bytes, where few bytes cross the cut; saves what
  /// crosses and recomputes the rest, a segment at a time, when backward gets there.
  ///
  /// Every number of segments up to 2√n is tried (above 4,000 instructions up to twelve of them, fewer the larger the
  /// graph is, but at least three), and for each the cuts that balance bytes exactly, those that move up to half of the
  /// next segment to a smaller cut, and those of segments that get shorter towards the end, where more is saved already.
  /// The lowest peak wins; of equals the cheapest, then the one with the fewest segments.
  ///
  /// - Complexity: O(√*n* · *n* log *n*) up to 4,000 instructions, O(*n* log *n*) above.
  /// - Source: Chen, Xu, Zhang, Guestrin, Training Deep Nets with Sublinear Memory Cost, 2016, carried from chains to DAGs.
  static let squareRoot = Policy(
    "sqrt", form: "sqrt()", summary: "Cuts the forward part into about √n segments; saves the values that cross."
  ) { (problem, _) in
    let cuts = SegmentCuts(problem.analysis)
    var best: (key: [Int], saved: [Bool])?
    for count in cuts.segmentCounts() {
      var tried: Set<[Bool]> = []
      for (window, taper) in [(0.0, 0.0), (0.5, 0.0), (0.5, 0.5)] {
        let saved = cuts.saved(segments: count, window: window, taper: taper)
        if !tried.insert(saved).inserted { continue }
        let s = problem.score(problem.insertions(saving: saved))
        let key = [s.peak, s.cost, count]
        if best.map({ key.lexicographicallyPrecedes($0.key) }) ?? true { best = (key, saved) }
      }
    }
    return best?.saved
  }

}

/// The places where the forward part may be cut, and what each cut would save.
package struct SegmentCuts {

  private let analysis: StepAnalysis

  /// For each boundary after instruction `i`, the bytes defined up to it.
  private let bytesBefore: [Int]

  /// For each boundary after instruction `i`, the bytes of values defined before it and read after it in the forward part.
  private let crossingBytes: [Int]

  /// For each forward value, the last instruction of the forward part that reads it, -1 if none does.
  private let lastForwardUse: [Int]

  package init(_ analysis: StepAnalysis) {
    self.analysis = analysis
    var lastUse = [Int](repeating: -1, count: analysis.function.values.count)
    for (t, i) in analysis.forward.enumerated() { for o in i.operands { lastUse[o.index] = t } }
    var (before, change) = ([Int](), [Int](repeating: 0, count: analysis.forwardCount + 1))
    var total = 0
    for (t, i) in analysis.forward.enumerated() {
      for r in i.results {
        let bytes = analysis.arenaBytes(of: r)
        total += bytes
        if lastUse[r.index] > t {
          change[t] += bytes
          change[lastUse[r.index]] -= bytes
        }
      }
      before.append(total)
    }
    var live = 0
    crossingBytes = change.dropLast().map { (c) in
      live += c
      return live
    }
    bytesBefore = before
    lastForwardUse = lastUse
  }

  /// The instructions that are scheduled, over all numbers of segments, to find the best on a large graph.
  private static let evaluatedInstructions = 150_000

  /// Returns the numbers of segments worth trying, ascending.
  package func segmentCounts() -> [Int] {
    let n = analysis.forwardCount
    let most = max(1, min(n, 2 * Int(Double(n).squareRoot()) + 1))
    if n <= 4000 { return Array(1...most) }
    let root = Double(n).squareRoot()
    let nearest = [1, 0.7, 1.4, 0.5, 2, 0.85, 1.2, 0.6, 1.7, 0.35, 0.93, 0.25]
    let affordable = max(3, min(nearest.count, Self.evaluatedInstructions / n))
    return nearest.prefix(affordable).map { max(1, Int(root * $0)) }.sorted()
  }

  /// Returns the decision for `count` segments whose boundaries may move by `window` of the segment behind them to a
  /// smaller cut; the first segment is longer than the mean by the fraction `taper`, the last shorter by it.
  package func saved(segments count: Int, window: Double, taper: Double) -> [Bool] {
    var saved = analysis.leastSaved()
    var isBoundary = [Bool](repeating: false, count: analysis.forwardCount)
    for b in boundaries(segments: count, window: window, taper: taper) { isBoundary[b] = true }
    var nextBoundary = [Int](repeating: .max, count: analysis.forwardCount)
    var next = Int.max
    for t in isBoundary.indices.reversed() {
      if isBoundary[t] { next = t }
      nextBoundary[t] = next
    }
    for (t, i) in analysis.forward.enumerated() {
      for r in i.results where lastForwardUse[r.index] > nextBoundary[t] { saved[r.index] = true }
    }
    return saved
  }

  /// Returns the instructions after which the forward part is cut, ascending.
  private func boundaries(segments count: Int, window: Double, taper: Double) -> [Int] {
    let total = Double(bytesBefore.last ?? 0)
    let segment = total / Double(count)
    var cuts: [Int] = []
    for j in 1..<max(count, 1) {
      // the first j of m segments, of lengths 1 + taper · (1 − 2i / (m − 1))
      let longer = taper * Double(j) * Double(count - j) / Double(count - 1)
      let target = segment * (Double(j) + longer)
      let reach = window * segment * (1 + taper * (1 - 2 * Double(j) / Double(count - 1)))
      let low = firstBoundary(reaching: target - reach)
      let high = firstBoundary(reaching: target + reach)
      guard low < crossingBytes.count else { continue }
      let exact = firstBoundary(reaching: target)
      let best = (low...max(low, min(high, crossingBytes.count - 1))).min { (a, b) in
        (crossingBytes[a], abs(a - exact), a) < (crossingBytes[b], abs(b - exact), b)
      }
      if let best, cuts.last.map({ best > $0 }) ?? true { cuts.append(best) }
    }
    return cuts
  }

  /// Returns the first boundary before which at least `bytes` are defined, by bisection.
  private func firstBoundary(reaching bytes: Double) -> Int {
    var (low, high) = (0, bytesBefore.count)
    while low < high {
      let middle = (low + high) / 2
      if Double(bytesBefore[middle]) < bytes { low = middle + 1 } else { high = middle }
    }
    return low
  }

}
