import Planning
import TestSupport
import Testing

@Suite struct CapacityTests {

  /// Returns a random problem of up to 6 buffers of up to 12 bytes.
  private static func small(_ random: inout SplitMix) -> PlanningProblem {
    let buffers = (0..<Int.random(in: 1...6, using: &random)).map { (_) in
      let birth = Int.random(in: 0..<6, using: &random)
      let death = Int.random(in: (birth + 1)...6, using: &random)
      return PlannedBuffer(size: Int.random(in: 0...12, using: &random), birth: birth, death: death)
    }
    return .init(buffers: buffers, alignment: [1, 1, 4][Int.random(in: 0..<3, using: &random)])
  }

  /// Returns a random problem of 40 buffers of up to 50 bytes.
  private static func large(_ random: inout SplitMix) -> PlanningProblem {
    let buffers = (0..<40).map { (_) in
      let birth = Int.random(in: 0..<25, using: &random)
      let death = Int.random(in: (birth + 1)...min(25, birth + 8), using: &random)
      return PlannedBuffer(size: Int.random(in: 1...50, using: &random), birth: birth, death: death)
    }
    return .init(buffers: buffers, alignment: 1)
  }

  @Test func `a capacity is enough if and only if some layout has no more bytes`() throws {
    var random = SplitMix(seed: 11)
    var gaps = 0
    for _ in 0..<300 {
      let p = Self.small(&random)
      let least = leastBytes(of: p)
      if least > p.liveBytesBound { gaps += 1 }
      var search = CapacitySearch(p, nodes: 100_000)
      guard case .layout(let l) = search.fit(within: least) else {
        Issue.record("nothing fits \(least): \(p)")
        continue
      }
      #expect(flaw(in: l, of: p) == nil)
      #expect(l.size == least)
      #expect(search.bound <= least)
      #expect(search.fit(within: least - 1) == .none)
    }
    #expect(gaps > 20, "\(gaps) problems need more than is live")
  }

  @Test func `the smallest layout is found, and known to be the smallest`() {
    var random = SplitMix(seed: 12)
    for _ in 0..<100 {
      let p = Self.small(&random)
      let packing = p.packed(within: nil, nodes: 1_000_000)
      #expect(flaw(in: packing.layout, of: p) == nil)
      #expect(packing.layout.size == leastBytes(of: p))
      #expect(packing.bound == packing.layout.size && packing.isProved)
    }
  }

  @Test func `the search fits what greedy methods do not`() {
    var random = SplitMix(seed: 13)
    var (missed, found) = (0, 0)
    for _ in 0..<40 {
      let p = Self.large(&random)
      let greedy = Method.allCases.filter { $0 != .layout }.map { $0.layout(of: p).size }.min() ?? 0
      if greedy == p.liveBytesBound { continue }
      missed += 1
      var search = CapacitySearch(p, nodes: 100_000)
      guard case .layout(let l) = search.fit(within: p.liveBytesBound) else { continue }
      found += 1
      #expect(flaw(in: l, of: p) == nil)
      #expect(l.size == p.liveBytesBound)
    }
    #expect(missed > 10)
    #expect(found * 4 > missed * 3, "\(found) of \(missed)")
  }

  @Test func `what is live at once needs no search to be too much`() {
    // 64 + 64 > 127
    let p = PlanningProblem(buffers: [.init(size: 64, birth: 0, death: 2), .init(size: 64, birth: 1, death: 3)])
    var search = CapacitySearch(p, nodes: 0)
    #expect(search.fit(within: 127) == .none)
    #expect(search.fit(within: 128) == .unknown)
  }

  @Test func `rounding up counts, but not of the last buffer`() {
    // 60 → 64, + 60 = 124, though 120 bytes are live
    let p = PlanningProblem(buffers: [.init(size: 60, birth: 0, death: 1), .init(size: 60, birth: 0, death: 1)])
    var search = CapacitySearch(p, nodes: 100)
    #expect(p.liveBytesBound == 120)
    #expect(search.bound == 124)
    #expect(search.fit(within: 123) == .none)
    #expect(search.fit(within: 124) == .layout(.init(offsets: [0, 64], of: p)))
  }

  @Test func `the same work gives the same layout, and less work may give none`() {
    var random = SplitMix(seed: 14)
    var unknown = 0
    for _ in 0..<20 {
      let p = Self.large(&random)
      var (a, b, c) = (
        CapacitySearch(p, nodes: 20_000), CapacitySearch(p, nodes: 20_000), CapacitySearch(p, nodes: 10)
      )
      #expect(a.fit(within: p.liveBytesBound) == b.fit(within: p.liveBytesBound))
      #expect(a.nodes == b.nodes && a.nodes >= 0)
      if c.fit(within: p.liveBytesBound) == .unknown { unknown += 1 }
      #expect(c.nodes == 0)
    }
    #expect(unknown == 20)  // 40 buffers are not placed with 10 placements
  }

  @Test func `a search that is over ends with what greedy methods found`() {
    var random = SplitMix(seed: 15)
    for _ in 0..<10 {
      let p = Self.large(&random)
      let packing = p.packed(within: p.liveBytesBound - 1, nodes: .max, isOver: { true })
      #expect(!packing.fits && packing.isProved)
      #expect(packing.layout.size >= packing.bound)
      #expect(flaw(in: packing.layout, of: p) == nil)
    }
  }

}
