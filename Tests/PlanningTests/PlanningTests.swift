import Planning
import TestSupport
import Testing

@Suite struct LayoutTests {

  /// Returns a random problem of up to 40 buffers: some empty, some odd, some much larger than the others.
  private static func problem(_ random: inout SplitMix) -> PlanningProblem {
    let steps = Int.random(in: 1...30, using: &random)
    let buffers = (0..<Int.random(in: 0...25, using: &random)).map { (_) in
      let birth = Int.random(in: 0..<steps, using: &random)
      let death = Int.random(in: (birth + 1)...steps, using: &random)
      let sizes = [0, 1, 63, 64, 65, 1000, 4096, 100_000]
      return PlannedBuffer(size: sizes[Int.random(in: 0..<sizes.count, using: &random)], birth: birth, death: death)
    }
    return .init(buffers: buffers, alignment: 1 << Int.random(in: 0...8, using: &random))
  }

  @Test(arguments: Method.allCases)
  func `random problems get layouts without overlap, no smaller than what is live`(_ method: Method) {
    var random = SplitMix(seed: 1)
    for _ in 0..<100 {
      let p = Self.problem(&random)
      let l = method.layout(of: p)
      #expect(flaw(in: l, of: p) == nil)
      #expect(p.liveBytesBound == liveBytes(of: p))
      #expect(l.size >= p.liveBytesBound)
      #expect(l == method.layout(of: p))
    }
  }

  @Test func `the chosen layout is no larger than any that was tried`() {
    var random = SplitMix(seed: 2)
    for _ in 0..<100 {
      let p = Self.problem(&random)
      #expect(p.layout().size == Method.allCases.map { $0.layout(of: p).size }.min())
    }
  }

  @Test func `the search finds what greedy methods miss, the same each time, and stops at what is enough`() {
    var random = SplitMix(seed: 3)
    var (missed, found) = (0, 0)
    for _ in 0..<60 {
      let p = Self.problem(&random)
      let greedy = Method.allCases.filter { $0 != .layout }.map { $0.layout(of: p).size }.min() ?? 0
      #expect(p.layout(enough: greedy).size == greedy)
      let l = p.layout()
      #expect(l == p.layout())
      if greedy == p.liveBytesBound { continue }
      missed += 1
      if l.size < greedy { found += 1 }
    }
    #expect(missed > 0)
    #expect(found * 4 > missed, "\(found) of \(missed) improved")
  }

  @Test func `the checker sees overlaps, wrong sizes and bad alignment`() {
    let p = PlanningProblem(buffers: [.init(size: 64, birth: 0, death: 2), .init(size: 64, birth: 1, death: 3)])
    #expect(flaw(in: .init(offsets: [0, 64], of: p), of: p) == nil)
    #expect(flaw(in: .init(offsets: [64, 64], of: p), of: p) == "buffers 0 and 1 overlap")
    #expect(flaw(in: .init(offsets: [0, 70], of: p), of: p) == "buffer 1 lies at 70")
    #expect(flaw(in: .init(offsets: [0], of: p), of: p) == "1 offsets for 2 buffers")
  }

  @Test func `no buffers need no bytes`() {
    let p = PlanningProblem(buffers: [])
    for m in Method.allCases { #expect(m.layout(of: p).size == 0) }
    #expect(p.liveBytesBound == 0)
  }

  @Test func `empty buffers take no room and move nothing`() {
    // 0 + 100 + 0 = 100
    let p = PlanningProblem(buffers: [
      .init(size: 0, birth: 0, death: 3), .init(size: 100, birth: 0, death: 3), .init(size: 0, birth: 1, death: 2),
    ])
    for m in Method.allCases {
      #expect(m.layout(of: p).size == 100)
      #expect(m.layout(of: p).offsets[1] == 0)
    }
  }

  @Test func `offsets are aligned and the last buffer is not rounded up`() {
    // 224 + 200 align 64: 224 → 256, 256 + 200 = 456; the other way round 200 → 256, 256 + 224 = 480
    let p = PlanningProblem(buffers: [.init(size: 224, birth: 0, death: 2), .init(size: 200, birth: 1, death: 3)])
    let l = p.layout()
    #expect(l.offsets == [0, 256])
    #expect(l.size == 456)
    #expect(p.liveBytesBound == 424)
  }

  @Test func `what is dead makes room for what is born at that step`() {
    let p = PlanningProblem(buffers: [.init(size: 128, birth: 0, death: 1), .init(size: 128, birth: 1, death: 2)])
    #expect(p.layout().offsets == [0, 0])
    #expect(p.layout().size == 128)
  }

  @Test func `what is live together does not share bytes`() {
    let p = PlanningProblem(buffers: [.init(size: 128, birth: 0, death: 2), .init(size: 128, birth: 1, death: 2)])
    #expect(p.layout().size == 256)
  }

  @Test func `a hole between two long lives is filled again`() {
    // a 64 | b 64 | c 64 live at 0; b ends at 1; d 64 born at 1 takes its place: 3 · 64 = 192
    let p = PlanningProblem(buffers: [
      .init(size: 64, birth: 0, death: 4), .init(size: 64, birth: 0, death: 1), .init(size: 64, birth: 0, death: 4),
      .init(size: 64, birth: 1, death: 4),
    ])
    for m in Method.allCases { #expect(m.layout(of: p).size == 192, "\(m)") }
  }

  @Test(arguments: [1, 7, 64, 1024, 4096])
  func `a chain of equal buffers is packed without a gap`(_ size: Int) {
    // forward: buffer i lives [i, 2n − i), like activations; at most n live at once
    let n = 50
    let p = PlanningProblem(
      buffers: (0..<n).map { .init(size: size, birth: $0, death: 2 * n - $0) }, alignment: 1)
    #expect(p.liveBytesBound == n * size)
    for m in Method.allCases { #expect(m.layout(of: p).size == n * size, "\(m)") }
  }

  @Test func `a sliding window of equal buffers is packed without a gap`() {
    // buffer i lives [i, i + 3): three at once
    let p = PlanningProblem(buffers: (0..<100).map { .init(size: 4096, birth: $0, death: $0 + 3) })
    for m in Method.allCases { #expect(m.layout(of: p).size == 3 * 4096, "\(m)") }
  }

  @Test func `sizes near the limit of a type do not overflow`() {
    let large = 1 << 48
    let p = PlanningProblem(buffers: (0..<4).map { .init(size: large, birth: $0, death: 1 << 40) })
    for m in Method.allCases { #expect(m.layout(of: p).size == 4 * large, "\(m)") }
  }

  @Test func `more buffers than the quadratic layouts take are still placed`() {
    // 3,001 buffers of a window of two, above the limit of 3,000
    let p = PlanningProblem(buffers: (0..<1001).map { .init(size: 64, birth: $0, death: $0 + 2) })
    #expect(p.layout().size == 128)
    #expect(p.layout() == p.bestFitInTime())
  }

}
