import IR
import Operations
import Rematerialization

/// A training step as the solver sees it: its instructions without the updates, and the values in the arena.
struct StepProblem: Sendable {

  private(set) var problem: RematerializationProblem

  /// Scores sequences of the `problem`.
  let evaluator: SequenceEvaluator

  /// The instruction of each operation.
  private var instructions: [InstructionID] = []

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
    for id in function.instructionIDs {
      let i = function[id]
      let read = Set(i.operands).sorted()
      let operands = read.compactMap { values[$0.index] >= 0 ? values[$0.index] : nil }
      let stored = read.compactMap { storage[$0.index] >= 0 ? storage[$0.index] : nil }
      let isApplied = function.applyStart.map { $0 <= id } ?? false
      let o = problem.operations.count
      if isApplied, problem.applyStart == nil { problem.applyStart = o }
      if i.operation.effect == .update {
        let written = i.operands.prefix(i.operation.writtenCount).map { storage[$0.index] }
        problem.updates.append(.init(storage: written, operands: operands, isApplied: isApplied))
        continue
      }
      operations[id.index] = o
      instructions.append(id)
      if id.index >= analysis.forwardCount, problem.backwardStart == nil { problem.backwardStart = o }
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
          overwritable: analysis.overwritable[id.index].map { values[$0.index] },
          reads: stored, isRecomputable: isFree && !isHeld, isHeld: isHeld))
    }
    self.problem = problem
    evaluator = .init(problem)
  }

  /// Returns the instructions in order of execution, updates left out.
  func order(with insertions: [Insertion]) -> [InstructionID] {
    problem.executions(with: insertions).map { instructions[$0] }
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
