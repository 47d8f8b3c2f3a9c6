import Operations
import PlanFormat
import Support

/// A program being written by hand, with its values by name.
struct ProgramSketch {

  private(set) var program: PlanProgram

  private let storage: [PlacedStorage]

  /// The line that the next instruction says it comes from.
  var line = 1

  init(_ name: String, _ storage: [PlacedStorage]) {
    self.program = .init(name: name, bindings: [], values: [], instructions: [], backwardStart: nil, results: [])
    self.storage = storage
  }

  /// Returns the value called `name`, entering storage into the table at its first use.
  private mutating func value(_ name: String) -> Int {
    if let i = program.values.lastIndex(where: { $0.name == name }) { return i }
    guard let s = storage.firstIndex(where: { $0.storage.name == name }) else { preconditionFailure("no \(name)") }
    program.values.append(.init(name: name, type: storage[s].storage.type, place: .storage(index: s)))
    return program.values.count - 1
  }

  private mutating func append(_ action: PlanInstruction.Action, _ operands: [String], _ note: String) {
    let operands = operands.map { value($0) }
    append(.init(action, operands: operands, site: .init(file: "mlp.cgm", line: line), note: note))
  }

  private mutating func append(_ instruction: PlanInstruction) { program.instructions.append(instruction) }

  private mutating func define(
    _ action: PlanInstruction.Action, _ name: String, _ operands: [String], _ type: TensorType, _ offset: Int,
    _ note: String
  ) {
    let operands = operands.map { value($0) }
    program.values.append(.init(name: name, type: type, place: .arena(offset: offset)))
    let site = SourceSite(file: "mlp.cgm", line: line)
    append(.init(action, operands: operands, results: [program.values.count - 1], site: site, note: note))
  }

  mutating func bind(_ input: String, _ data: String, _ component: Int) {
    program.bindings.append(.init(input: input, data: data, component: component))
  }

  mutating func compute(
    _ name: String, _ operation: Operation, _ operands: [String], _ extents: [Int], at offset: Int,
    element: ElementType = .f32
  ) {
    define(.compute(operation), name, operands, .init(element, extents), offset, "")
  }

  mutating func recompute(
    _ name: String, _ operation: Operation, _ operands: [String], _ extents: [Int], at offset: Int,
    note: String
  ) {
    define(.recompute(operation), name, operands, .init(.f32, extents), offset, note)
  }

  mutating func delete(_ name: String, note: String = "") { append(.delete, [name], note) }

  mutating func update(_ operation: Operation, _ operands: [String]) {
    append(.update(operation), operands, "")
  }

  mutating func backward() { program.backwardStart = program.instructions.count }

  mutating func loss(_ name: String) {
    program.results.append(.init(.init(role: .loss, label: "loss"), value: value(name)))
  }

  mutating func metric(_ label: String, _ name: String) {
    program.results.append(.init(.init(role: .metric, label: label), value: value(name)))
  }

}
