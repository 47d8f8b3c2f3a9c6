/// The memory that a run of elementwise steps has read and written, and the rule by which another step may follow in the
/// same launch.
///
/// In a launch no step waits for the one before in other threads: a thread takes some elements through all steps. So two
/// accesses to one byte are in order only if the same thread makes both, that is, if both are to the element that the thread
/// computes. Elements of dense buffers of the run's size that begin at the same address are; whatever else overlaps ends a
/// run, be it by a byte.
package struct RunMemory: Sendable {

  /// Where the elements of an operand come from.
  package enum Source: Hashable, Sendable {

    /// The result of the step at this position of the run.
    case step(Int)

    /// Memory as it was before the run.
    case memory(ElementwiseStep.Operand)

  }

  /// The number of elements of every step.
  package let count: Int

  /// The step that gave the present content of each address that the run has written.
  package private(set) var writers: [UInt64: Int] = [:]

  /// What was read from memory, each once.
  package private(set) var reads: [ElementwiseStep.Operand] = []

  package init(count: Int) { self.count = count }

  /// The bytes that are read and written.
  package var footprint: Footprint { .init(reads: reads.map(\.range), writes: writers.keys.map(range)) }

  private func range(at address: UInt64) -> MemoryRange { .init(start: address, byteCount: 4 * count) }

  /// Returns where the operands of `step` come from if it may follow the steps so far; `nil` if it may not.
  ///
  /// It may if each operand either overlaps no result of the run or is one, element by element; and if its own result
  /// overlaps no other result, unless it takes the whole place of one, and nothing that the run or the step itself has read
  /// from memory, unless that was read element by element.
  ///
  /// - Complexity: O(*n*) in the number of steps.
  package func sources(of step: ElementwiseStep) -> [Source]? {
    if step.count != count { return nil }
    var sources: [Source] = []
    for o in step.operands {
      if o.layout == nil, let writer = writers[o.address] {
        sources.append(.step(writer))
      } else if writers.keys.contains(where: { range(at: $0).overlaps(o.range) }) {
        return nil
      } else {
        sources.append(.memory(o))
      }
    }
    return allowsResult(of: step) ? sources : nil
  }

  private func allowsResult(of step: ElementwiseStep) -> Bool {
    let written = step.resultRange
    let meetsResult = writers.keys.contains { $0 != step.result && range(at: $0).overlaps(written) }
    let meetsRead = (reads + step.operands).contains { (o) in
      o.range.overlaps(written) && !(o.layout == nil && o.address == step.result)
    }
    return !meetsResult && !meetsRead
  }

  /// Notes that `step`, whose operands come from `sources`, is the one at `position` of the run.
  ///
  /// - Returns: the position of the step whose result it overwrites, `nil` if there is none.
  package mutating func note(_ step: ElementwiseStep, _ sources: [Source], at position: Int) -> Int? {
    for case .memory(let o) in sources where !reads.contains(o) { reads.append(o) }
    return writers.updateValue(position, forKey: step.result)
  }

  /// Notes that nothing reads the bytes of `range` any more before something writes them.
  ///
  /// - Returns: the position of the step whose result lies there and need not be written, `nil` if there is none.
  package mutating func release(_ range: MemoryRange) -> Int? {
    guard range == self.range(at: range.start) else { return nil }
    return writers.removeValue(forKey: range.start)
  }

}
