import PlanFormat
import Support

/// The axes of a figure with instructions from left to right and bytes from bottom to top.
struct ChartFrame {

  static let width = 1040.0

  static let height = 360.0

  private let left = 72.0

  private let right = 1028.0

  private let top = 30.0

  private let bottom = 312.0

  let scale: ChartScale

  private let review: ProgramReview

  init(_ review: ProgramReview, upTo most: Int) {
    self.review = review
    scale = .init(upTo: most)
  }

  private var count: Int { max(1, review.program.instructions.count) }

  /// Returns where the instruction at `position` begins.
  func x(_ position: Int) -> Double { left + (right - left) * Double(position) / Double(count) }

  func y(_ bytes: Int) -> Double { bottom - (bottom - top) * Double(bytes) / Double(scale.limit) }

  /// The number of columns that can be told apart.
  var columns: Int { min(count, Int(right - left)) }

  /// The instructions of column `c`.
  func positions(of c: Int) -> Range<Int> { c * count / columns..<(c + 1) * count / columns }

  /// What lies behind the values: lines at round numbers of bytes, and the parts of the step below.
  var background: String {
    var s = ""
    for tick in scale.ticks {
      s += Markup.line(left, y(tick), right, y(tick), "grid")
      s += Markup.text(left - 8, y(tick) + 4, scale.label(tick), anchor: "end")
    }
    for part in parts where !part.range.isEmpty {
      let (a, b) = (x(part.range.lowerBound), x(part.range.upperBound))
      s += Markup.line(a + 1, bottom + 26, b - 1, bottom + 26, "part")
      if b - a > 60 { s += Markup.text((a + b) / 2, bottom + 42, part.name, anchor: "middle") }
    }
    for step in stepTicks {
      s += Markup.text(x(step - 1), bottom + 17, "\(step)", anchor: step == 1 ? "start" : "middle")
    }
    return s
  }

  /// What stands before the values: the peak and the budget, which is of all bytes without those of `offset`.
  func marks(peak: Int, budget: Int?) -> String {
    let position = x(review.peak) + (x(1) - x(0)) / 2
    let isLeft = position > (left + right) / 2
    var s = Markup.line(position, top - 8, position, bottom, "mark")
    let text = "peak \(ByteCount(peak)), step \(review.peak + 1)"
    s += Markup.text(position + (isLeft ? -6 : 6), top - 12, text, "mark-label", anchor: isLeft ? "end" : "start")
    if let budget, budget <= scale.limit {
      s += Markup.line(left, y(budget), right, y(budget), "budget")
      s += Markup.text(
        isLeft ? left + 6 : right - 6, y(budget) - 5, "budget \(ByteCount(budget))", "mark-label",
        anchor: isLeft ? "start" : "end")
    }
    return s
  }

  /// The parts of the step with their instructions.
  private var parts: [(name: String, range: Range<Int>)] {
    let (start, apply) = (review.program.backwardStart ?? count, review.program.applyStart ?? count)
    return [
      ("forward", 0..<min(start, count)), ("backward", min(start, count)..<max(start, min(apply, count))),
      ("apply", apply..<max(apply, count)),
    ]
  }

  /// The numbers of steps that are labelled.
  private var stepTicks: [Int] {
    var distance = 1
    while count / distance > 12 { distance *= String(distance).first == "2" ? 5 : 2 }
    while "\(distance)".contains(where: { !"0125".contains($0) }) { distance += 1 }
    return [1] + stride(from: distance, through: count, by: distance).filter { $0 > 1 && x($0 - 1) < right - 14 }
  }

  /// Returns the figure, which says `label` to those who cannot see it.
  static func figure(_ content: String, label: String) -> String {
    "<svg viewBox=\"0 0 \(Markup.number(width)) \(Markup.number(height))\" role=\"img\" aria-label=\"\(Markup.escaped(label))\" "
      + "xmlns=\"http://www.w3.org/2000/svg\">\n\(content)</svg>\n"
  }

}
