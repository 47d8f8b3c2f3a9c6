package import Operations
package import PlanFormat

/// What has to be executed so that a value is there again at some instruction.
package struct Recomputation: Hashable, Sendable {

  /// The number of operations.
  package let count: Int

  package let flops: Int

  package init(count: Int, flops: Int) {
    self.count = count
    self.flops = flops
  }

}

extension ProgramReview {

  /// The most operations of a chain that is followed.
  private static let chainLimit = 64

  /// Returns what has to be executed to have the version `v` again for the instruction at `position`, from what is live
  /// there; `nil` if that is more than 64 operations, or one of them cannot be repeated or reads what an update has changed.
  package func recomputation(of v: PlanValueIndex, at position: Int) -> Recomputation? {
    var (pending, seen) = ([v], Set([versions[v].birth]))
    var (count, flops) = (0, 0)
    while let next = pending.popLast() {
      let birth = versions[next].birth
      if birth < 0 || count == Self.chainLimit { return nil }
      let i = program.instructions[birth]
      guard let operation = i.action.operation, operation.isRecomputable else { return nil }
      count += 1
      flops = flops.addedSaturating(to: self.flops(at: birth))
      for o in i.operands where !isReadable(o, at: position) && seen.insert(versions[o].birth).inserted {
        pending.append(o)
      }
    }
    return .init(count: count, flops: flops)
  }

  /// `true` iff some version of the value of `v` is there at `position`.
  private func isReadable(_ v: PlanValueIndex, at position: Int) -> Bool {
    value(of: v).versions.contains { (w) in
      let isThere = versions[w].birth < position && position <= versions[w].release
      return isThere && versions[w].update.map { $0 >= position } ?? true
    }
  }

}

extension PlanInstruction.Action {

  /// What is executed; `nil` for deletions and copies.
  package var operation: Operation? {
    switch self {
    case .compute(let o), .recompute(let o), .update(let o): o
    case .delete, .offload, .fetch: nil
    }
  }

}
