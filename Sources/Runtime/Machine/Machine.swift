import Operations
package import PlanFormat

/// An update that was just executed.
package struct UpdateObservation {

  /// The position of the parameter in `storage`.
  package let parameter: Int

  /// The gradient, alive until the update's observer returns.
  package let gradient: Buffer

}

/// Executes the programs of a verified plan on one device.
///
/// All memory is allocated and all kernels are bound when the machine is made; executing checks nothing again.
package final class Machine<B: Backend> {

  package let verified: VerifiedPlan

  package let mode: ExecutionMode

  /// The bytes of each storage on the device, in the plan's order.
  package let storage: [Buffer]

  /// What the last execution did.
  package private(set) var lastStatistics = ExecutionStatistics()

  /// What notes the executions of its program that updates are observed of; `nil` where nobody asks.
  package var recorder: StepRecorder?

  /// The positions of the programs that were executed, ascending.
  package private(set) var executedPrograms: [Int] = []

  let backend: B

  private let memory: any PlanMemory

  /// The highest end in the arena of a result that was written, 0 if none was.
  private var highWater = 0

  /// The highest end in the host's memory of what was offloaded, 0 if nothing was.
  private var hostHighWater = 0

  private let programs: [BoundProgram]

  /// The first steps of a program.
  private struct Section: Hashable {
    let program: Int
    let count: Int
  }

  /// The kernels of the sections executed so far.
  private var sequences: [Section: KernelSequence] = [:]

  /// Allocates the memory of `plan` and binds its kernels; storage is not initialised.
  ///
  /// - Throws: if the memory is not there, the plan is for another device, or this one has no kernel for an operation.
  package init(_ plan: VerifiedPlan, on backend: B, mode: ExecutionMode = .planned(poison: false)) throws(MachineError)
  {
    let p = plan.plan
    guard p.header.target == backend.target else {
      throw .wrongTarget(plan: p.header.target, machine: backend.target)
    }
    try backend.require(p.header.products)
    let placements = try Self.placements(p, mode)
    self.verified = plan
    self.mode = mode
    self.backend = backend
    let memory = try backend.allocate(
      persistent: p.totals.persistentBytes, arena: placements.map(\.byteCount).max() ?? 0,
      host: mode == .keepAll ? 0 : p.totals.hostBytes)
    self.memory = memory
    let storage = p.storage.map { Buffer(address: memory.persistent + $0.offset, type: $0.storage.type) }
    self.storage = storage
    var programs: [BoundProgram] = []
    for (program, placement) in zip(p.programs, placements) {
      let binder = ProgramBinder(
        program, placement, mode, p.header.products, on: backend, storage: storage, arena: memory.arena,
        host: memory.host)
      programs.append(try binder.bound())
    }
    self.programs = programs
  }

  private static func placements(_ plan: Plan, _ mode: ExecutionMode) throws(MachineError) -> [Placement] {
    var result: [Placement] = []
    let alignment = PlanTarget(rawValue: plan.header.target)?.alignment ?? Arena.alignment
    for program in plan.programs {
      switch mode {
      case .planned: result.append(.planned(program))
      case .keepAll: result.append(try .keepAll(program, alignment: alignment))
      }
    }
    return result
  }

  /// Fills parameters, states, slots and sums as the plan says, and inputs with zeros.
  package func initialize(seed: UInt64) {
    for (placed, buffer) in zip(verified.plan.storage, storage) {
      backend.initialize(buffer, as: placed.storage.initializer ?? .zeros, seed: seed, path: placed.storage.name)
    }
  }

  /// Executes the program at position `program` once, telling `observer` of every update.
  ///
  /// What a plan does once a step is executed if `keys` are those of the last micro-batch.
  ///
  /// - Parameter meanwhile: what the host can do while another device computes, as `Backend.execute` has it.
  /// - Throws: what a kernel found wrong with its operands; parameters may have been updated by then.
  package func execute(
    _ program: Int, _ keys: StepKeys, observer: ((UpdateObservation) -> Void)? = nil, meanwhile: () -> Void = {}
  ) throws(ExecutionFailure) {
    try execute(program, keys, instructions: .max, observer: observer, meanwhile: meanwhile)
  }

  /// Executes the program at position `program` until its loss is known.
  ///
  /// Storage that is updated before that stays updated.
  package func executeUntilLoss(_ program: Int, _ keys: StepKeys) throws(ExecutionFailure) {
    let p = verified.plan.programs[program]
    let loss = p.results.first { $0.result.role == .loss }?.value
    guard let loss else { return try execute(program, keys) }
    try execute(program, keys, until: loss)
  }

  /// Executes the program at position `program` until the value at position `value` is first computed.
  ///
  /// Storage that is updated before that stays updated.
  package func execute(
    _ program: Int, _ keys: StepKeys, until value: PlanValueIndex
  ) throws(ExecutionFailure) {
    let p = verified.plan.programs[program]
    let last = p.instructions.firstIndex { (i) in i.results.contains { $0 == value } }
    try execute(program, keys, instructions: last.map { $0 + 1 } ?? .max)
  }

  private func execute(
    _ program: Int, _ keys: StepKeys, instructions: Int, observer: ((UpdateObservation) -> Void)? = nil,
    meanwhile: () -> Void = {}
  ) throws(ExecutionFailure) {
    try checkAccess(of: program)
    if mode == .planned(poison: true) { memory.fillArena(with: Buffer.poisonByte) }
    if !executedPrograms.contains(program) { executedPrograms = (executedPrograms + [program]).sorted() }
    let bound = programs[program]
    let end = min(instructions, self.end(of: program, keys))
    let steps = bound.steps.prefix { $0.instruction < end }
    do throws(SequenceFailure) {
      if let observer {
        try execute(steps, keys, observer, recorder.flatMap { $0.program == program ? $0 : nil })
      } else {
        try backend.execute(sequence(of: steps, in: program), keys, meanwhile: meanwhile)
      }
    } catch { throw failure(error, program, steps) }
    note(steps)
  }

  /// Throws if memory could not be accessed since the program at position `program` was executed, or before.
  func checkAccess(of program: Int) throws(ExecutionFailure) {
    if let failure { throw .init(place: "program \(verified.plan.programs[program].name)", failure: failure) }
  }

  /// Returns the kernels of `steps`, the first ones of the program at position `program`.
  private func sequence(of steps: ArraySlice<BoundStep>, in program: Int) -> KernelSequence {
    let section = Section(program: program, count: steps.count)
    if let known = sequences[section] { return known }
    let new = KernelSequence(steps.map(\.kernel), released: steps.map(\.released))
    sequences[section] = new
    return new
  }

  /// Executes `steps` one by one, telling `observer` of every update and `recorder` of every step.
  private func execute(
    _ steps: ArraySlice<BoundStep>, _ keys: StepKeys, _ observer: (UpdateObservation) -> Void, _ recorder: StepRecorder?
  ) throws(SequenceFailure) {
    recorder?.begin()
    for (i, step) in steps.enumerated() {
      do throws(KernelFailure) {
        if let recorder {
          let start = ContinuousClock.now
          recorder.note(step, since: start, duration: try backend.timed(step.kernel, keys))
        } else {
          try step.kernel(keys)
        }
      } catch { throw .init(position: i, error) }
      if case .update(let parameter, let gradient) = step.role {
        backend.read(gradient) { observer(.init(parameter: parameter, gradient: $0)) }
      }
    }
    if let failure = backend.failure { throw .init(position: nil, failure) }
  }

  /// Notes that `steps` were executed.
  private func note(_ steps: ArraySlice<BoundStep>) {
    var statistics = ExecutionStatistics()
    for step in steps {
      statistics.count(step)
      highWater = max(highWater, step.writtenEnd)
      if case .offload(_, let end) = step.role { hostHighWater = max(hostHighWater, end) }
    }
    lastStatistics = statistics
  }

  /// Returns the position behind the last instruction of the program at position `program` in this micro-batch.
  private func end(of program: Int, _ keys: StepKeys) -> Int {
    guard let start = verified.plan.programs[program].applyStart else { return .max }
    return Int(keys.microBatch) + 1 < verified.plan.training.microBatches ? start : .max
  }

  private func failure(
    _ error: SequenceFailure, _ program: Int, _ steps: ArraySlice<BoundStep>
  ) -> ExecutionFailure {
    let p = verified.plan.programs[program]
    guard let position = error.position else { return .init(place: "program \(p.name)", failure: error.failure) }
    let instruction = p.instructions[steps[position].instruction]
    let value = instruction.results.first.map { ": \(p.values[$0].name)" } ?? ""
    return .init(place: "\(instruction.site): program \(p.name)\(value)", failure: error.failure)
  }

}

extension Machine {

  /// The bytes of persistent storage and of the arena as far as it was written.
  package var measuredPeakBytes: Int { persistentBytes + highWater }

  /// What `measuredPeakBytes` should be by the plan, for the programs that were executed.
  package var plannedPeakBytes: Int { persistentBytes + verified.arenaBytes(of: executedPrograms) }

  /// The bytes of the host's memory as far as something was offloaded to it.
  package var measuredHostBytes: Int { hostHighWater }

  /// What `measuredHostBytes` should be by the plan, for the programs that were executed.
  package var plannedHostBytes: Int { verified.hostBytes(of: executedPrograms) }

  /// `true` iff no kernel wrote past the memory of the plan.
  package var isMemoryIntact: Bool { memory.isIntact }

  private var persistentBytes: Int { verified.plan.totals.persistentBytes }

  /// Why the memory could not be accessed, the first time; what was read since then is zeros.
  package var failure: KernelFailure? { backend.failure }

  /// The bytes of the value at position `value` in the program at position `program`.
  package func buffer(of value: PlanValueIndex, in program: Int) -> Buffer { programs[program].buffers[value] }

  /// Calls `body` with the present bytes of `buffer` in the host's memory, to be read.
  package func read<R, E: Error>(_ buffer: Buffer, _ body: (Buffer) throws(E) -> R) throws(E) -> R {
    try backend.read(buffer, body)
  }

  /// Returns the scalar that the program at position `program` reported last.
  package func value(of result: PlanProgram.Result, in program: Int) -> Float {
    backend.read(programs[program].buffers[result.value]) { $0.floats[0] }
  }

  /// Returns the bytes of the storage called `name`, or `nil` if there is none.
  package func storage(named name: String) -> Buffer? {
    verified.plan.storage.firstIndex { $0.storage.name == name }.map { storage[$0] }
  }

}
