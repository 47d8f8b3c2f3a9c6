import Operations
import PlanFormat
import Support
import Testing

/// The verifier's search for overlaps against a comparison of all pairs.
@Suite struct OverlapTests {

  /// A value's bytes and the instructions between which it lives.
  private struct Block {

    let offset: Int

    let size: Int

    let birth: Int

    var death = Int.max

    func overlaps(_ other: Block) -> Bool {
      offset < other.offset + other.size && other.offset < offset + size && birth < other.death && other.birth < death
    }

  }

  /// Broadcasts a constant into blocks of 0 to 320 bytes anywhere in 4096 bytes and deletes some in between.
  private struct Layout {

    var sketch = ProgramSketch("train", [])

    var blocks: [Block] = []

    private var live: [Int] = []

    init(seed: UInt64) {
      var generator = SplitMix(seed: seed)
      sketch.compute("one", .elementwise(.constant(1)), [], [], at: 8192)
      for _ in 0..<(3 + seed % 28) {
        if Int.random(in: 0..<5, using: &generator) < 3, !live.isEmpty { delete(using: &generator) }
        define(using: &generator)
      }
      while !live.isEmpty { delete(using: &generator) }
      sketch.loss("one")
    }

    private mutating func define(using generator: inout SplitMix) {
      let (count, offset) = (Int.random(in: 0...80, using: &generator), Int.random(in: 0..<59, using: &generator) * 64)
      let name = "v\(blocks.count)"
      live.append(blocks.count)
      blocks.append(.init(offset: offset, size: 4 * count, birth: sketch.program.instructions.count))
      sketch.compute(name, .reduction(.broadcast(extents: [count], inserted: [])), ["one"], [count], at: offset)
    }

    private mutating func delete(using generator: inout SplitMix) {
      let v = live.remove(at: Int.random(in: live.indices, using: &generator))
      blocks[v].death = sketch.program.instructions.count
      sketch.delete("v\(v)")
    }

    /// `true` iff two blocks overlap in time and space.
    var overlaps: Bool {
      blocks.indices.contains { (i) in
        blocks[..<i].contains { blocks[i].size > 0 && $0.size > 0 && $0.overlaps(blocks[i]) }
      }
    }

    var plan: Plan {
      var totals = PlanTotals()
      totals.arenaBytes = 8196
      return .init(
        header: .init(source: "a.cgm", model: "A", policy: "none()"), totals: totals,
        training: .init(length: .init(1, .steps), seed: 0), data: [], storage: [], programs: [sketch.program])
    }

  }

  @Test func `finds an overlap iff comparing all pairs finds one`() {
    var found = 0
    for seed in 0..<400 as Range<UInt64> {
      let layout = Layout(seed: seed)
      let violation = #expect(throws: PlanViolation.self) { try layout.plan.verify() }
      let message = violation?.description ?? ""
      // A layout without overlaps is refused for its other totals, which nobody worked out.
      #expect(message.contains("overlaps") == layout.overlaps, "seed \(seed): \(message)")
      #expect(message.contains("overlaps") || message == "header: peak_bytes is 0, but the instructions give 8196")
      found += layout.overlaps ? 1 : 0
    }
    #expect((1..<400).contains(found), "both outcomes must be met")
  }

  @Test(arguments: [1, 63, 64, 65, 4095, 4097])
  func `finds a neighbour at any distance`(_ count: Int) {
    var sketch = ProgramSketch("train", [])
    sketch.compute("one", .elementwise(.constant(1)), [], [], at: 0)
    for i in 0..<count where i != count / 2 {
      sketch.compute("v\(i)", .elementwise(.constant(1)), [], [], at: 64 * (i + 1))
    }
    sketch.compute("late", .reduction(.broadcast(extents: [17], inserted: [])), ["one"], [17], at: 64 * (count / 2 + 1))
    sketch.loss("one")
    var plan = Layout(seed: 0).plan
    plan.totals.arenaBytes = 1 << 30
    plan.programs = [sketch.program]
    let message = #expect(throws: PlanViolation.self) { try plan.verify() }?.description ?? ""
    let next = count / 2 + 1 < count ? count / 2 + 1 : nil
    #expect(
      message.contains("late at \(64 * (count / 2 + 1)) + 68 overlaps v\(next ?? -1) at") == (next != nil), "\(message)"
    )
  }

}
