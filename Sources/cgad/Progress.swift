import Runtime

/// Tells a person how training goes: on a terminal in one line that is overwritten, else a line for each epoch and
/// evaluation.
struct Progress {

  private let stepCount: Int

  private let isQuiet: Bool

  private var lastDraw: ContinuousClock.Instant?

  private var width = 0

  init(stepCount: Int, isQuiet: Bool = false) {
    self.stepCount = stepCount
    self.isQuiet = isQuiet
  }

  mutating func show(_ event: TrainingEvent) {
    if isQuiet { return }
    switch event {
    case .step(let step, let epoch, let values, let rate, let duration):
      if Terminal.isInteractive { draw(step, epoch, Self.text(values) + Self.text(rate), duration) }
    case .epoch(let epoch, let since, let step, let values, let rate):
      let part = since.map { "  (of steps \($0) to \(step), since the run was resumed)" } ?? ""
      line("epoch \(epoch)  step \(step)/\(stepCount)  \(Self.text(values))\(Self.text(rate))\(part)")
    case .evaluation(let step, let epoch, let values):
      line("epoch \(epoch)  step \(step)/\(stepCount)  evaluation  \(Self.text(values))")
    case .checkpoint: break
    }
  }

  /// Removes the line that is overwritten.
  mutating func finish() {
    if width > 0 { Terminal.write("\r" + String(repeating: " ", count: width) + "\r") }
    width = 0
  }

  /// Draws the line, at most ten times a second.
  private mutating func draw(_ step: Int, _ epoch: Int, _ results: String, _ duration: Double) {
    let now = ContinuousClock.now
    if let lastDraw, now - lastDraw < .milliseconds(100), step < stepCount { return }
    lastDraw = now
    let pace = "\((duration * 1000).significant(3)) ms a step"
    let text = "step \(step)/\(stepCount)  epoch \(epoch)  \(results)  \(pace)"
    Terminal.write("\r" + text + String(repeating: " ", count: max(0, width - text.count)))
    width = text.count
  }

  private mutating func line(_ text: String) {
    finish()
    Terminal.say(text)
  }

  private static func text(_ rate: Double?) -> String { rate.map { "  lr \($0.brief(4))" } ?? "" }

  private static func text(_ values: [ReportedValue]) -> String {
    values.map { "\($0.label) \($0.value.significant(4))" }.joined(separator: "  ")
  }

}
