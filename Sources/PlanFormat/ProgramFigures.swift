import Operations

/// Bytes and operations of one program, added up while it is executed without tensors.
struct ProgramFigures {

  /// The most bytes of a value that `activation_peak_bytes` leaves out.
  private static let scalarLimit = 256

  private(set) var arenaBytes = 0

  private(set) var livePeakBytes = 0

  private(set) var activationPeakBytes = 0

  private(set) var savedBytes = 0

  private(set) var flops = 0

  private(set) var recomputeFlops = 0

  private(set) var hostBytes = 0

  private var liveBytes = 0

  private var activationBytes = 0

  /// By value: `true` iff a parameter or a sum of gradients is updated from it.
  private var isGradient: [Bool]

  /// By value: `true` iff it was live where the backward part starts and has not been read since.
  private var isCarried: [Bool]

  init(_ program: PlanProgram) {
    isGradient = .init(repeating: false, count: program.values.count)
    isCarried = isGradient
    for i in program.instructions {
      guard case .update(let o) = i.action, o != .assign else { continue }
      for g in i.operands.dropFirst(o.writtenCount) where isGradient.indices.contains(g) { isGradient[g] = true }
    }
  }

  /// Notes that `value` came to life at `offset`.
  ///
  /// - Requires: it lies within the arena and overlaps nothing live, so that no sum overflows.
  mutating func define(_ value: PlanValueIndex, _ size: Int, offset: Int) {
    arenaBytes = max(arenaBytes, offset + size)
    liveBytes += size
    if isActivation(value, size) { activationBytes += size }
  }

  /// Notes that all results of an instruction are live beside its operands.
  mutating func measure() {
    livePeakBytes = max(livePeakBytes, liveBytes)
    activationPeakBytes = max(activationPeakBytes, activationBytes)
  }

  /// Notes that an instruction works in `workspace`, beside its operands and results, which are live.
  ///
  /// - Requires: it lies within the arena and overlaps nothing live, so that no sum overflows.
  mutating func measure(_ workspace: PlanWorkspace) {
    arenaBytes = max(arenaBytes, workspace.end)
    livePeakBytes = max(livePeakBytes, liveBytes + workspace.byteCount)
    if workspace.byteCount > Self.scalarLimit {
      activationPeakBytes = max(activationPeakBytes, activationBytes + workspace.byteCount)
    }
  }

  /// Notes that `value` was deleted.
  mutating func delete(_ value: PlanValueIndex, _ size: Int) {
    liveBytes -= size
    if isActivation(value, size) { activationBytes -= size }
  }

  /// Notes that a value is copied to `offset` on the host.
  ///
  /// - Requires: the slot lies within the host arena, so that no sum overflows.
  mutating func offload(to offset: Int, _ size: Int) { hostBytes = max(hostBytes, offset + size) }

  private func isActivation(_ value: PlanValueIndex, _ size: Int) -> Bool {
    size > Self.scalarLimit && !isGradient[value]
  }

  /// Notes that the backward part starts with these values live in the arena.
  mutating func startBackward(_ live: [Bool]) { isCarried = live }

  /// Notes that an instruction reads `value`.
  mutating func read(_ value: PlanValueIndex, _ size: Int) {
    if !isCarried[value] { return }
    isCarried[value] = false
    savedBytes += size
  }

  mutating func count(flops f: Int) { flops = flops.addedSaturating(to: f) }

  mutating func count(recomputeFlops f: Int) { recomputeFlops = recomputeFlops.addedSaturating(to: f) }

}
