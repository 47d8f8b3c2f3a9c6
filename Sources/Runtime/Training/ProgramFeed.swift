import Operations
import PlanFormat

/// Fills the inputs of one program from its data sets.
struct ProgramFeed<B: Backend> {

  /// One data set and where its components go.
  private struct Source {

    let name: String

    var batcher: Batcher

    /// Memory of the host for each component.
    let memory: [HostMemory]

    /// The inputs that get each component; there are none for those that the program does not read.
    let inputs: [[Buffer]]

  }

  private var sources: [Source] = []

  private let backend: B

  /// The batches, counted over all steps, that lie on the host and were not copied to the device; `nil` if none do.
  private var drawn: Int?

  /// The batches of an epoch: those of the data set that the program's first input is bound to, 1 if it has no inputs.
  let batchesPerEpoch: Int

  /// Opens the data of `program`.
  ///
  /// - Throws: if the data is missing or does not fit the declared types.
  init(
    _ program: PlanProgram, of machine: Machine<B>, from catalog: DataCatalog, seed: UInt64, isShuffled: Bool
  ) throws(DataFailure) {
    let plan = machine.verified.plan
    backend = machine.backend
    for d in plan.data where program.bindings.contains(where: { $0.data == d.name }) {
      let order: Batcher.Order = isShuffled ? .shuffled(seed: seed) : .sequential
      let batcher = try catalog.open(d.name, order: order, seed: seed)
      sources.append(Self.source(batcher, d, program, machine))
    }
    let first = sources.first { $0.name == program.bindings.first?.data }
    self.batchesPerEpoch = first?.batcher.batchesPerEpoch ?? 1
  }

  /// Creates a feed of `dataset` in its order, which stands in for the data that `program` reads.
  ///
  /// - Throws: if it does not fit the declared types.
  init(
    _ program: PlanProgram, of machine: Machine<B>, _ dataset: Dataset, as declaration: DataDeclaration
  ) throws(DataFailure) {
    let plan = machine.verified.plan
    backend = machine.backend
    let bounds = declaration.types.indices.map { plan.indexBound(of: declaration.name, component: $0) }
    let batcher: Batcher
    do throws(DataError) {
      batcher = try Batcher(dataset, types: declaration.types, order: .sequential, bounds: bounds)
    } catch { throw .unusable(data: declaration.name, error) }
    sources = [Self.source(batcher, declaration, program, machine)]
    batchesPerEpoch = batcher.batchesPerEpoch
  }

  private static func source(
    _ batcher: Batcher, _ data: DataDeclaration, _ program: PlanProgram, _ machine: Machine<B>
  ) -> Source {
    let storage = machine.verified.plan.storage
    let inputs = data.types.indices.map { (c) in
      let names = program.bindings.filter { $0.data == data.name && $0.component == c }.map(\.input)
      return storage.indices.filter { names.contains(storage[$0].storage.name) }.map { machine.storage[$0] }
    }
    let memory = zip(data.types, inputs).map { (type, buffers) in
      buffers.first.map(machine.backend.staging) ?? HostMemory(type)
    }
    return .init(name: data.name, batcher: batcher, memory: memory, inputs: inputs)
  }

  /// The steps of an epoch of `microBatches` batches each; batches that make no whole step are dropped.
  func stepsPerEpoch(microBatches: Int) -> Int { max(1, batchesPerEpoch / microBatches) }

  /// Fills the inputs with the batches of micro-batch `microBatch` of `microBatches` of step `step`, both counted from 0.
  ///
  /// Each data set starts again after its last whole step; one that is too small for a step starts again within it.
  mutating func fill(step: Int, microBatch: Int = 0, of microBatches: Int = 1) {
    draw(step: step, microBatch: microBatch, of: microBatches)
    for s in sources { for (memory, inputs) in zip(s.memory, s.inputs) { upload(memory, to: inputs) } }
    drawn = nil
  }

  /// Has the host's memory hold these batches, so that `fill` has but to copy them.
  ///
  /// - Requires: the host's memory is not that of the inputs, or they are read no more.
  mutating func draw(step: Int, microBatch: Int = 0, of microBatches: Int = 1) {
    let position = step * microBatches + microBatch
    if drawn == position { return }
    for i in sources.indices {
      let n = sources[i].batcher.batchesPerEpoch
      let used = n < microBatches ? n : n / microBatches * microBatches
      sources[i].batcher.batch(position % used, epoch: position / used, into: sources[i].memory.map(\.buffer.address))
    }
    drawn = position
  }

  /// Copies `memory`, which was made for the first of `inputs`, to all of them.
  private func upload(_ memory: HostMemory, to inputs: [Buffer]) {
    guard let first = inputs.first else { return }
    backend.upload(memory, to: first)
    for b in inputs.dropFirst() { backend.copy(from: first, to: b) }
  }

}
