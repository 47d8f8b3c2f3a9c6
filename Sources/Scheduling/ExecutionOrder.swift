package import IR
import Operations

extension StepAnalysis {

  /// Returns the instructions in the order in which they are executed if the forward values for which `saved` is true are
  /// kept until backward and the others recomputed there, just before their first use, at most once each.
  ///
  /// The results of one instruction are made together, so all are saved iff the first one is. Updates are left out.
  ///
  /// - Requires: `saved` has an element for each value.
  /// - Complexity: O(*n* log *n*) where *n* is the number of operands.
  package func executionOrder(saving saved: [Bool]) -> [InstructionID] {
    var order: [InstructionID] = []
    order.reserveCapacity(function.instructions.count)
    for id in function.instructionIDs.prefix(forwardCount) where function[id].operation.effect != .update {
      order.append(id)
    }
    var isMissing = missing(saving: saved)
    for id in function.instructionIDs.dropFirst(forwardCount) where function[id].operation.effect != .update {
      let needed = recomputations(for: id, isMissing)
      for d in needed { for r in function[d].results { isMissing[r.index] = false } }
      order += needed
      order.append(id)
    }
    return order
  }

  /// Returns for each value whether it is gone when the backward part begins.
  private func missing(saving saved: [Bool]) -> [Bool] {
    var isMissing = [Bool](repeating: false, count: saved.count)
    for i in forward {
      guard let first = i.results.first, !saved[first.index] else { continue }
      for r in i.results where !isResult[r.index] { isMissing[r.index] = true }
    }
    return isMissing
  }

  /// Returns what has to be executed again so that the operands of `id` are there, ascending.
  private func recomputations(for id: InstructionID, _ isMissing: [Bool]) -> [InstructionID] {
    guard function[id].operands.contains(where: { isMissing[$0.index] }) else { return [] }
    var needed: Set<InstructionID> = []
    var pending = function[id].operands
    while let v = pending.popLast() {
      guard isMissing[v.index], let d = definition(of: v), needed.insert(d).inserted else { continue }
      pending += function[d].operands
    }
    return needed.sorted()
  }

}
