/// What one execution of a program did, or those of a step together.
package struct ExecutionStatistics: Hashable, Sendable {

  /// The instructions executed for the first time in the step, updates included.
  package private(set) var computed = 0

  /// The instructions executed again.
  package private(set) var recomputed = 0

  /// The updates, which `computed` counts too.
  package private(set) var updates = 0

  /// The values deleted.
  package private(set) var deletes = 0

  /// The bytes of the values deleted.
  package private(set) var freedBytes = 0

  /// The values copied to the host, and those copied back.
  package private(set) var offloads = 0
  package private(set) var fetches = 0

  /// The bytes of both.
  package private(set) var copiedBytes = 0

  /// All instructions executed; a deletion is not executed, it is where a lifetime ends.
  package var executed: Int { computed + recomputed }

  package init() {}

  /// Adds what another execution did.
  mutating func add(_ other: ExecutionStatistics) {
    computed += other.computed
    recomputed += other.recomputed
    updates += other.updates
    deletes += other.deletes
    freedBytes += other.freedBytes
    offloads += other.offloads
    fetches += other.fetches
    copiedBytes += other.copiedBytes
  }

  mutating func count(_ step: BoundStep) {
    switch step.role {
    case .compute: computed += 1
    case .recompute: recomputed += 1
    case .update:
      computed += 1
      updates += 1
    case .delete:
      deletes += 1
      freedBytes += step.freedBytes
    case .offload(let bytes, _):
      offloads += 1
      copiedBytes += bytes
    case .fetch(let bytes):
      fetches += 1
      copiedBytes += bytes
    }
  }

}
