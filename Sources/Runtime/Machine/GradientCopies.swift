import PlanFormat

/// Copies of the gradients of one step, and how often each parameter was updated.
package final class GradientCopies {

  /// For each storage of the plan the copy of its gradient, `nil` if it was never updated.
  package private(set) var buffers: [Buffer?]

  /// For each storage of the plan the number of updates.
  package private(set) var updateCounts: [Int]

  package init(_ plan: VerifiedPlan) {
    buffers = .init(repeating: nil, count: plan.plan.storage.count)
    updateCounts = .init(repeating: 0, count: plan.plan.storage.count)
  }

  deinit { for b in buffers { b?.address.deallocate() } }

  /// Copies the gradient of an update, or the new content of a state.
  package func add(_ observation: UpdateObservation) {
    let i = observation.parameter
    updateCounts[i] += 1
    let copy = buffers[i] ?? Self.allocated(like: observation.gradient)
    copy.copy(from: observation.gradient)
    buffers[i] = copy
  }

  private static func allocated(like buffer: Buffer) -> Buffer {
    let address = UnsafeMutableRawPointer.allocate(byteCount: max(1, buffer.byteCount), alignment: Arena.alignment)
    return .init(address: address, type: buffer.type)
  }

}
