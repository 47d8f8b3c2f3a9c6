import IR
import Operations

/// The executions that carry out the actions on a chain, one after the other.
///
/// The forward part is executed once as it stands; what is kept and recorded before the first gradient is kept of it.
/// From there on a state or record that is asked for is recomputed from what is there, and what a gradient reads and
/// nothing keeps is recomputed right before it.
struct ChainExecution {

  private let chain: ForwardChain

  private let records: [[InstructionID]]

  private var order: [InstructionID] = []

  /// For each instruction of the forward part, how many states and records keep it.
  private var holders: [Int]

  /// What was recomputed for the gradients of the stage being reversed, and is kept until that is done.
  private var passing: [InstructionID] = []

  /// `true` for the elements of `passing`.
  private var isPassing: [Bool]

  /// The states and stages that are held.
  private var isHeld: (states: [Bool], stages: [Bool])

  /// `true` iff the forward part is done.
  private var isBackward = false

  /// The next instruction of the backward part.
  private var next: Int

  private var function: Function { chain.problem.analysis.function }

  /// Returns the executions of the step that does `actions`, without updates.
  ///
  /// - Complexity: O(*e*·log *e*) where *e* is the number of operands of what is executed.
  static func order(_ actions: [ChainAction], of chain: ForwardChain) -> [InstructionID] {
    var execution = ChainExecution(chain)
    for a in actions { execution.carryOut(a) }
    execution.finish()
    return execution.order
  }

  private init(_ chain: ForwardChain) {
    self.chain = chain
    records = (0..<chain.count).map { chain.kept(ofStage: $0) }
    holders = chain.isAlwaysThere.map { $0 ? 1 : 0 }
    isPassing = .init(repeating: false, count: holders.count)
    isHeld = (.init(repeating: false, count: chain.states.count), .init(repeating: false, count: chain.count))
    next = chain.problem.analysis.forwardCount
    for i in 0..<next { append(.init(i)) }
  }

  private mutating func append(_ id: InstructionID) {
    if function[id].operation.effect != .update { order.append(id) }
  }

  private mutating func carryOut(_ action: ChainAction) {
    switch action {
    case .keep(let k):
      make(chain.states[k])
      holdState(k, true)
    case .release(let k): holdState(k, false)
    case .record(let s, let isLast):
      // the gradients of the stage come next and recompute what they need, each just in time
      if isLast && isBackward { return }
      make(records[s])
      holdStage(s, true)
    case .reverse(let s):
      isBackward = true
      reverse(s)
      holdStage(s, false)
    }
  }

  private mutating func holdState(_ k: Int, _ isHolding: Bool) {
    if isHeld.states[k] != isHolding { hold(chain.states[k], isHolding) }
    isHeld.states[k] = isHolding
  }

  private mutating func holdStage(_ s: Int, _ isHolding: Bool) {
    if isHeld.stages[s] != isHolding { hold(records[s], isHolding) }
    isHeld.stages[s] = isHolding
  }

  private mutating func hold(_ instructions: [InstructionID], _ isHolding: Bool) {
    for i in instructions where demand(i) != .recompute { holders[i.index] += isHolding ? 1 : -1 }
  }

  private func demand(_ i: InstructionID) -> Obligations.Demand {
    function[i].results.first.map { chain.problem.obligations.demands[$0.index] } ?? .none
  }

  private func isThere(_ i: InstructionID) -> Bool {
    i.index >= holders.count || holders[i.index] > 0 || isPassing[i.index]
  }

  /// Recomputes what of `wanted` is not there, and what that needs; returns what was executed.
  @discardableResult
  private mutating func make(_ wanted: [InstructionID]) -> [InstructionID] {
    if !isBackward { return [] }
    var needed: Set<InstructionID> = []
    var pending = wanted
    while let i = pending.popLast() {
      if isThere(i) || !needed.insert(i).inserted { continue }
      for o in function[i].operands { if let d = chain.problem.analysis.definition(of: o) { pending.append(d) } }
    }
    let executed = needed.sorted()
    order += executed
    return executed
  }

  /// Executes the gradients from the next one on, up to the first that reads what only a lower stage has.
  private mutating func reverse(_ s: Int) {
    while next < function.instructions.count, belongs(next, to: s) {
      compute(next)
      next += 1
    }
    for i in passing { isPassing[i.index] = false }
    passing = []
  }

  /// `true` iff instruction `t` of the backward part reads nothing of the forward part that is not there, or something of
  /// stage `s` or above.
  private func belongs(_ t: Int, to s: Int) -> Bool {
    let read = function.instructions[t].operands.compactMap(chain.problem.analysis.definition)
    return read.allSatisfy(isThere)
      || read.contains { $0.index < holders.count && !chain.isAlwaysThere[$0.index] && chain.stageOf[$0.index] >= s }
  }

  private mutating func compute(_ t: Int) {
    let i = function.instructions[t]
    if i.operation.effect == .update { return }
    let made = make(i.operands.compactMap(chain.problem.analysis.definition))
    for m in made { isPassing[m.index] = true }
    passing += made
    order.append(.init(t))
  }

  /// Executes what is left of the backward part.
  private mutating func finish() {
    isBackward = true
    while next < function.instructions.count {
      compute(next)
      next += 1
    }
  }

}
