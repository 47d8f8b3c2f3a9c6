import Scheduling
import TestSupport
import Testing

/// Reversals of chains of unequal stages, against a search that knows nothing of how they are put together.
@Suite struct StageChainTests {

  /// Returns a random chain of up to `most` stages, and a memory that may be too small for it.
  private static func random(most: Int, _ random: inout SplitMix) -> (chain: StageChain, memory: Int) {
    let n = Int.random(in: 1...most, using: &random)
    let states = (0...n).map { (_) in Int.random(in: 1...4, using: &random) }
    let stages = (0..<n).map { (i) in
      StageChain.Stage(
        forwardCost: Int.random(in: 1...5, using: &random),
        record: states[i + 1] + Int.random(in: 0...4, using: &random),
        forwardWorkspace: Int.random(in: 0...2, using: &random),
        backwardWorkspace: Int.random(in: 0...2, using: &random))
    }
    let gradients = (0...n).map { (_) in Int.random(in: 0...4, using: &random) }
    return (.init(stages: stages, states: states, gradients: gradients), Int.random(in: 8...30, using: &random))
  }

  private static func compare(chains: Int, most: Int, seed: UInt64) -> (infeasible: Int, recomputing: Int) {
    var random = SplitMix(seed: seed)
    var (infeasible, recomputing) = (0, 0)
    for _ in 0..<chains {
      let (chain, memory) = Self.random(most: most, &random)
      let cost = StageChainTable(chain, memory: memory).cost(memory: memory)
      #expect(cost == StageChainBruteForce(chain: chain, memory: memory).leastCost())
      if cost == nil { infeasible += 1 }
      if let cost, cost > chain.stages.reduce(0, { $0 + $1.forwardCost }) { recomputing += 1 }
    }
    return (infeasible, recomputing)
  }

  @Test func `the cheapest cost of a thousand short chains is that of a search`() {
    let counts = Self.compare(chains: 1000, most: 5, seed: 1)
    #expect(counts.infeasible > 50)
    #expect(counts.recomputing > 50)
  }

  @Test func `and that of chains of up to nine stages`() {
    #expect(Self.compare(chains: 25, most: 9, seed: 2).recomputing > 3)
  }

  @Test func `more memory never costs more, and enough costs one run of each`() throws {
    var random = SplitMix(seed: 3)
    for _ in 0..<50 {
      let chain = Self.random(most: 9, &random).chain
      let table = StageChainTable(chain, memory: 120)
      var last = Int.max
      for m in try #require(table.leastMemory)...120 {
        let cost = try #require(table.cost(memory: m))
        #expect(cost <= last)
        last = cost
      }
      #expect(last == chain.stages.reduce(0) { $0 + $1.forwardCost })
      #expect(table.actions(memory: 120)?.contains { if case .keep = $0 { true } else { false } } == false)
    }
  }

}
