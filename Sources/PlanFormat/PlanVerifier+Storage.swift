import Operations
import Support

extension Plan {

  /// Throws unless all storage is well declared and at a place of its own; returns the bytes it takes.
  func verifyStorage() throws(PlanViolation) -> Int {
    var names: Set<String> = []
    for s in storage {
      if !names.insert(s.storage.name).inserted { throw .init(.header, .storageTwice(s.storage.name)) }
      try verifyInitializer(s.storage)
      try verifyPlace(s)
    }
    try verifyApart()
    return storage.map(\.end).max() ?? 0
  }

  private func verifyInitializer(_ s: Storage) throws(PlanViolation) {
    if (s.initializer == nil) != (s.kind == .input) { throw .init(.header, .initializerMisplaced(s)) }
    if let i = s.initializer, !i.isInRange { throw .init(.header, .badInitializer(s.name, i)) }
  }

  private func verifyPlace(_ s: PlacedStorage) throws(PlanViolation) {
    let (name, size) = (s.storage.name, s.storage.type.size.value)
    if s.offset % alignment != 0 { throw .init(.header, .storageMisaligned(name, s.offset, alignment)) }
    let limit = totals.persistentBytes
    if s.offset < 0 || size > limit || s.offset > limit - size {
      throw .init(.header, .storageOutside(name, s.offset, size, limit))
    }
  }

  /// Throws if two storages overlap: in order of offset, none may start before all that come before it have ended.
  private func verifyApart() throws(PlanViolation) {
    let sorted = storage.indices.filter { storage[$0].storage.type.size.value > 0 }
      .sorted { (storage[$0].offset, $0) < (storage[$1].offset, $1) }
    for (a, b) in zip(sorted, sorted.dropFirst()) where storage[b].offset < storage[a].end {
      let (before, after) = (storage[a], storage[b])
      throw .init(.header, .storageOverlap(before.storage.name, after.storage.name, before.end, after.offset))
    }
  }

}

extension PlacedStorage {

  /// One past the last byte.
  ///
  /// - Requires: the place has been verified.
  fileprivate var end: Int { offset + storage.type.size.value }

}
