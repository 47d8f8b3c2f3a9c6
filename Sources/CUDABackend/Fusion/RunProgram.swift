/// A run as the kernel `cgad_cuda_run` (kernels/runs.cuh) executes it.
///
/// Each step takes the result of the step before, what a slot keeps, or what lies in memory. A result that is used later than
/// by the next step is kept in a slot, from where it is computed to its last use; so is what several steps read from memory
/// element by element, which is a step of its own then.
package struct RunProgram: Sendable {

  /// The most of each that a program may have.
  package static let (stepLimit, placeLimit, layoutLimit, slotLimit) = (32, 24, 8, 8)

  /// An operand of a step.
  enum Source: Hashable {
    case step(Int)
    case place(Int)
  }

  struct Step {
    let function: RunFunction
    var constants: [Float] = []
    var path: UInt64 = 0
    let operands: [Source]

    /// Where the result is written, if it is.
    var target: Int?

    /// What keeps the result for later steps, if anything does.
    var slot: Int?
  }

  private(set) var steps: [Step] = []

  /// What is read and written.
  private(set) var places: [ElementwiseStep.Operand] = []

  private(set) var layouts: [OperandLayout] = []

  /// The number of slots.
  package private(set) var slotCount = 0

  private let count: Int

  package init(_ run: Run) {
    count = run.count
    let shared = Self.operandsOfSeveralSteps(of: run)
    var loaded: [ElementwiseStep.Operand: Int] = [:]
    var computed: [Int] = []
    for m in run.members {
      let operands = m.sources.map { (source) -> Source in
        switch source {
        case .step(let i): .step(computed[i])
        case .memory(let o): shared.contains(o) ? .step(load(o, &loaded)) : .place(place(o))
        }
      }
      let target = m.isWritten ? place(.dense(m.step.result, count: count)) : nil
      computed.append(steps.count)
      steps.append(
        .init(
          function: m.step.function, constants: m.step.constants, path: m.step.path, operands: operands, target: target)
      )
    }
    assignSlots()
  }

  /// Returns what more than one operand of `run` is in memory, element by element.
  private static func operandsOfSeveralSteps(of run: Run) -> Set<ElementwiseStep.Operand> {
    var uses: [ElementwiseStep.Operand: Int] = [:]
    for case .memory(let o) in run.members.flatMap(\.sources) where o.layout == nil { uses[o, default: 0] += 1 }
    return Set(uses.filter { $0.value > 1 }.keys)
  }

  /// Returns the step that reads `operand` from memory, which is added if it is not among `loaded`.
  private mutating func load(_ operand: ElementwiseStep.Operand, _ loaded: inout [ElementwiseStep.Operand: Int]) -> Int
  {
    if let known = loaded[operand] { return known }
    loaded[operand] = steps.count
    steps.append(.init(function: .copy, operands: [.place(place(operand))]))
    return steps.count - 1
  }

  /// Returns the position of `operand` among the places, where it is put if it is not there.
  private mutating func place(_ operand: ElementwiseStep.Operand) -> Int {
    if let known = places.firstIndex(of: operand) { return known }
    if let layout = operand.layout, !layouts.contains(layout) { layouts.append(layout) }
    places.append(operand)
    return places.count - 1
  }

  /// Gives slots to results that are used later than by the next step.
  private mutating func assignSlots() {
    var lastUse: [Int: Int] = [:]
    for (i, s) in steps.enumerated() {
      for case .step(let from) in s.operands { lastUse[from] = i }
    }
    var free: [Int] = []
    for i in steps.indices {
      // a step reads its operands before its result takes their slot
      let ended = Set(steps[i].operands.compactMap { if case .step(let s) = $0, lastUse[s] == i { s } else { nil } })
      free += ended.compactMap { steps[$0].slot }
      guard let last = lastUse[i], last > i + 1 else { continue }
      free.sort(by: >)
      steps[i].slot = free.popLast() ?? slotCount
      slotCount = max(slotCount, (steps[i].slot ?? 0) + 1)
    }
  }

  /// `true` iff the kernel can execute the program.
  package var fits: Bool {
    steps.count <= Self.stepLimit && places.count <= Self.placeLimit && layouts.count <= Self.layoutLimit
      && slotCount <= Self.slotLimit
  }

  /// The bytes that are read from memory.
  package var readBytes: Int {
    let read = Set(steps.flatMap(\.operands).compactMap { if case .place(let p) = $0 { p } else { nil } })
    return read.reduce(0) { $0 + places[$1].byteCount(for: count) }
  }

  /// The bytes that are written to memory.
  package var writtenBytes: Int { steps.count { $0.target != nil } * 4 * count }

}
