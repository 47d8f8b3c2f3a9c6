import Support

/// Peak against recomputation of several schedules.
package enum ParetoChart {

  private static let left = 72.0

  private static let right = 1000.0

  private static let top = 24.0

  private static let bottom = 300.0

  /// Returns a figure of `rows`; those of a sweep are joined by a line.
  package static func figure(_ rows: [ComparedSchedule]) -> String {
    let shown = rows.filter { $0.peakBytes != nil }
    let peaks = shown.compactMap(\.peakBytes)
    guard let most = peaks.max(), let least = peaks.min() else { return "" }
    let (low, high) = (least - (most - least) / 20, max(least + 1, most + (most - least) / 20))
    let overhead = max(0.01, shown.map(\.overhead).max() ?? 0) * 1.1
    func x(_ bytes: Int) -> Double { left + (right - left) * Double(bytes - low) / Double(high - low) }
    func y(_ part: Double) -> Double { bottom - (bottom - top) * part / overhead }
    var s = ""
    for part in ticks(upTo: overhead) {
      s += Markup.line(left, y(part), right, y(part), "grid")
      s += Markup.text(left - 8, y(part) + 4, "+\(Markup.number(part * 100)) %", anchor: "end")
    }
    for tick in ticks(low, high) { s += Markup.text(x(tick), bottom + 18, "\(ByteCount(tick))", anchor: "middle") }
    s += Markup.text((left + right) / 2, bottom + 40, "peak", anchor: "middle")
    s += Markup.text(left, top - 10, "recomputation, of the operations of a step")
    let swept = shown.filter(\.isSwept).sorted { ($0.peakBytes ?? 0, $0.overhead) < ($1.peakBytes ?? 0, $1.overhead) }
    if swept.count > 1 {
      let points = swept.map { "\(Markup.number(x($0.peakBytes ?? 0))),\(Markup.number(y($0.overhead)))" }
      s += "<polyline class=\"curve\" points=\"\(points.joined(separator: " "))\"/>\n"
    }
    for r in shown { s += point(r, x(r.peakBytes ?? 0), y(r.overhead)) }
    s += labels(shown, x, y)
    return ChartFrame.figure(s, label: "Peak against recomputation")
  }

  /// Returns five round numbers of bytes from `low` to `high`.
  private static func ticks(_ low: Int, _ high: Int) -> [Int] {
    var distance = 1
    while (high - low) / distance > 8 { distance *= 2 }
    let first = (low + distance - 1) / distance * distance
    return Array(stride(from: first, through: high, by: distance))
  }

  /// Returns at most six round fractions from 0 to `most`.
  private static func ticks(upTo most: Double) -> [Double] {
    let steps = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1, 2, 5, 10]
    let step = steps.first { most / $0 <= 5 } ?? most
    return Array(stride(from: 0, through: most, by: step))
  }

  private static func point(_ r: ComparedSchedule, _ x: Double, _ y: Double) -> String {
    let title = "\(r.policy): \(ByteCount(r.peakBytes ?? 0)), +\(Markup.number(r.overhead * 100)) %"
    return
      "<circle cx=\"\(Markup.number(x))\" cy=\"\(Markup.number(y))\" r=\"\(r.isChosen ? 6 : 4)\" class=\"\(r.isChosen ? "chosen" : r.isSwept ? "swept" : "policy")\">"
      + "<title>\(Markup.escaped(title))</title></circle>\n"
  }

  /// Returns the names of the points, but of a sweep's; one that would cover another is left out.
  private static func labels(
    _ rows: [ComparedSchedule], _ x: (Int) -> Double, _ y: (Double) -> Double
  ) -> String {
    var (taken, s) = ([(x: ClosedRange<Double>, y: Double)](), "")
    for r in rows.filter({ !$0.isSwept || $0.isChosen }).sorted(by: { $0.isChosen && !$1.isChosen }) {
      let (px, py) = (x(r.peakBytes ?? 0), y(r.overhead))
      let width = Double(r.policy.count) * 6.2
      let isLeft = px + width > right
      let range = isLeft ? px - width - 9...px - 9 : px + 9...px + 9 + width
      if taken.contains(where: { $0.x.overlaps(range) && abs($0.y - py) < 13 }) { continue }
      taken.append((range, py))
      s += Markup.text(isLeft ? px - 9 : px + 9, py + 4, r.policy, "label", anchor: isLeft ? "end" : "start")
    }
    return s
  }

}
