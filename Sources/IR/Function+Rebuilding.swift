package import Operations

extension Function {

  /// What becomes of an instruction when a function is rebuilt.
  package enum Fate: Hashable, Sendable {

    case keep

    /// Nothing uses its results.
    case drop

    /// Its results are those of this earlier, kept instruction.
    case replace(with: InstructionID)

    /// Its one result is this value.
    case alias(ValueID)

    /// Its results are computed by this operation from these operands, identities in the old function, and have the types
    /// that these give.
    case become(Operation, [ValueID])

  }

  /// Returns the function with each instruction kept, dropped or replaced, in the same order, under the same names.
  ///
  /// `fate` is asked in order of execution and gets the operands with all replacements so far applied, as identities in
  /// `self`.
  ///
  /// - Requires: no kept instruction and no result uses a dropped one; a new operation gives as many results as the old
  ///   one, of types that those who read them take.
  /// - Complexity: O(*n*) where *n* is the number of operands.
  package func rebuilt(_ fate: (InstructionID, _ operands: [ValueID]) -> Fate) -> Function {
    var replacement = values.indices.map(ValueID.init)
    var isKept = [Bool](repeating: true, count: instructions.count)
    var changed: [Int: (operation: Operation, operands: [ValueID])] = [:]
    for id in instructionIDs {
      switch fate(id, self[id].operands.map { replacement[$0.index] }) {
      case .keep: continue
      case .drop: isKept[id.index] = false
      case .become(let operation, let operands): changed[id.index] = (operation, operands)
      case .alias(let value):
        isKept[id.index] = false
        replacement[self[id].results[0].index] = replacement[value.index]
      case .replace(let first):
        isKept[id.index] = false
        for (old, new) in zip(self[id].results, self[first].results) { replacement[old.index] = replacement[new.index] }
      }
    }
    return copied(instructionIDs, keeping: isKept, replacement, changed)
  }

  /// Returns the function with its instructions in the given order, under the same names.
  ///
  /// - Requires: `order` has every instruction once, after those whose results it reads, each in its part: forward,
  ///   backward, or behind the last micro-batch.
  /// - Complexity: O(*n*) where *n* is the number of operands.
  package func permuted(_ order: [InstructionID]) -> Function {
    precondition(order.count == instructions.count, "an instruction is missing")
    return copied(
      order, keeping: .init(repeating: true, count: instructions.count), values.indices.map(ValueID.init), [:])
  }

  private func copied(
    _ order: some Collection<InstructionID>, keeping isKept: [Bool], _ replacement: [ValueID],
    _ changed: [Int: (operation: Operation, operands: [ValueID])]
  ) -> Function {
    var copy = Function(name: name)
    copy.reserveCapacity(values.count)
    copy.bindings = bindings
    var new = [ValueID?](repeating: nil, count: values.count)
    for (v, value) in values.enumerated() {
      if case .storage(let s) = value.origin { new[v] = copy.value(of: s, named: value.name, type: value.type) }
    }
    func renamed(_ v: ValueID) -> ValueID {
      guard let n = new[replacement[v.index].index] else { preconditionFailure("'\(self[v].name)' was dropped") }
      return n
    }
    for (place, id) in zip(instructionIDs, order) {
      if place == backwardStart { copy.backwardStart = .init(copy.instructions.count) }
      if place == applyStart { copy.applyStart = .init(copy.instructions.count) }
      if !isKept[id.index] { continue }
      let old = self[id].results
      let (operation, operands) = changed[id.index] ?? (self[id].operation, self[id].operands)
      let read = operands.map(renamed)
      let types = changed[id.index] == nil ? old.map { self[$0].type } : operation.types(of: read.map { copy[$0].type })
      let results = copy.append(
        operation, types: types, operands: read, names: old.map { self[$0].name }, at: self[id].site)
      for (o, n) in zip(old, results) { new[o.index] = n }
    }
    if let b = backwardStart, b.index == instructions.count { copy.backwardStart = .init(copy.instructions.count) }
    copy.results = results.map { .init($0.result, renamed($0.value)) }
    copy.checkpoints = checkpoints.compactMap { new[replacement[$0.index].index] }.sorted()
    return copy
  }

}

extension Operation {

  /// Returns the types of the results.
  ///
  /// - Requires: the operands fit.
  fileprivate func types(of operands: [TensorType]) -> [TensorType] {
    do { return try resultTypes(operands) } catch { preconditionFailure("\(error)") }
  }

}
