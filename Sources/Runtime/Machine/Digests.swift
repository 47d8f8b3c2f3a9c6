import CKernels
import Operations
import PlanFormat
import Support

/// Gathers the digests of the gradients of one step, in an order that does not depend on the schedule.
package struct GradientDigest {

  private var digests: [UInt64?]

  private let plan: VerifiedPlan

  package init(_ plan: VerifiedPlan) {
    self.plan = plan
    self.digests = .init(repeating: nil, count: plan.plan.storage.count)
  }

  /// Takes the gradient of an update; what is assigned to a state is none.
  package mutating func add(_ observation: UpdateObservation) {
    let storage = plan.plan.storage[observation.parameter].storage
    guard storage.kind == .parameter else { return }
    let name = storage.name
    digests[observation.parameter] = observation.gradient.digest(from: StableHash.fnv1a(name))
  }

  /// The digest over all gradients in the order of storage, in hexadecimal; `nil` if there were none.
  package var value: String? {
    let all = digests.compactMap { $0 }
    return all.isEmpty ? nil : combined(all)
  }

}

extension Machine {

  /// The digest over the names and values of all parameters in the order of storage, frozen ones too, in hexadecimal.
  package var parametersDigest: String {
    combined(
      verified.parameters.map { (i) in
        backend.read(storage[i]) { (b) in
          b.digest(from: StableHash.fnv1a(verified.plan.storage[i].storage.name))
        }
      })
  }

}

/// Returns the digest of `digests` as 16 hexadecimal digits.
private func combined(_ digests: [UInt64]) -> String {
  let value = digests.map(\.littleEndian).withUnsafeBytes { (b) in
    b.isEmpty ? 0 : cgad_digest(0, b.baseAddress!, b.count)
  }
  let digits = String(value, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}
