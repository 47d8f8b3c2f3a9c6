package import IR
package import Operations
import Support

/// What scheduling needs to know of a function, found once.
package struct StepAnalysis: Sendable {

  package let function: Function

  /// The number of instructions before the backward part; all of them where there is none.
  package let forwardCount: Int

  /// For each value, whether it is a result of the forward part.
  package let isForward: [Bool]

  /// For each value, whether an instruction of the backward part reads it.
  package let isReadInBackward: [Bool]

  /// For each value, whether it is reported and thus never deleted or recomputed.
  package let isResult: [Bool]

  /// The values that `every(k:)` counts, in order of definition: the first results of numbered operations.
  package let numbered: [ValueID]

  /// For each instruction, the values whose bytes its result may take over.
  let overwritable: [[ValueID]]

  /// For each instruction, the bytes of the arena that it works in while it is executed.
  package let workspaces: [Int]

  /// The largest value that is no activation: scalars and the like, which are always saved.
  package static let scalarBytes = 256

  /// - Complexity: O(*n*) where *n* is the number of operands.
  package init(_ function: Function, workspace: WorkspaceModel = .none) {
    self.function = function
    workspaces = function.instructions.map { (i) in
      workspace.bytes(of: i.operation, i.operands.map { function[$0].type })
    }
    forwardCount = function.backwardStart?.index ?? function.instructions.count
    var isForward = [Bool](repeating: false, count: function.values.count)
    var isRead = isForward
    var isResult = isForward
    var numbered: [ValueID] = []
    for id in function.instructionIDs {
      let i = function[id]
      if id.index >= forwardCount {
        for o in i.operands { isRead[o.index] = true }
        continue
      }
      for r in i.results { isForward[r.index] = true }
      if i.operation.isNumbered { numbered += i.results.prefix(1) }
    }
    for r in function.results { isResult[r.value.index] = true }
    self.isForward = isForward
    isReadInBackward = isRead
    self.isResult = isResult
    self.numbered = numbered
    overwritable = Self.overwritable(function, isResult)
  }

  /// The instructions of the forward part.
  package var forward: ArraySlice<Instruction> { function.instructions[..<forwardCount] }

  /// Returns the instruction that defines `v`, or `nil` for storage.
  package func definition(of v: ValueID) -> InstructionID? {
    if case .instruction(let i) = function[v].origin { return i }
    return nil
  }

  /// The size of `v` in bytes, 0 for storage, which is not in the arena.
  package func arenaBytes(of v: ValueID) -> Int {
    if case .storage = function[v].origin { return 0 }
    return function[v].type.size.value
  }

  /// Returns the decision that saves exactly what must be saved under every policy: results and unnumbered scalars.
  package func leastSaved() -> [Bool] {
    var saved = isResult
    for i in forward where !i.operation.isNumbered {
      for r in i.results where arenaBytes(of: r) <= Self.scalarBytes { saved[r.index] = true }
    }
    return saved
  }

}
