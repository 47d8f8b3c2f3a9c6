import IR
import Operations

/// The bytes and costs of the stages of a forward part.
struct ChainSizes {

  private let chain: ForwardChain

  /// About how many units all that a chain may take has.
  private static let units = 500

  init(_ chain: ForwardChain) { self.chain = chain }

  /// Returns the chain in units of memory, rounded up, and the memory in which every stage is recorded.
  ///
  /// - Complexity: O(*n*) where *n* is the number of operands.
  func quantised() -> (chain: StageChain, memory: Int) {
    var sizes = inBytes()
    let unit = max(1, (Self.recordingAll(sizes) + Self.units - 1) / Self.units)
    func rounded(_ bytes: Int) -> Int { (bytes + unit - 1) / unit }
    sizes.states = sizes.states.map(rounded)
    sizes.gradients = sizes.gradients.map(rounded)
    for s in sizes.stages.indices {
      sizes.stages[s].record = rounded(sizes.stages[s].record)
      sizes.stages[s].forwardWorkspace = rounded(sizes.stages[s].forwardWorkspace)
      sizes.stages[s].backwardWorkspace = rounded(sizes.stages[s].backwardWorkspace)
    }
    return (sizes, Self.recordingAll(sizes))
  }

  /// Returns the most memory that recording every stage of `c` takes at any point.
  private static func recordingAll(_ c: StageChain) -> Int {
    let records = c.stages.reduce(0) { $0 + $1.record }
    let most = c.stages.indices.reduce(0) { (m, s) in
      let stage = c.stages[s]
      return max(m, c.gradients[s] + c.gradients[s + 1] + max(stage.forwardWorkspace, stage.backwardWorkspace))
    }
    return records + most + (c.gradients.last ?? 0)
  }

  private func inBytes() -> StageChain {
    let states = chain.states.map { chain.bytes($0) }
    let forward = forwardWorkspaces(states)
    let backward = backwardWorkspaces(states)
    let f = chain.problem.analysis.function
    let stages = (0..<chain.count).map { (s) in
      let cost = (chain.starts[s]..<chain.starts[s + 1]).reduce(0) {
        $0.addedSaturating(to: chain.problem.cost.cost(of: .init($1), in: f))
      }
      return StageChain.Stage(
        // costs are added up over and over, and stay far below what an Int holds
        forwardCost: min(cost, 1 << 48), record: chain.bytes(chain.kept(ofStage: s)), forwardWorkspace: forward[s],
        backwardWorkspace: backward[s])
    }
    return .init(stages: stages, states: states, gradients: states)
  }

  /// Returns for each stage the most bytes that cross any of its instructions, with its results and its workspace,
  /// beside its two states.
  private func forwardWorkspaces(_ states: [Int]) -> [Int] {
    (0..<chain.count).map { (s) in
      let most = (chain.starts[s]..<chain.starts[s + 1]).reduce(0) { (m, t) in
        let results = chain.isAlwaysThere[t] ? 0 : chain.problem.arenaBytes(of: .init(t))
        let work = chain.problem.analysis.workspaces[t]
        return max(m, (t == 0 ? 0 : chain.crossing[t - 1]) + results + work)
      }
      return max(0, most - states[s] - states[s + 1])
    }
  }

  /// Returns for each stage the most bytes of gradients at any of its instructions of the backward part, beside those of
  /// its two states.
  private func backwardWorkspaces(_ states: [Int]) -> [Int] {
    var most = [Int](repeating: 0, count: chain.count)
    var s = chain.count - 1
    for (t, bytes) in gradientBytes() {
      s = min(s, stage(of: t) ?? s)
      most[s] = max(most[s], bytes)
    }
    return most.indices.map { max(0, most[$0] - states[$0] - states[$0 + 1]) }
  }

  /// Returns the highest stage that instruction `t` of the backward part reads something of.
  private func stage(of t: Int) -> Int? {
    let analysis = chain.problem.analysis
    return analysis.function.instructions[t].operands.compactMap { (o) -> Int? in
      guard analysis.isForward[o.index], let d = analysis.definition(of: o), !chain.isAlwaysThere[d.index] else {
        return nil
      }
      return chain.stageOf[d.index]
    }.max()
  }

  /// Returns the instructions of the backward part, updates left out, with the live bytes of what it makes at each.
  private func gradientBytes() -> [(instruction: Int, bytes: Int)] {
    let analysis = chain.problem.analysis
    let f = analysis.function
    var last = [Int](repeating: -1, count: f.values.count)
    let backward = (analysis.forwardCount..<f.instructions.count).filter {
      f.instructions[$0].operation.effect != .update
    }
    for t in backward { for v in f.instructions[t].operands + f.instructions[t].results { last[v.index] = t } }
    var live = 0
    return backward.map { (t) in
      let i = f.instructions[t]
      for r in i.results { live += analysis.arenaBytes(of: r) }
      let here = live + analysis.workspaces[t]
      for v in Set(i.operands + i.results) where last[v.index] == t && !analysis.isForward[v.index] {
        live -= analysis.arenaBytes(of: v)
      }
      return (t, here)
    }
  }

}
