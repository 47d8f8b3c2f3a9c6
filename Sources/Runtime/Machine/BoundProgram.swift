import Operations
import PlanFormat

/// An instruction bound to the bytes it works on.
struct BoundStep {

  enum Role {
    case compute
    case recompute

    /// Changes the storage at this position, from this gradient or new content.
    case update(parameter: Int, gradient: Buffer)

    case delete

    /// Begins to copy so many bytes to the host, up to this end of its memory.
    case offload(bytes: Int, hostEnd: Int)

    /// Copies so many bytes back.
    case fetch(bytes: Int)
  }

  let role: Role

  var kernel: Kernel

  /// The highest end in the arena of the results and the workspace.
  let writtenEnd: Int

  /// The bytes of the value deleted.
  let freedBytes: Int

  /// The bytes of the arena that hold results behind it and held none before; what is overwritten in place is not.
  var madeBytes = 0

  /// The bytes that it works in.
  var workspaceBytes = 0

  /// The bytes of the arena that hold nothing behind it.
  var releasedBytes = 0

  /// The value whose bytes hold nothing behind it.
  var released: Buffer?

  /// The position of the instruction in its program.
  let instruction: Int

}

/// A program whose kernels know their operands and results, ready to be executed any number of times.
struct BoundProgram {

  let steps: [BoundStep]

  /// The bytes of each value.
  let buffers: [Buffer]

}

extension PlanProgram {

  /// The values that are made from copies on the host.
  fileprivate var fetched: [PlanValueIndex] {
    instructions.flatMap { (i) -> [PlanValueIndex] in
      guard case .fetch = i.action else { return [] }
      return Array(i.results)
    }
  }

}

/// Binds the instructions of one program to memory.
struct ProgramBinder<B: Backend> {

  let program: PlanProgram

  let placement: Placement

  let mode: ExecutionMode

  /// How products of matrices are computed.
  let products: ProductMethod

  let backend: B

  let buffers: [Buffer]

  private let arena: UnsafeMutableRawPointer

  /// The host's memory for what is offloaded.
  private let host: UnsafeMutableRawPointer?

  /// The values whose bytes another takes over.
  private let taken: Set<PlanValueIndex>

  /// The values that are made from copies on the host.
  private let isFetched: Set<PlanValueIndex>

  /// Creates an instance that binds `program` to the given memory.
  init(
    _ program: PlanProgram, _ placement: Placement, _ mode: ExecutionMode, _ products: ProductMethod, on backend: B,
    storage: [Buffer], arena: UnsafeMutableRawPointer, host: UnsafeMutableRawPointer?
  ) {
    self.program = program
    self.placement = placement
    self.mode = mode
    self.products = products
    self.backend = backend
    self.arena = arena
    self.host = host
    taken = Set(program.takeovers.compactMap(\.self))
    isFetched = Set(program.fetched)
    self.buffers = zip(program.values, placement.offsets).map { (v, offset) in
      switch v.place {
      case .arena: .init(address: arena + offset!, type: v.type)
      case .storage(let index): storage[index]
      }
    }
  }

  /// - Throws: if the device cannot execute an instruction.
  func bound() throws(MachineError) -> BoundProgram {
    var steps: [BoundStep] = []
    var copies: [PlanValueIndex: HostCopy] = [:]
    for i in program.instructions.indices {
      let awaited = awaited(by: program.instructions[i], &copies)
      guard var s = try step(i, &copies) else { continue }
      for c in awaited { s.kernel = Self.waiting(for: c, then: s.kernel) }
      steps.append(s)
    }
    return .init(steps: steps, buffers: buffers)
  }

  /// Returns the copies that `instruction` has to wait for, and takes them from `copies`, which has those that nobody waited
  /// for by value: of a value that is fetched, its first reader waits, and of one that is offloaded, its deletion.
  private func awaited(
    by instruction: PlanInstruction, _ copies: inout [PlanValueIndex: HostCopy]
  ) -> [HostCopy] {
    if copies.isEmpty { return [] }
    var all: [HostCopy] = []
    for o in instruction.operands where instruction.action == .delete || isFetched.contains(o) {
      if let c = copies.removeValue(forKey: o) { all.append(c) }
    }
    return all
  }

  private static func waiting(for copy: HostCopy, then kernel: @escaping Kernel) -> Kernel {
    { (keys) throws(KernelFailure) in
      try copy.wait(keys)
      try kernel(keys)
    }
  }

  /// Returns instruction `i` bound, or `nil` if this mode ignores it.
  private func step(_ i: Int, _ copies: inout [PlanValueIndex: HostCopy]) throws(MachineError) -> BoundStep? {
    let instruction = program.instructions[i]
    switch instruction.action {
    case .compute(let f): return try execution(f, .compute, i)
    case .recompute(let f): return mode == .keepAll ? nil : try execution(f, .recompute, i)
    case .update(let f): return try update(f, i)
    case .delete: return mode == .keepAll ? nil : deletion(i)
    case .offload(let offset): return mode == .keepAll ? nil : try offload(to: offset, i, &copies)
    case .fetch(_, let offset): return mode == .keepAll ? nil : try fetch(from: offset, i, &copies)
    }
  }

  private func offload(
    to offset: Int, _ i: Int, _ copies: inout [PlanValueIndex: HostCopy]
  ) throws(MachineError) -> BoundStep {
    let v = program.instructions[i].operands[0]
    let copy = try copy(.offload, of: v, at: offset, i)
    copies[v] = copy
    let bytes = buffers[v].byteCount
    return .init(
      role: .offload(bytes: bytes, hostEnd: offset + bytes), kernel: copy.begin, writtenEnd: 0, freedBytes: 0,
      instruction: i)
  }

  private func fetch(
    from offset: Int, _ i: Int, _ copies: inout [PlanValueIndex: HostCopy]
  ) throws(MachineError) -> BoundStep {
    let r = program.instructions[i].results[0]
    let copy = try copy(.fetch, of: r, at: offset, i)
    copies[r] = copy
    let bytes = buffers[r].byteCount
    return .init(
      role: .fetch(bytes: bytes), kernel: copy.begin, writtenEnd: (placement.offsets[r] ?? 0) + bytes, freedBytes: 0,
      madeBytes: bytes, instruction: i)
  }

  private func copy(
    _ direction: HostCopy.Direction, of v: PlanValueIndex, at offset: Int, _ i: Int
  ) throws(MachineError) -> HostCopy {
    guard let host else { preconditionFailure("a copy without memory on the host passed the verifier") }
    do throws(MachineError) { return try backend.copy(direction, of: buffers[v], at: host + offset) } catch {
      throw error.located(at: "\(program.instructions[i].site): program \(program.name)")
    }
  }

  private func execution(_ f: Operation, _ role: BoundStep.Role, _ i: Int) throws(MachineError) -> BoundStep {
    let instruction = program.instructions[i]
    let workspace = workspace(of: instruction)
    var kernel: Kernel
    do throws(MachineError) {
      kernel = try backend.kernel(
        of: f, operands: instruction.operands.map { buffers[$0] }, results: instruction.results.map { buffers[$0] },
        workspace: workspace, products: products)
    } catch {
      throw error.located(
        at: "\(instruction.site): program \(program.name)",
        for: instruction.results.first.map { program.values[$0].name })
    }
    if mode == .planned(poison: true), workspace.count > 0 { kernel = poisoning(workspace, around: kernel) }
    let ends = instruction.results.map { (r) in placement.offsets[r].map { $0 + buffers[r].byteCount } ?? 0 }
    let workEnd = instruction.workspace.map { placement.offset(of: $0) + $0.byteCount } ?? 0
    return .init(
      role: role, kernel: kernel, writtenEnd: max(ends.max() ?? 0, workEnd), freedBytes: 0,
      madeBytes: madeBytes(by: instruction), workspaceBytes: workspace.count, instruction: i)
  }

  /// Returns the bytes of the results in the arena without those that lie where an operand lies.
  private func madeBytes(by instruction: PlanInstruction) -> Int {
    let inArena = instruction.results.filter { placement.offsets[$0] != nil }
    let operands = instruction.operands.map { buffers[$0].address }
    return inArena.reduce(0) { $0 + (operands.contains(buffers[$1].address) ? 0 : buffers[$1].byteCount) }
  }

  /// Returns the bytes that `instruction` works in, none if it has no workspace.
  private func workspace(of instruction: PlanInstruction) -> UnsafeMutableRawBufferPointer {
    guard let w = instruction.workspace else { return .init(start: nil, count: 0) }
    return .init(start: arena + placement.offset(of: w), count: w.byteCount)
  }

  /// Returns `kernel` with its workspace filled before and after: no result may depend on what lies there.
  private func poisoning(_ workspace: UnsafeMutableRawBufferPointer, around kernel: @escaping Kernel) -> Kernel {
    let fill = poison(.init(address: workspace.baseAddress!, type: .init(.u8, [workspace.count])))
    return { (keys) throws(KernelFailure) in
      try fill(keys)
      try kernel(keys)
      try fill(keys)
    }
  }

  private func update(_ f: Operation, _ i: Int) throws(MachineError) -> BoundStep {
    let operands = program.instructions[i].operands
    let role = BoundStep.Role.update(
      parameter: storageIndex(operands[0]), gradient: buffers[operands[f.writtenCount]])
    return try execution(f, role, i)
  }

  /// Returns the position in `storage` of the value `v`.
  private func storageIndex(_ v: PlanValueIndex) -> Int {
    switch program.values[v].place {
    case .storage(let index): return index
    case .arena: preconditionFailure("an update of a value in the arena passed the verifier")
    }
  }

  private func poison(_ buffer: Buffer) -> Kernel {
    let backend = backend
    return { (_) in backend.fill(buffer, with: Buffer.poisonByte) }
  }

  private func deletion(_ i: Int) -> BoundStep {
    let v = program.instructions[i].operands[0]
    let buffer = buffers[v]
    let kernel: Kernel = mode == .planned(poison: true) && !taken.contains(v) ? poison(buffer) : { (_) in }
    return .init(
      role: .delete, kernel: kernel, writtenEnd: 0, freedBytes: buffer.byteCount,
      releasedBytes: taken.contains(v) ? 0 : buffer.byteCount, released: taken.contains(v) ? nil : buffer,
      instruction: i)
  }

}
