package import Operations
package import Support

/// One training step (and an evaluation step) with every deletion, recomputation and byte offset decided.
///
/// A plan is a canonical text; see `Grammar/cgir.ebnf`. It says nothing of time or of the machine it was made on.
package struct Plan: Hashable, Sendable {

  /// The version of the text's form that this program reads and writes.
  package static let version = 1

  /// What the plan was made from and for.
  package var header: PlanHeader

  /// Bytes and operations, each equal to what is re-derived from the instructions.
  package var totals: PlanTotals

  /// What proves how far the schedule is from the cheapest at most, where something is known of that.
  package var certificate: BoundCertificate?

  /// What proves a better bound than the `certificate`, of the same budget.
  package var operandCertificate: OperandBoundCertificate?

  package var training: TrainingSettings

  package var data: [DataDeclaration]

  /// Parameters, state, slots, sums of gradients and inputs, in the persistent region.
  package var storage: [PlacedStorage]

  /// `train`, then `eval` if there is one.
  package var programs: [PlanProgram]

  package init(
    header: PlanHeader, totals: PlanTotals, certificate: BoundCertificate? = nil,
    operandCertificate: OperandBoundCertificate? = nil, training: TrainingSettings, data: [DataDeclaration],
    storage: [PlacedStorage], programs: [PlanProgram]
  ) {
    self.header = header
    self.totals = totals
    self.certificate = certificate
    self.operandCertificate = operandCertificate
    self.training = training
    self.data = data
    self.storage = storage
    self.programs = programs
  }

}

/// The cost profile that schedules were compared by.
package struct CostSource: Hashable, Sendable {

  /// What was measured.
  package let name: String

  /// The hash of the profile's canonical text, as 16 hexadecimal digits.
  package let digest: String

  package init(name: String, digest: String) {
    self.name = name
    self.digest = digest
  }

}

/// What a plan was made from and for.
package struct PlanHeader: Hashable, Sendable {

  /// A dim's size.
  package struct Dim: Hashable, Sendable {

    package let name: String

    package let size: Int

    package init(name: String, size: Int) {
      self.name = name
      self.size = size
    }

  }

  /// The number of threads of a plan that was compiled without naming one, on any machine.
  package static let defaultThreads = 2

  /// The model's file, without folders.
  package var source: String

  /// The model's name.
  package var model: String

  /// The policy that made the schedule, as `every(k: 3)`.
  package var policy: String

  /// The budget in bytes that bound the peak, if one was given.
  package var budget: Int?

  /// The profile of times that the schedule was chosen by; `nil` for FLOPs.
  package var costs: CostSource?

  /// The digest over what the plan computes, see `Plan.contentDigest`; `nil` if it does not say.
  package var computes: String?

  /// The name of a `PlanTarget`.
  package var target: String

  /// The number of threads that every kernel uses; on the processor another one may give other roundings.
  package var threads: Int

  /// How products of matrices are computed; another one than f32 gives other numbers.
  package var precision: MatrixPrecision

  /// Who computes products of matrices; another one than cgad gives other numbers.
  package var library: MatrixLibrary

  /// All dims in order of declaration.
  package var dims: [Dim]

  package init(
    source: String, model: String, policy: String, budget: Int? = nil, costs: CostSource? = nil,
    computes: String? = nil, target: String = "cpu", threads: Int = defaultThreads,
    precision: MatrixPrecision = .f32, library: MatrixLibrary = .cgad, dims: [Dim] = []
  ) {
    self.source = source
    self.model = model
    self.policy = policy
    self.budget = budget
    self.costs = costs
    self.computes = computes
    self.target = target
    self.threads = threads
    self.precision = precision
    self.library = library
    self.dims = dims
  }

  /// How products of matrices are computed.
  package var products: ProductMethod { .init(precision, by: library) }

}

/// Bytes and operations of a plan; all are maxima or sums over its programs as said.
package struct PlanTotals: Hashable, Sendable {

  /// `persistentBytes + arenaBytes`.
  package var peakBytes = 0

  /// The highest offset + size of a value or a workspace in the arena, over all programs.
  package var arenaBytes = 0

  /// The highest offset + size of persistent storage.
  package var persistentBytes = 0

  /// `persistentBytes` + the most live bytes at any instruction of any program, its workspace included; sizes are not
  /// rounded.
  package var liveLowerBoundBytes = 0

  /// The most live bytes at any instruction of `train` that are not persistent, not of gradients that a parameter or a sum
  /// of gradients is updated from, and not of values of 256 bytes or less; workspaces are counted in.
  package var activationPeakBytes = 0

  /// The bytes of arena values that are live between the forward and the backward part of `train` and have a use in the
  /// backward part (results that nobody uses there do not count).
  package var savedBytes = 0

  /// The operations of `train` without recomputation: of a micro-batch and what follows the last one.
  package var stepFlops = 0

  /// The operations of the recomputations of `train`, in a micro-batch.
  package var recomputeFlops = 0

  /// The highest offset + size of a copy on the host, over all programs; 0 where nothing is offloaded.
  package var hostBytes = 0

  package init() {}

}

/// Persistent storage at its place.
package struct PlacedStorage: Hashable, Sendable {

  package let storage: Storage

  /// The offset in bytes in the persistent region, a multiple of 64.
  package let offset: Int

  package init(_ storage: Storage, offset: Int) {
    self.storage = storage
    self.offset = offset
  }

}

/// The position of a value in its program's table of values.
package typealias PlanValueIndex = Int

/// A value of a program: a name for bytes at a fixed place.
package struct PlanValue: Hashable, Sendable {

  /// Where the bytes lie.
  package enum Place: Hashable, Sendable {

    /// At this offset in bytes in the arena, a multiple of 64.
    case arena(offset: Int)

    /// In the plan's `storage` at this position.
    case storage(index: Int)

  }

  /// The value's path; recomputed ones end in `'2`, `'3`, … and values in storage have the storage's name.
  package let name: String

  package let type: TensorType

  package let place: Place

  package init(name: String, type: TensorType, place: Place) {
    self.name = name
    self.type = type
    self.place = place
  }

}

/// Bytes of the arena that an instruction works in; they are in use while it is executed and hold anything otherwise.
package struct PlanWorkspace: Hashable, Sendable {

  package let byteCount: Int

  /// The offset in bytes in the arena, a multiple of 64.
  package let offset: Int

  package init(byteCount: Int, offset: Int) {
    self.byteCount = byteCount
    self.offset = offset
  }

  /// The offset of the first byte behind it.
  package var end: Int { offset.addedSaturating(to: byteCount) }

}

/// One line of a program.
package struct PlanInstruction: Hashable, Sendable {

  /// Operations lie apart: most instructions of a long plan are deletions, which need no room for one.
  package indirect enum Action: Hashable, Sendable {

    /// Executes the operation for the first time in the step.
    case compute(Operation)

    /// Executes it again, into new values.
    case recompute(Operation)

    /// Changes persistent storage; the first operands, as many as the operation says, are written in place.
    case update(Operation)

    /// Ends the life of the one operand; if it is being copied to the host, once that is done.
    case delete

    /// Begins to copy the one operand to this offset of the host arena, a multiple of 64.
    case offload(host: Int)

    /// Makes the one result, another version of a value that was offloaded to this offset, from the copy.
    case fetch(PlanValueIndex, host: Int)

  }

  package let action: Action

  package let operands: PlanValueList

  /// The values it defines; none for `update`, `delete` and `offload`.
  package let results: PlanValueList

  /// Where it works, if its operation needs more than operands and results.
  package let workspace: PlanWorkspace?

  /// The line of source it was lowered from.
  package let site: SourceSite

  /// Why it is there, for people; no meaning.
  package let note: String

  package init(
    _ action: Action, operands: some Collection<PlanValueIndex>,
    results: some Collection<PlanValueIndex> = EmptyCollection(), workspace: PlanWorkspace? = nil, site: SourceSite,
    note: String = ""
  ) {
    self.action = action
    self.operands = .init(operands)
    self.results = .init(results)
    self.workspace = workspace
    self.site = site
    self.note = note
  }

}

/// A straight list of instructions.
package struct PlanProgram: Hashable, Sendable {

  /// A value that is reported, never deleted.
  package struct Result: Hashable, Sendable {

    package let result: ProgramResult

    package let value: PlanValueIndex

    package init(_ result: ProgramResult, value: PlanValueIndex) {
      self.result = result
      self.value = value
    }

  }

  /// `train` or `eval`.
  package var name: String

  package var bindings: [InputBinding]

  package var values: [PlanValue]

  package var instructions: [PlanInstruction]

  /// The position of the first instruction of the backward part, or `nil` if there is none.
  package var backwardStart: Int?

  /// The position of the first instruction of the part that is executed in the last micro-batch of a step alone, or `nil`
  /// if there is none.
  package var applyStart: Int?

  package var results: [Result]

  package init(
    name: String, bindings: [InputBinding], values: [PlanValue], instructions: [PlanInstruction], backwardStart: Int?,
    applyStart: Int? = nil, results: [Result]
  ) {
    self.name = name
    self.bindings = bindings
    self.values = values
    self.instructions = instructions
    self.backwardStart = backwardStart
    self.applyStart = applyStart
    self.results = results
  }

}
