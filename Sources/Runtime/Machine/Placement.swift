import Operations
import PlanFormat
import Support

/// How a plan is executed.
package enum ExecutionMode: Hashable, Sendable {

  /// As written; `poison` fills the arena before each program and every deleted value with NaN.
  case planned(poison: Bool)

  /// Every value keeps a place of its own; deletions and recomputations are ignored.
  case keepAll

}

/// Where the values of one program lie in the arena.
struct Placement: Sendable {

  /// The most bytes that keeping every value may take.
  static let keepAllLimit = 16 << 30

  /// The offset in bytes of each value in the arena, `nil` for values in storage.
  let offsets: [Int?]

  /// Where all instructions work, or `nil` if each has the workspace that the plan gives it.
  let sharedWorkspace: Int?

  /// The highest offset + size of a value or workspace.
  let byteCount: Int

  /// Returns the offset of an instruction's workspace.
  func offset(of workspace: PlanWorkspace) -> Int { sharedWorkspace ?? workspace.offset }

  /// Returns the offsets that `program` gives.
  static func planned(_ program: PlanProgram) -> Placement {
    let offsets = program.values.map(\.arenaOffset)
    let ends = zip(program.values, offsets).map { (v, o) in o.map { $0 + v.type.size.value } ?? 0 }
    let workEnds = program.instructions.lazy.compactMap { $0.workspace?.end }
    return .init(offsets: offsets, sharedWorkspace: nil, byteCount: max(ends.max() ?? 0, workEnds.max() ?? 0))
  }

  /// Returns multiples of `alignment` that overlap nowhere, recomputed values having those of the values first computed; behind them
  /// is the one place where all instructions work.
  ///
  /// - Complexity: O(*n*) in the number of values.
  static func keepAll(_ program: PlanProgram, alignment: Int) throws(MachineError) -> Placement {
    let originals = program.originals
    var offsets = [Int?](repeating: nil, count: program.values.count)
    var end = 0
    for (i, v) in program.values.enumerated() where v.arenaOffset != nil && originals[i] == i {
      offsets[i] = end
      let size = (v.type.size.value + alignment - 1) & ~(alignment - 1)
      end = end.addedSaturating(to: size)
    }
    let work = program.instructions.lazy.compactMap { $0.workspace?.byteCount }.max() ?? 0
    let byteCount = end.addedSaturating(to: work)
    if byteCount > keepAllLimit { throw .referenceTooLarge(byteCount: byteCount, limit: keepAllLimit) }
    for i in offsets.indices where originals[i] != i { offsets[i] = offsets[originals[i]] }
    return .init(offsets: offsets, sharedWorkspace: end, byteCount: byteCount)
  }

}

extension PlanValue {

  /// The offset in the arena, `nil` if the value lies in storage.
  var arenaOffset: Int? {
    switch place {
    case .arena(let offset): offset
    case .storage: nil
    }
  }

  /// The name of the value that was computed first: `x` for `x'2`.
  var originalName: Substring {
    guard let quote = name.lastIndex(of: "'"), Int(name[name.index(after: quote)...]) != nil else { return name[...] }
    return name[..<quote]
  }

}

extension PlanProgram {

  /// For each value the position of the value it repeats, its own if it repeats none.
  ///
  /// - Requires: the plan is verified, so that a recomputed value has a name that ends in `'2`, `'3`, … and the value of the
  ///   name before that is computed first.
  /// - Complexity: O(*n*) in the number of values and instructions.
  var originals: [PlanValueIndex] {
    var computed: [Substring: PlanValueIndex] = [:]
    var result = Array(values.indices)
    for i in instructions {
      switch i.action {
      case .compute: for r in i.results { computed[values[r].name[...]] = r }
      case .recompute: for r in i.results { result[r] = computed[values[r].originalName] ?? r }
      case .fetch(let source, _): for r in i.results { result[r] = result[source] }
      case .update, .delete, .offload: break
      }
    }
    return result
  }

}
