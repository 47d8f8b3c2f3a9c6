/// The identity of a value, valid in the function that defines it.
package struct ValueID: Hashable, Comparable, Sendable {

  /// The position in the function's table of values.
  package let index: Int

  package init(_ index: Int) { self.index = index }

  package static func < (l: Self, r: Self) -> Bool { l.index < r.index }

}

/// The identity of an instruction, valid in the function that holds it; ascending in order of execution.
package struct InstructionID: Hashable, Comparable, Sendable {

  /// The position in the function's list of instructions.
  package let index: Int

  package init(_ index: Int) { self.index = index }

  package static func < (l: Self, r: Self) -> Bool { l.index < r.index }

}

/// The identity of persistent storage, valid in the module that declares it.
package struct StorageID: Hashable, Comparable, Sendable {

  /// The position in the module's table of storage.
  package let index: Int

  package init(_ index: Int) { self.index = index }

  package static func < (l: Self, r: Self) -> Bool { l.index < r.index }

}
