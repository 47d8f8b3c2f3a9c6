import Operations
import PlanFormat

/// Fills the inputs of one program from its data sets.
struct ProgramFeed {

  /// One data set and where its components go.
  private struct Source {

    let name: String

    var batcher: Batcher

    /// A buffer for each component.
    let targets: [UnsafeMutableRawPointer]

    /// Further inputs that get the same component.
    let copies: [(from: Buffer, to: Buffer)]

    /// Memory for the components that the program does not read.
    let unread: UnreadComponents

  }

  private var sources: [Source] = []

  /// The batches of an epoch: those of the data set that the program's first input is bound to, 1 if it has no inputs.
  let batchesPerEpoch: Int

  /// Opens the data of `program`.
  ///
  /// - Parameter storage: the bytes of each storage of `plan`.
  init(
    _ program: PlanProgram, of plan: Plan, storage: [Buffer], from catalog: DataCatalog, seed: UInt64, isShuffled: Bool
  ) throws(DataFailure) {
    for d in plan.data where program.bindings.contains(where: { $0.data == d.name }) {
      let order: Batcher.Order = isShuffled ? .shuffled(seed: seed) : .sequential
      let batcher = try catalog.open(d.name, order: order, seed: seed)
      sources.append(Self.source(batcher, d, program, plan, storage))
    }
    let first = sources.first { $0.name == program.bindings.first?.data }
    self.batchesPerEpoch = first?.batcher.batchesPerEpoch ?? 1
  }

  /// Creates a feed of `dataset` in its order, which stands in for the data that `program` reads.
  ///
  /// - Throws: if it does not fit the declared types.
  init(
    _ program: PlanProgram, of plan: Plan, storage: [Buffer], _ dataset: Dataset, as declaration: DataDeclaration
  ) throws(DataFailure) {
    let bounds = declaration.types.indices.map { plan.indexBound(of: declaration.name, component: $0) }
    let batcher: Batcher
    do throws(DataError) {
      batcher = try Batcher(dataset, types: declaration.types, order: .sequential, bounds: bounds)
    } catch { throw .unusable(data: declaration.name, error) }
    sources = [Self.source(batcher, declaration, program, plan, storage)]
    batchesPerEpoch = batcher.batchesPerEpoch
  }

  private static func source(
    _ batcher: Batcher, _ data: DataDeclaration, _ program: PlanProgram, _ plan: Plan, _ storage: [Buffer]
  ) -> Source {
    let unread = UnreadComponents()
    var targets: [UnsafeMutableRawPointer] = []
    var copies: [(from: Buffer, to: Buffer)] = []
    for (c, type) in data.types.enumerated() {
      let inputs = program.bindings.filter { $0.data == data.name && $0.component == c }.map(\.input)
      let buffers = plan.storage.indices.filter { inputs.contains(plan.storage[$0].storage.name) }.map { storage[$0] }
      targets.append(buffers.first?.address ?? unread.allocate(type))
      for b in buffers.dropFirst() { copies.append((buffers[0], b)) }
    }
    return .init(name: data.name, batcher: batcher, targets: targets, copies: copies, unread: unread)
  }

  /// The steps of an epoch of `microBatches` batches each; batches that make no whole step are dropped.
  func stepsPerEpoch(microBatches: Int) -> Int { max(1, batchesPerEpoch / microBatches) }

  /// Fills the inputs with the batches of micro-batch `microBatch` of `microBatches` of step `step`, both counted from 0.
  ///
  /// Each data set starts again after its last whole step; one that is too small for a step starts again within it.
  mutating func fill(step: Int, microBatch: Int = 0, of microBatches: Int = 1) {
    for i in sources.indices {
      let n = sources[i].batcher.batchesPerEpoch
      let used = n < microBatches ? n : n / microBatches * microBatches
      let position = step * microBatches + microBatch
      sources[i].batcher.batch(position % used, epoch: position / used, into: sources[i].targets)
      for (from, to) in sources[i].copies { to.copy(from: from) }
    }
  }

}

/// Memory for components that nobody reads.
private final class UnreadComponents {

  private var pointers: [UnsafeMutableRawPointer] = []

  func allocate(_ type: TensorType) -> UnsafeMutableRawPointer {
    let size = max(1, type.count * type.element.size)
    pointers.append(.allocate(byteCount: size, alignment: Arena.alignment))
    return pointers[pointers.count - 1]
  }

  deinit { for p in pointers { p.deallocate() } }

}
