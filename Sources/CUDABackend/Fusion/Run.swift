/// Elementwise steps over the same elements that become one launch.
package struct Run: Sendable {

  /// A step and what becomes of its result.
  package struct Member: Sendable {

    package let step: ElementwiseStep

    /// Where the operands come from.
    package let sources: [RunMemory.Source]

    /// `true` iff the result is written to memory: neither does a later step of the run overwrite it, nor does it die
    /// before anything outside of the run reads it.
    package fileprivate(set) var isWritten = true

  }

  package private(set) var members: [Member] = []

  package private(set) var memory: RunMemory

  /// Creates a run of `step`; `nil` if the step would overwrite what other threads read.
  package init?(_ step: ElementwiseStep) {
    memory = .init(count: step.count)
    guard append(step) else { return nil }
  }

  /// The number of elements of every step.
  package var count: Int { memory.count }

  /// Adds `step` if it may follow in the same launch and the launch has place for it; `false` iff it does not.
  package mutating func append(_ step: ElementwiseStep) -> Bool {
    guard let sources = memory.sources(of: step) else { return false }
    var longer = self
    longer.members.append(.init(step: step, sources: sources))
    if let overwritten = longer.memory.note(step, sources, at: members.count) {
      longer.members[overwritten].isWritten = false
    }
    if !RunProgram(longer).fits { return false }
    self = longer
    return true
  }

  /// Has the result that lies in `range` not be written.
  ///
  /// - Requires: nothing outside of the run reads these bytes before something writes them.
  package mutating func release(_ range: MemoryRange) {
    if let position = memory.release(range) { members[position].isWritten = false }
  }

}
