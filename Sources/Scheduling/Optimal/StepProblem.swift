import IR
import Operations
import Rematerialization

/// A training step as the solver sees it: its instructions without the updates, and the values in the arena.
///
/// A value that a rule offloads is two values: one that ends in the forward part, and one that the backward part reads, made
/// from nothing and for nothing right before that, as its fetch makes it.
struct StepProblem: Sendable {

  private(set) var problem: RematerializationProblem

  /// Scores sequences of the `problem`.
  private(set) var evaluator: SequenceEvaluator

  /// The instruction of each operation, `nil` for the fetch of what a rule offloads.
  private var instructions: [InstructionID?] = []

  /// The values that may be fetched, by the position of their fetches.
  private var fetched: [ValueID] = []

  /// The operation of each instruction, -1 for updates.
  private var operations: [Int]

  /// Creates the view of a step whose instruction *i* costs `costs[i]`.
  init(_ analysis: StepAnalysis, _ obligations: Obligations, costs: [Int]) {
    let function = analysis.function
    operations = .init(repeating: -1, count: function.instructions.count)
    var problem = RematerializationProblem(operations: [], values: [])
    var values = [Int](repeating: -1, count: function.values.count)  // in the solver's numbering
    var storage = values
    for (v, value) in function.values.enumerated() {
      guard case .storage = value.origin else { continue }
      storage[v] = problem.storageCount
      problem.storageCount += 1
    }
    var isAway = analysis.offloaded(obligations)
    let copied = isAway
    for id in function.instructionIDs {
      let i = function[id]
      let read = Set(i.operands).sorted()
      let first = problem.operations.count
      if id.index >= analysis.forwardCount {
        for o in read where isAway[o.index] {
          isAway[o.index] = false
          values[o.index] = problem.appendFetch(ofBytes: analysis.arenaBytes(of: o))
          instructions.append(nil)
        }
      }
      let operands = read.compactMap { values[$0.index] >= 0 ? values[$0.index] : nil }
      let stored = read.compactMap { storage[$0.index] >= 0 ? storage[$0.index] : nil }
      let isApplied = function.applyStart.map { $0 <= id } ?? false
      let o = problem.operations.count
      if isApplied, problem.applyStart == nil { problem.applyStart = first }
      if i.operation.effect == .update {
        let written = i.operands.prefix(i.operation.writtenCount).map { storage[$0.index] }
        problem.updates.append(.init(storage: written, operands: operands, isApplied: isApplied))
        continue
      }
      operations[id.index] = o
      instructions.append(id)
      if id.index >= analysis.forwardCount, problem.backwardStart == nil { problem.backwardStart = first }
      for r in i.results {
        values[r.index] = problem.values.count
        let isTransient = obligations.demands[r.index] == .recompute
        problem.values.append(
          .init(
            bytes: analysis.arenaBytes(of: r), definition: o, isKept: analysis.isResult[r.index],
            isTransient: isTransient))
      }
      let isFree = !isApplied && i.results.allSatisfy { !analysis.isResult[$0.index] }
      let isHeld = isFree && i.results.contains { obligations.demands[$0.index] == .save }
      problem.operations.append(
        .init(
          cost: costs[id.index], workspace: analysis.workspaces[id.index], operands: operands,
          results: i.results.map { values[$0.index] },
          overwritable: analysis.overwritable[id.index].filter { !copied[$0.index] || !isAway[$0.index] }
            .map { values[$0.index] },
          reads: stored, isRecomputable: isFree && !isHeld, isHeld: isHeld))
    }
    self.problem = problem
    evaluator = .init(problem)
  }

  /// Returns what is executed, in order, updates left out.
  func order(with insertions: [Insertion]) -> [Execution] {
    problem.executions(with: insertions).compactMap { (o) in
      o < 0 ? .fetch(fetched[-1 - o]) : instructions[o].map(Execution.instruction)
    }
  }

  /// Returns the recomputations among the executions of `order`, ascending.
  func insertions(of order: [InstructionID]) -> [Insertion] { insertions(of: order.map(Execution.instruction)) }

  private func insertions(of order: [Execution]) -> [Insertion] {
    let fetches = [ValueID: Int](uniqueKeysWithValues: fetched.enumerated().map { ($1, -1 - $0) })
    var all: [Insertion] = []
    var position = 0
    for e in order {
      let operation: Int?
      switch e {
      case .instruction(let id):
        let o = operations[id.index]
        operation = o < position ? o : nil
        if o >= position { position = o + 1 }
      case .fetch(let v): operation = fetches[v]
      }
      guard let operation, position < problem.operations.count else { continue }
      let first = operation < 0 ? problem.backwardStart ?? position : position
      all.append(.init(position: max(position, first), operation: operation))
    }
    return Set(all).sorted()
  }

  /// Returns the recomputations and the fetches of `schedule`, ascending, without those of what rules offload.
  func insertions(of schedule: Schedule) -> [Insertion] {
    var order: [Execution] = []
    for s in schedule.steps {
      switch s.action {
      case .compute, .recompute: order.append(.instruction(s.instruction))
      case .fetch: order.append(.fetch(schedule.versions[s.results[0].index].value))
      case .update, .delete, .offload: continue
      }
    }
    return insertions(of: order)
  }

  /// The longest copy, in any unit: that of 64 GiB at 256 FLOPs a byte.
  private static let longestCopy = 1 << 44

  /// Lets the solver fetch what the forward part of `analysis` makes and nobody demands anything of, where copying a byte costs
  /// `costPerByte`; scalars and what is reported stay.
  mutating func offerFetches(_ analysis: StepAnalysis, _ obligations: Obligations, costPerByte: Double) {
    for (v, value) in problem.values.enumerated() {
      guard let id = instructions[value.definition], id.index < analysis.forwardCount else { continue }
      let i = analysis.function[id]
      let r = i.results[problem.operations[value.definition].results.firstIndex(of: v)!]
      if value.bytes <= StepAnalysis.scalarBytes || value.isKept { continue }
      if i.results.contains(where: { obligations.demands[$0.index] != .none }) { continue }
      let duration = min(Double(Self.longestCopy), (Double(value.bytes) * costPerByte).rounded(.up))
      problem.fetches.append(.init(value: v, duration: Int(duration)))
      fetched.append(r)
    }
    evaluator = .init(problem)
  }

}

extension StepAnalysis {

  /// Returns for each value whether it is on the host between its last use in the forward part and its first one behind it.
  fileprivate func offloaded(_ obligations: Obligations) -> [Bool] {
    var isAway = [Bool](repeating: false, count: function.values.count)
    for i in forward {
      guard let first = i.results.first, obligations.isOffloaded[first.index] else { continue }
      for r in i.results { isAway[r.index] = isReadInBackward[r.index] && !isResult[r.index] }
    }
    return isAway
  }

}

extension RematerializationProblem {

  /// Appends an operation that makes a value of `bytes` from nothing, and returns the value.
  fileprivate mutating func appendFetch(ofBytes bytes: Int) -> Int {
    operations.append(.init(cost: 0, operands: [], results: [values.count], isRecomputable: false))
    values.append(.init(bytes: bytes, definition: operations.count - 1))
    return values.count - 1
  }

}
