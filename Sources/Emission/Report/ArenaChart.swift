import Operations
import PlanFormat
import Support

extension ProgramReview {

  /// The most values that are drawn, those that take most bytes longest.
  private static let drawnLimit = 4000

  /// A value, or what an instruction works in, in the arena.
  private struct Block {
    let name: String
    let category: ReviewCategory
    let offset: Int
    let bytes: Int
    let birth: Int
    let release: Int
  }

  /// The arena as a map: where every value lies, from which instruction to which.
  var arenaChart: String {
    let all = blocks
    let frame = ChartFrame(self, upTo: all.reduce(0) { max($0, $1.offset + $1.bytes) })
    let drawn = all.enumerated().sorted { (weight($0.element), $1.offset) > (weight($1.element), $0.offset) }
      .prefix(Self.drawnLimit).sorted { $0.offset < $1.offset }
    var content = frame.background
    for (_, b) in drawn { content += rectangle(b, frame) }
    for (_, b) in drawn { content += label(b, frame) }
    content += frame.marks(peak: memory(at: peak), budget: nil)
    let figure = ChartFrame.figure(content, label: "The arena, \(ByteCount(plan.totals.arenaBytes)), with its values")
    let rest = all.count - drawn.count
    return figure + (rest > 0 ? "<p class=\"note\">Without \(Quantity.count(rest, "small value")).</p>\n" : "")
  }

  private var blocks: [Block] {
    let held = versions.compactMap { (v) -> Block? in
      guard let offset = program.values[v.value].arenaOffset, v.bytes > 0 else { return nil }
      return .init(
        name: program.values[v.value].name, category: v.category, offset: offset, bytes: v.bytes, birth: v.birth,
        release: max(v.release, v.birth + 1))
    }
    let works = program.instructions.enumerated().compactMap { (t, i) in
      i.workspace.map {
        Block(
          name: "workspace of \(subject(at: t))", category: .workspace, offset: $0.offset, bytes: $0.byteCount,
          birth: t,
          release: t + 1)
      }
    }
    return held + works
  }

  private func weight(_ b: Block) -> Double { Double(b.bytes) * Double(b.release - b.birth) }

  private func rectangle(_ b: Block, _ frame: ChartFrame) -> String {
    let (x, y) = (frame.x(b.birth), frame.y(b.offset + b.bytes))
    let (w, h) = (frame.x(b.release) - x, frame.y(b.offset) - y)
    let title =
      "\(b.name): \(ByteCount(b.bytes)) at \(b.offset), steps \(b.birth + 1) to \(b.release), \(b.category.rawValue)"
    return "<rect x=\"\(Markup.number(x))\" y=\"\(Markup.number(y))\" width=\"\(Markup.number(max(0.5, w)))\" "
      + "height=\"\(Markup.number(max(0.3, h)))\" class=\"block c-\(b.category.rawValue)\"><title>\(Markup.escaped(title))</title></rect>\n"
  }

  /// Returns the name of a block that has room for it.
  private func label(_ b: Block, _ frame: ChartFrame) -> String {
    let (width, height) = (frame.x(b.release) - frame.x(b.birth), frame.y(b.offset) - frame.y(b.offset + b.bytes))
    if height < 11 || width < Double(b.name.count) * 5.6 + 6 { return "" }
    let y = frame.y(b.offset) - height / 2 + 3.5
    return Markup.text(frame.x(b.birth) + width / 2, y, b.name, "block-label", anchor: "middle")
  }

}
