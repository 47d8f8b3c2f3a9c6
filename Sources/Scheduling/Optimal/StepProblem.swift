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
  let evaluator: SequenceEvaluator

  /// The instruction of each operation, `nil` for a fetch.
  private var instructions: [InstructionID?] = []

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

  /// Returns the instructions in order of execution, updates left out.
  func order(with insertions: [Insertion]) -> [InstructionID] {
    problem.executions(with: insertions).compactMap { instructions[$0] }
  }

  /// Returns the recomputations among the executions of `order`, ascending.
  func insertions(of order: [InstructionID]) -> [Insertion] {
    var all: [Insertion] = []
    var position = 0
    for id in order {
      let o = operations[id.index]
      if o >= position {
        position = o + 1
      } else if position < problem.operations.count {
        all.append(.init(position: position, operation: o))
      }
    }
    return Set(all).sorted()
  }

  /// Returns the recomputations of `schedule`, ascending.
  func insertions(of schedule: Schedule) -> [Insertion] {
    insertions(of: schedule.steps.filter { $0.action == .compute || $0.action == .recompute }.map(\.instruction))
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
