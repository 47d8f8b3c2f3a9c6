import Operations
import PlanFormat
import Runtime
import Support

/// Plans of one model, of which the fastest is executed that fits.
struct Ladder {

  /// The fastest first.
  private let rungs: [LoadedPlan]

  /// Reads and verifies the plans at `paths`, at least one.
  ///
  /// - Throws: if one cannot be executed, or they do not compute the same.
  init(_ paths: [String]) throws(Failure) {
    var rungs: [LoadedPlan] = []
    for p in paths { rungs.append(try LoadedPlan(p)) }
    let first = rungs[0]
    // the digest itself, as a plan need not say it
    let digest = rungs.count > 1 ? first.plan.contentDigest : ""
    for r in rungs.dropFirst() where r.plan.contentDigest != digest {
      throw .init(
        .refused,
        "\(first.path) and \(r.path) compute different things; plans that are given together are rungs of one model, as "
          + "cgadc compile --ladder writes them")
    }
    self.rungs = rungs.sorted { (a, b) in Self.key(of: a) < Self.key(of: b) }
  }

  /// What plans are sorted by: the operations of a step, then the peak, then the name.
  private static func key(of rung: LoadedPlan) -> (Int, Int, String) {
    let t = rung.plan.totals
    return (t.stepFlops.addedSaturating(to: t.recomputeFlops), t.peakBytes, rung.path)
  }

  /// `true` iff there is something to choose.
  var isChoice: Bool { rungs.count > 1 }

  /// Returns the fastest plan whose peak is within `limit`; a single plan where there is no limit.
  ///
  /// Says which it is where there is a choice.
  ///
  /// - Throws: if there is none.
  func rung(within limit: SystemMemory.Limit?) throws(Failure) -> LoadedPlan {
    guard let limit else { return rungs[0] }
    guard let i = rungs.firstIndex(where: { $0.plan.totals.peakBytes <= limit.bytes }) else {
      throw tooLarge(for: limit)
    }
    if isChoice {
      let peak = ByteCount(rungs[i].plan.totals.peakBytes)
      Terminal.say(
        "\(rungs[i].path): the fastest of \(rungs.count) plans that fits \(limit.origin), \(ByteCount(limit.bytes)): "
          + "its peak is \(peak)")
    }
    return rungs[i]
  }

  private func tooLarge(for limit: SystemMemory.Limit) -> Failure {
    let leanest = rungs.map(\.plan).min { $0.totals.peakBytes < $1.totals.peakBytes } ?? rungs[0].plan
    let peak = leanest.totals.peakBytes
    return .init(
      .tooLittleMemory,
      """
      the \(isChoice ? "leanest of \(rungs.count) plans" : "plan") needs \(ByteCount(peak)) (\(peak) bytes), more than \
      \(limit.origin), \(ByteCount(limit.bytes)) (\(limit.bytes) bytes); compile it with cgadc compile \
      \(leanest.header.source) --budget \(limit.bytes)
      """)
  }

}
