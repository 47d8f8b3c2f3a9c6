import Operations
import PlanFormat
import Support

extension ProgramReview {

  /// Returns the operations of the instruction at `position`, 0 for deletions and copies.
  package func flops(at position: Int) -> Int {
    let i = program.instructions[position]
    let types = i.operands.map { program.values[$0].type }
    switch i.action {
    case .compute(let o), .recompute(let o): return o.flops(types, i.results.map { program.values[$0].type })
    case .update(let o): return o.flops(types, [])
    case .delete, .offload, .fetch: return 0
    }
  }

  /// Returns the bytes of each category while the instruction at `position` is executed, persistent storage included.
  ///
  /// - Complexity: O(*n*) where *n* is the number of values.
  package func breakdown(at position: Int) -> [(category: ReviewCategory, bytes: Int, count: Int)] {
    var (bytes, counts) = (persistentBytes, persistentCounts)
    for v in live(at: position) {
      bytes[v.category, default: 0] += v.bytes
      counts[v.category, default: 0] += 1
    }
    if let w = program.instructions[position].workspace { (bytes[.workspace], counts[.workspace]) = (w.byteCount, 1) }
    return ReviewCategory.allCases.compactMap { (c) in
      bytes[c].map { (category: c, bytes: $0, count: counts[c] ?? 0) }
    }
  }

  /// The bytes of persistent storage by category, without what alignment adds.
  package var persistentBytes: [ReviewCategory: Int] {
    plan.storage.reduce(into: [:]) { $0[.init($1.storage.kind), default: 0] += $1.storage.type.size.value }
  }

  private var persistentCounts: [ReviewCategory: Int] {
    plan.storage.reduce(into: [:]) { $0[.init($1.storage.kind), default: 0] += 1 }
  }

  /// Returns the bytes that the instruction at `position` cannot do without: what it reads, makes and works in.
  package func ownBytes(at position: Int) -> Int {
    let i = program.instructions[position]
    var own = i.workspace?.byteCount ?? 0
    for (k, o) in i.operands.enumerated() where !i.operands[..<k].contains(o) && o != takeovers[position] {
      own += versions[o].bytes
    }
    return i.results.reduce(own) { $0 + versions[$1].bytes }
  }

  /// The instruction whose own bytes are the most, the first of equals; `nil` if there is none.
  package var largestInstruction: Int? {
    let computations = program.instructions.indices.filter { program.instructions[$0].action != .delete }
    return computations.max { (ownBytes(at: $0), $1) < (ownBytes(at: $1), $0) }
  }

  /// Returns what the instruction at `position` is about: its first result, or what it updates or deletes.
  package func subject(at position: Int) -> String {
    let i = program.instructions[position]
    return (i.results.first ?? i.operands.first).map { program.values[$0].name } ?? "-"
  }

}
