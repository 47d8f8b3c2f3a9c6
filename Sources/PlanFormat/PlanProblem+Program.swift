import Operations
import Support

/// Problems of programs and their instructions.
extension PlanProblem {

  static func indexOutOfRange(_ index: Int, _ count: Int) -> Self {
    .init("value \(index) of a table of \(count)")
  }

  static func storageMismatch(_ value: PlanValue) -> Self {
    .init("\(value.name.clipped) : \(value.type) is not the storage that it names")
  }

  static func nameTwice(_ name: String) -> Self { .init("\(name.clipped) is the name of two values") }

  static func neverDefined(_ name: String) -> Self { .init("\(name.clipped) is never defined") }

  // MARK: Bindings

  static func unknownInput(_ name: String) -> Self { .init("\(name.clipped) is bound, but is no input") }

  static func boundTwice(_ name: String) -> Self { .init("input \(name.clipped) is bound twice") }

  static func unknownData(_ binding: InputBinding) -> Self {
    .init("\(binding.input.clipped) is bound to \(binding.data.clipped), which is no data declaration")
  }

  static func unknownComponent(_ binding: InputBinding, _ count: Int) -> Self {
    .init(
      "\(binding.input.clipped) is bound to component \(binding.component) of \(binding.data.clipped), which has \(count)"
    )
  }

  static func bindingType(_ binding: InputBinding, _ input: TensorType, _ component: TensorType) -> Self {
    .init(
      "\(binding.input.clipped) is \(input), but \(binding.data.clipped).\(binding.component) is \(component)")
  }

  // MARK: Operands

  static func readBeforeDefinition(_ name: String) -> Self { .init("\(name.clipped) is read before it is defined") }

  static func readAfterDelete(_ name: String, _ index: Int) -> Self {
    .init("\(name.clipped) is read after instruction \(index) deleted it")
  }

  static func readAfterOverwriting(_ name: String, _ index: Int) -> Self {
    .init("\(name.clipped) is read after instruction \(index) overwrote it")
  }

  static func readAfterUpdate(_ name: String, _ index: Int) -> Self {
    .init("\(name.clipped) is read after instruction \(index) updated it")
  }

  static func slotRead(_ name: String) -> Self { .init("slot \(name.clipped) is read by what is no update") }

  static func sumUnfinished(_ name: String) -> Self {
    .init("\(name.clipped) is read before the last micro-batch is added to it")
  }

  static func inputUnbound(_ name: String) -> Self { .init("input \(name.clipped) is read, but not bound") }

  // MARK: Types

  static func shape(_ error: ShapeError) -> Self { .init(error.description.clipped) }

  static func resultCount(_ mnemonic: String, declared: Int, derived: Int) -> Self {
    .init("\(declared) results are declared, but \(mnemonic) gives \(derived)")
  }

  static func resultType(_ name: String, declared: TensorType, derived: TensorType) -> Self {
    .init("\(name.clipped) is declared \(declared), but its operation gives \(derived)")
  }

  // MARK: The arena

  static func definedTwice(_ name: String) -> Self { .init("\(name.clipped) is defined twice") }

  static func resultInStorage(_ name: String) -> Self {
    .init("\(name.clipped) is persistent; only an update may write it")
  }

  static func misaligned(_ name: String, _ offset: Int, _ alignment: Int) -> Self {
    .init("\(name.clipped) lies at \(offset), which is not a multiple of \(alignment)")
  }

  static func outsideArena(_ name: String, _ offset: Int, _ size: Int, _ limit: Int) -> Self {
    .init("\(name.clipped) takes \(size) bytes at \(offset), outside of arena_bytes \(limit)")
  }

  static func overlap(_ a: PlanValue, _ aStart: Int, _ b: PlanValue, _ bStart: Int) -> Self {
    .init(
      "\(a.name.clipped) at \(aStart) + \(a.type.size.value) overlaps \(b.name.clipped) at \(bStart) + "
        + "\(b.type.size.value), which is live")
  }

  static func wrongWorkspace(_ mnemonic: String, said: Int, derived: Int) -> Self {
    .init("\(mnemonic) works in \(derived) bytes, but is given a workspace of \(said)")
  }

  static func workspaceOverlap(_ workspace: PlanWorkspace, _ value: PlanValue) -> Self {
    .init(
      "the workspace at \(workspace.offset) + \(workspace.byteCount) overlaps \(value.name.clipped), which is live")
  }

  // MARK: Deletion

  static func malformedDelete(_ operands: Int, _ results: Int) -> Self {
    .init("delete takes one operand and gives nothing, not \(operands) and \(results)")
  }

  static func deletedStorage(_ name: String) -> Self {
    .init("\(name.clipped) is persistent and must not be deleted")
  }

  static func deletedResult(_ name: String) -> Self {
    .init("\(name.clipped) is a result of the program and must not be deleted")
  }

  static func deletedTwice(_ name: String, _ index: Int) -> Self {
    .init("\(name.clipped) was deleted by instruction \(index)")
  }

  static func neverDeleted(_ name: String, _ size: Int) -> Self {
    .init("\(name.clipped), of \(size) bytes, is live at the end and no result")
  }

  // MARK: Recomputation

  static func versionedName(_ name: String) -> Self {
    .init("\(name.clipped) is computed for the first time under the name of a recomputed value")
  }

  static func unversionedName(_ name: String) -> Self {
    .init("\(name.clipped) is recomputed, but its name has no version such as '2")
  }

  static func neverComputed(_ name: String, _ base: String) -> Self {
    .init("\(name.clipped) recomputes \(base.clipped), which no instruction before computes")
  }

  static func wrongVersion(_ name: String, expected: Int) -> Self {
    .init("\(name.clipped) is out of order; the next version is '\(expected)")
  }

  static func differentResults(_ name: String, _ index: Int) -> Self {
    .init("\(name.clipped) is not at its place among the results of instruction \(index)")
  }

  static func differentOperation(_ name: String, _ again: String, _ index: Int, _ first: String) -> Self {
    .init("\(name.clipped) is recomputed by \(again.clipped), but instruction \(index) is \(first.clipped)")
  }

  // MARK: Effects

  static func effectRecomputed(_ mnemonic: String) -> Self {
    .init("\(mnemonic) changes persistent storage and must not be recomputed")
  }

  static func effectComputed(_ mnemonic: String) -> Self {
    .init("\(mnemonic) changes persistent storage and must be an update")
  }

  static func notAnUpdate(_ mnemonic: String) -> Self { .init("\(mnemonic) is no update") }

  static func updateOutsideTraining() -> Self { .init("an update outside of train") }

  static func updateTarget(_ name: String, expected: String) -> Self {
    .init("the update writes \(name.clipped), not \(expected.clipped)")
  }

  static func updateGradient(_ name: String) -> Self {
    .init("the gradient \(name.clipped) is persistent, not a value in the arena")
  }

  static func updateSum(_ name: String, expected: String) -> Self {
    .init("the update takes \(name.clipped), not \(expected.clipped), the sum over the micro-batches")
  }

  static func updateFactor(_ name: String) -> Self {
    .init("the factor \(name.clipped) is persistent, not a value in the arena")
  }

  static func updateInEachMicroBatch(_ name: String) -> Self {
    .init("\(name.clipped) is updated in each micro-batch, not after the last one")
  }

  static func updateAfterMicroBatches(_ name: String) -> Self {
    .init("\(name.clipped) is written after the last micro-batch, not in each one")
  }

  static func updatedTwice(_ name: String, _ index: Int) -> Self {
    .init("\(name.clipped) was updated by instruction \(index)")
  }

  static func neverUpdated(_ name: String) -> Self { .init("\(name.clipped) is never updated") }

  static func emptyKey(_ mnemonic: String) -> Self { .init("\(mnemonic) has an empty key") }

  static func keyTwice(_ key: String) -> Self { .init("the random key \"\(key.clipped)\" is drawn twice") }

  static func differentDraw(_ key: String) -> Self {
    .init("the random key \"\(key.clipped)\" belongs to no dropout before of this rate and type")
  }

  // MARK: The program

  static func backwardMisplaced(_ index: Int) -> Self {
    .init("the backward part starts at instruction \(index), outside of train")
  }

  static func applicationMisplaced(_ index: Int) -> Self {
    .init("the part behind the last micro-batch starts at instruction \(index), outside of the backward part of train")
  }

  static func applicationOfOneBatch() -> Self {
    .init("there is a part behind the last micro-batch, but a step is one batch")
  }

  static func noApplication(_ count: Int) -> Self {
    .init("a step has \(count) micro-batches, but there is no part behind the last one")
  }

  static func resultAfterMicroBatches(_ name: String) -> Self {
    .init("the result \(name.clipped) is not computed in each micro-batch")
  }

  static func lossCount(_ count: Int) -> Self { .init("there are \(count) losses, not 1") }

  static func labelTwice(_ label: String) -> Self { .init("two results are called \(label.clipped)") }

  static func resultNotScalar(_ name: String, _ type: TensorType) -> Self {
    .init("the result \(name.clipped) is \(type), not a value f32[] in the arena")
  }

}
