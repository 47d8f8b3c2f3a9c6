import Planning

/// Returns what is wrong with `layout`, or `nil`.
///
/// Independent of the layouts on purpose: it looks at every pair.
///
/// - Complexity: O(*n*²) in the number of buffers.
func flaw(in layout: ArenaLayout, of problem: PlanningProblem) -> String? {
  let buffers = problem.buffers
  if layout.offsets.count != buffers.count { return "\(layout.offsets.count) offsets for \(buffers.count) buffers" }
  var end = 0
  for (i, a) in buffers.enumerated() {
    let start = layout.offsets[i]
    if start < 0 || start % problem.alignment != 0 { return "buffer \(i) lies at \(start)" }
    end = max(end, start + a.size)
    for j in buffers.indices where j > i {
      let b = buffers[j]
      let together = max(a.birth, b.birth) < min(a.death, b.death)
      let overlap = max(start, layout.offsets[j]) < min(start + a.size, layout.offsets[j] + b.size)
      if together && overlap { return "buffers \(i) and \(j) overlap" }
    }
  }
  return end == layout.size ? nil : "the size is \(layout.size), the highest end \(end)"
}

/// Returns the most bytes live at any step, by looking at every step.
func liveBytes(of problem: PlanningProblem) -> Int {
  let steps = problem.buffers.reduce(0) { max($0, $1.death) }
  return (0..<steps).reduce(0) { (most, t) in
    max(most, problem.buffers.reduce(0) { $0 + ($1.birth <= t && t < $1.death ? $1.size : 0) })
  }
}

/// The ways of making a layout.
enum Method: CaseIterable {

  case bestFitInTime
  case firstFitBySize
  case firstFitByArea
  case firstFitByLifetime
  case layout

  /// Returns the layout of `problem`.
  func layout(of problem: PlanningProblem) -> ArenaLayout {
    switch self {
    case .bestFitInTime: problem.bestFitInTime()
    case .firstFitBySize: problem.firstFit(in: .size)
    case .firstFitByArea: problem.firstFit(in: .area)
    case .firstFitByLifetime: problem.firstFit(in: .lifetime)
    case .layout: problem.layout()
    }
  }

}
