import Operations
package import PlanFormat

/// What changed between two plans, by the paths of values.
///
/// - Complexity of its derivation: O(*n*) on average where *n* is the length of the plans.
package struct PlanDifference: Hashable, Sendable {

  /// Something that has one text in the one plan and another in the other.
  package struct Setting: Hashable, Sendable, Encodable {
    package let name: String
    package let old: String
    package let new: String
  }

  /// A number of both plans.
  package struct Total: Hashable, Sendable, Encodable {
    package let name: String
    package let old: Int
    package let new: Int
  }

  /// `true` iff the plans are the same, byte for byte.
  package let isSame: Bool

  /// What the plans were made from and for, where it differs.
  package let settings: [Setting]

  /// All totals, and the number of instructions.
  package let totals: [Total]

  /// The values that are added, removed or changed, in order of the new plan, those that are gone first.
  package let values: [ValueChange]

  /// The number of values that both plans have and put in different places of the arena.
  package let movedCount: Int

  /// `true` iff what both plans do is done in another order.
  package let isReordered: Bool

  /// For every text with `*` in the place of layers, how many values of either plan have it.
  let patternTotals: [String: Int]

  /// The paths of both plans.
  let oldPaths: [String]

  let newPaths: [String]

  /// The text of the difference between the evaluation steps; empty if they are the same.
  let evaluation: String

  /// Compares the training steps of two verified plans.
  package init(from old: Plan, to new: Plan) {
    isSame = old == new
    settings = Self.settings(old, new)
    totals = Self.totals(old, new)
    let (a, b) = (ProgramReview(old), ProgramReview(new))
    (oldPaths, newPaths) = (a.allPaths, b.allPaths)
    (values, patternTotals) = isSame ? ([], [:]) : Self.changes(a, b)
    movedCount = isSame ? 0 : Self.movedCount(a, b)
    isReordered = isSame ? false : Self.isReordered(a, b)
    evaluation = Self.evaluation(old, new)
  }

}

extension PlanDifference {

  private static func settings(_ old: Plan, _ new: Plan) -> [Setting] {
    func dims(_ p: Plan) -> String { p.header.dims.map { "\($0.name)=\($0.size)" }.joined(separator: " ") }
    func costs(_ p: Plan) -> String { p.header.costs.map { "\($0.name) (\($0.digest))" } ?? "FLOPs" }
    let all: [Setting] = [
      .init(name: "source", old: old.header.source, new: new.header.source),
      .init(name: "model", old: old.header.model, new: new.header.model),
      .init(name: "policy", old: old.header.policy, new: new.header.policy),
      .init(name: "costs", old: costs(old), new: costs(new)),
      .init(name: "target", old: old.header.target, new: new.header.target),
      .init(name: "matmul_precision", old: old.header.precision.rawValue, new: new.header.precision.rawValue),
      .init(name: "matmul_library", old: old.header.library.rawValue, new: new.header.library.rawValue),
      .init(name: "threads", old: "\(old.header.threads)", new: "\(new.header.threads)"),
      .init(name: "dims", old: dims(old), new: dims(new)),
      .init(name: "training", old: old.training.text, new: new.training.text),
    ]
    return all.filter { $0.old != $0.new }
  }

  private static func totals(_ old: Plan, _ new: Plan) -> [Total] {
    let host = Total(name: "host_bytes", old: old.totals.hostBytes, new: new.totals.hostBytes)
    return PlanTotals.fields.map { (f) in
      .init(name: "\(f.name)", old: old.totals[keyPath: f.path], new: new.totals[keyPath: f.path])
    } + (host.old == 0 && host.new == 0 ? [] : [host]) + [
      .init(name: "instructions", old: old.instructionCount, new: new.instructionCount)
    ]
  }

  private static func changes(_ old: ProgramReview, _ new: ProgramReview) -> ([ValueChange], [String: Int]) {
    let (a, b) = (old.allFacts, new.allFacts)
    let known = Dictionary(a.map { ($0.path, $0.facts) }) { (first, _) in first }
    let kept = Set(b.map(\.path))
    var changes = a.filter { !kept.contains($0.path) }.map { ValueChange(path: $0.path, old: $0.facts, new: nil) }
    for v in b {
      let before = known[v.path]
      if before != v.facts { changes.append(.init(path: v.path, old: before, new: v.facts)) }
    }
    var totals: [String: Int] = [:]
    for path in a.map(\.path) where !kept.contains(path) { totals[PathPattern(path).text, default: 0] += 1 }
    for v in b { totals[PathPattern(v.path).text, default: 0] += 1 }
    return (changes, totals)
  }

  private static func movedCount(_ old: ProgramReview, _ new: ProgramReview) -> Int {
    let places = Dictionary(old.program.values.map { ($0.name, $0.place) }) { (first, _) in first }
    return new.program.values.count { (v) in
      guard case .arena = v.place, let before = places[v.name] else { return false }
      return before != v.place
    }
  }

  private static func isReordered(_ old: ProgramReview, _ new: ProgramReview) -> Bool {
    let (a, b) = (old.computations, new.computations)
    let (inOld, inNew) = (Set(a), Set(b))
    return a.filter(inNew.contains) != b.filter(inOld.contains)
  }

  private static func evaluation(_ old: Plan, _ new: Plan) -> String {
    let (a, b) = (old.programs.dropFirst().first, new.programs.dropFirst().first)
    guard let a, let b else { return a == b ? "" : "evaluation: \(a == nil ? "added" : "removed")" }
    if a == b { return "" }
    let (old, new) = (a.instructions.count, b.instructions.count)
    return "evaluation: " + (old == new ? "changed, \(new) instructions" : "\(old) -> \(new) instructions")
  }

}

extension ProgramReview {

  /// The storage of the plan, then the values of the arena, with what is compared of each.
  fileprivate var allFacts: [(path: String, facts: ValueFacts)] {
    let storage = plan.storage.map { (p) in
      let kind = ReviewedValue.Fate.storage(p.storage.kind)
      let filled = p.storage.initializer.map { "\($0)" } ?? ""
      return (path: p.storage.name, facts: ValueFacts(type: p.storage.type, fate: kind, definition: filled))
    }
    return storage + values.filter { versions[$0.versions[0]].birth >= 0 }.map { (path: $0.path, facts: facts(of: $0)) }
  }

  /// The paths of all storage and values.
  fileprivate var allPaths: [String] { plan.storage.map(\.storage.name) + values.map(\.path) }

  /// The names that are computed or updated, in order.
  fileprivate var computations: [String] {
    program.instructions.indices.compactMap { program.instructions[$0].action == .delete ? nil : subject(at: $0) }
  }

}

extension Plan {

  /// The instructions of all programs.
  fileprivate var instructionCount: Int { programs.reduce(0) { $0 + $1.instructions.count } }

}
