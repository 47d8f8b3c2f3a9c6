import Operations
import Support

/// A program being read, with its values by name.
struct ProgramBuilder {

  private(set) var program: PlanProgram

  private let storage: [PlacedStorage]

  private let storageIndices: [String: Int]

  /// The positions of the values by name.
  private var slots = NameSlots()

  /// Starts a program of at most `lineCount` lines.
  init(name: String, storage: [PlacedStorage], storageIndices: [String: Int], lineCount: Int) {
    self.program = .init(
      name: name, bindings: [], values: [], instructions: [], backwardStart: nil, results: [])
    // arrays that grow are twice in memory while they do
    program.values.reserveCapacity(lineCount)
    program.instructions.reserveCapacity(lineCount)
    self.storage = storage
    self.storageIndices = storageIndices
  }

  /// Returns the value called `name`, or `nil` if neither a line before nor storage has that name.
  mutating func index(of name: String) -> PlanValueIndex? {
    let hash = NameSlots.hash(of: name)
    if let i = position(of: name, hash) { return i }
    guard let s = storageIndices[name] else { return nil }
    return append(.init(name: name, type: storage[s].storage.type, place: .storage(index: s)), hash)
  }

  /// Adds a value in the arena, or returns `nil` if its name is taken.
  mutating func define(_ name: String, _ type: TensorType, offset: Int) -> PlanValueIndex? {
    let hash = NameSlots.hash(of: name)
    if position(of: name, hash) != nil || storageIndices[name] != nil { return nil }
    return append(.init(name: name, type: type, place: .arena(offset: offset)), hash)
  }

  private func position(of name: String, _ hash: UInt32) -> PlanValueIndex? {
    slots.position(of: name, hash: hash) { program.values[$0].name }
  }

  private mutating func append(_ value: PlanValue, _ hash: UInt32) -> PlanValueIndex {
    let i = program.values.count
    program.values.append(value)
    slots.insert(i, hash: hash)
    return i
  }

  mutating func append(_ instruction: PlanInstruction) { program.instructions.append(instruction) }

  mutating func append(_ binding: InputBinding) { program.bindings.append(binding) }

  mutating func append(_ result: PlanProgram.Result) { program.results.append(result) }

  /// Starts the backward part here; returns `false` iff it has started before.
  mutating func startBackward() -> Bool {
    if program.backwardStart != nil { return false }
    program.backwardStart = program.instructions.count
    return true
  }

  /// Starts the part behind the last micro-batch here; returns `false` iff it has started before.
  mutating func startApplying() -> Bool {
    if program.applyStart != nil { return false }
    program.applyStart = program.instructions.count
    return true
  }

}
