package import Operations
import PlanFormat

/// The bytes of some storage at one time.
package struct StorageSnapshot: Hashable, Sendable {

  /// For each storage of the plan its bytes, `nil` if it is not kept.
  fileprivate let bytes: [[UInt8]?]

}

extension Machine {

  /// Returns the present bytes of all storage but inputs.
  package func snapshot() -> StorageSnapshot { snapshot { $0 != .input } }

  /// Returns the present bytes of the storage of `kind`.
  package func snapshot(of kind: Storage.Kind) -> StorageSnapshot { snapshot { $0 == kind } }

  private func snapshot(_ isKept: (Storage.Kind) -> Bool) -> StorageSnapshot {
    .init(
      bytes: zip(verified.plan.storage, storage).map { (placed, buffer) in
        isKept(placed.storage.kind) ? backend.read(buffer) { Array($0.bytes) } : nil
      })
  }

  /// Sets the storage that `snapshot` keeps to its bytes.
  ///
  /// - Requires: `snapshot` was taken from a machine of the same plan.
  package func restore(_ snapshot: StorageSnapshot) {
    for (bytes, buffer) in zip(snapshot.bytes, storage) {
      if let bytes { backend.write(buffer) { $0.bytes.copyBytes(from: bytes) } }
    }
  }

}
