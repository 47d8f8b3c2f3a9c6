import Operations
import Support

/// The execution of one program without tensors; see `Plan.verify()`.
struct ProgramVerifier {

  /// What has become of a value so far.
  enum State: Hashable {

    /// No instruction has defined it.
    case undefined

    /// It can be read.
    case live

    /// The result of the instruction took over its bytes; it remains to be deleted.
    case overwritten(by: Int32)

    /// The instruction ended its life.
    case deleted(by: Int32)

  }

  let plan: Plan

  let position: Int

  let program: PlanProgram

  /// By value; those in storage are always live.
  var states: [State]

  /// The positions of the values by name.
  private var slots = NameSlots()

  /// By value: what it is a version of, and itself if it was not recomputed.
  var origins: [PlanValueIndex]

  /// By value: the instruction that computed it for the first time, or -1.
  var creators: [Int32]

  /// By value: the number of its latest version.
  var versions: [Int32]

  /// By value: `true` iff the program reports it.
  var isResult: [Bool]

  /// By storage: the instruction that updated it.
  var updates: [Int?]

  /// The inputs that are bound.
  var boundInputs: Set<String> = []

  /// `true` iff the instructions so far end with one that is executed in the last micro-batch of a step alone.
  var isApplying = false

  /// What has been drawn, by key.
  var draws: [String: (rate: Double, type: TensorType)] = [:]

  var spans: LiveSpans

  /// The instruction that offloaded a value, by value.
  var offloads: [PlanValueIndex: Int] = [:]

  /// The values whose copy to the host no deletion has waited for.
  var beingCopied: Set<PlanValueIndex> = []

  var hostSlots: HostSlots

  var figures: ProgramFigures

  init(_ plan: Plan, _ position: Int) {
    self.plan = plan
    self.position = position
    program = plan.programs[position]
    let values = program.values
    states = values.map { $0.isInArena ? .undefined : .live }
    origins = Array(values.indices)
    creators = .init(repeating: -1, count: values.count)
    versions = .init(repeating: 1, count: values.count)
    isResult = .init(repeating: false, count: values.count)
    updates = .init(repeating: nil, count: plan.storage.count)
    spans = .init(values)
    hostSlots = .init(program)
    figures = .init(program)
  }

  /// Executes the program and returns its figures.
  mutating func run() throws(PlanViolation) -> ProgramFigures {
    try enterValues()
    try enterBindings()
    try enterResults()
    if let b = program.backwardStart, position > 0 || !(0...program.instructions.count).contains(b) {
      throw violation(.backwardMisplaced(b))
    }
    if let problem = misplacedApplication { throw violation(problem) }
    for i in program.instructions.indices {
      if i == program.backwardStart { figures.startBackward(liveInArena) }
      if i == program.applyStart { isApplying = true }
      if let problem = execute(program.instructions[i], at: i) { throw violation(problem, at: i) }
    }
    if let problem = end() { throw violation(problem) }
    return figures
  }

  /// Returns a violation of the program as a whole.
  func violation(_ problem: PlanProblem) -> PlanViolation { .init(.program(program.name), problem) }

  private func violation(_ problem: PlanProblem, at i: Int) -> PlanViolation {
    let line = plan.line(ofInstruction: i, inProgram: position)
    return .init(.instruction(program: program.name, index: i, line: line), problem)
  }

  /// Returns the position of the value called `name`, or `nil` if there is none.
  func position(of name: String) -> PlanValueIndex? { position(of: name, NameSlots.hash(of: name)) }

  private func position(of name: String, _ hash: UInt32) -> PlanValueIndex? {
    slots.position(of: name, hash: hash) { program.values[$0].name }
  }

  private var liveInArena: [Bool] {
    program.values.indices.map { states[$0] == .live && program.values[$0].isInArena }
  }

  /// Enters the values by name; storage must be what it says.
  private mutating func enterValues() throws(PlanViolation) {
    let storageNames = Set(plan.storage.map(\.storage.name))
    for (i, v) in program.values.enumerated() {
      let hash = NameSlots.hash(of: v.name)
      if position(of: v.name, hash) != nil { throw violation(.nameTwice(v.name)) }
      slots.insert(i, hash: hash)
      switch v.place {
      case .arena: if storageNames.contains(v.name) { throw violation(.nameTwice(v.name)) }
      case .storage(let s):
        guard plan.storage.indices.contains(s), plan.storage[s].storage.name == v.name,
          plan.storage[s].storage.type == v.type
        else { throw violation(.storageMismatch(v)) }
      }
    }
  }

  private mutating func enterBindings() throws(PlanViolation) {
    let inputs = plan.storage.filter { $0.storage.kind == .input }.map(\.storage)
    let types = Dictionary(uniqueKeysWithValues: inputs.map { ($0.name, $0.type) })
    let data = Dictionary(uniqueKeysWithValues: plan.data.map { ($0.name, $0.types) })
    for b in program.bindings {
      guard let type = types[b.input] else { throw violation(.unknownInput(b.input)) }
      if !boundInputs.insert(b.input).inserted { throw violation(.boundTwice(b.input)) }
      guard let components = data[b.data] else { throw violation(.unknownData(b)) }
      guard components.indices.contains(b.component) else { throw violation(.unknownComponent(b, components.count)) }
      if components[b.component] != type { throw violation(.bindingType(b, type, components[b.component])) }
    }
  }

  /// Enters the results: scalars in the arena, one of them the loss, each under a name of its own.
  private mutating func enterResults() throws(PlanViolation) {
    var labels: Set<String> = []
    for r in program.results {
      guard program.values.indices.contains(r.value) else {
        throw violation(.indexOutOfRange(r.value, program.values.count))
      }
      let v = program.values[r.value]
      if !v.isInArena || v.type != .init(.f32) { throw violation(.resultNotScalar(v.name, v.type)) }
      if !labels.insert(r.result.label).inserted { throw violation(.labelTwice(r.result.label)) }
      isResult[r.value] = true
    }
    let losses = program.results.count { $0.result.role == .loss }
    if losses != 1 { throw violation(.lossCount(losses)) }
  }

  /// Returns what is wrong after the last instruction.
  private func end() -> PlanProblem? {
    for (i, v) in program.values.enumerated() where v.isInArena {
      if states[i] == .undefined { return .neverDefined(v.name) }
      if states[i] == .live && !isResult[i] { return .neverDeleted(v.name, v.type.size.value) }
    }
    if position > 0 { return nil }
    return plan.storage.indices.first { updates[$0] == nil && plan.storage[$0].storage.kind.mustBeUpdated }.map {
      .neverUpdated(plan.storage[$0].storage.name)
    }
  }

}

extension PlanValue {

  /// `true` iff its bytes lie in the arena.
  var isInArena: Bool {
    switch place {
    case .arena: true
    case .storage: false
    }
  }

}

extension Storage.Kind {

  /// `true` iff a step that leaves it as it is would be wrong; a state may be constant.
  fileprivate var mustBeUpdated: Bool {
    switch self {
    case .parameter, .slot, .gradient: true
    case .frozen, .state, .input: false
    }
  }

}
