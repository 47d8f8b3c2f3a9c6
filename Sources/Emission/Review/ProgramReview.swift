package import PlanFormat
import Operations

/// What people want to know of a program: the life and the part of every value, and the live bytes at every instruction.
///
/// It is derived once, from the instructions alone; all dumps, explanations and reports print from it.
package struct ProgramReview: Sendable {

  package let plan: Plan

  package let program: PlanProgram

  /// For each entry of the table of values, its life.
  package private(set) var versions: [ReviewedVersion]

  /// The values by path, in order of their first version.
  package private(set) var values: [ReviewedValue]

  /// For each entry of the table of values, the position of its value in `values`.
  package private(set) var valueOfVersion: [Int]

  /// For each instruction the operand whose bytes its result takes over.
  package let takeovers: [PlanValueIndex?]

  /// For each instruction the live bytes of the arena while it is executed, its workspace included.
  package private(set) var liveBytes: [Int]

  /// The first of the instructions with the most live bytes; 0 if there is none.
  package private(set) var peak = 0

  /// Derives the review of program `index` of `plan`.
  ///
  /// - Requires: `plan` is verified and has that program.
  /// - Complexity: O(*n*) where *n* is the number of operands.
  package init(_ plan: Plan, program index: Int = 0) {
    self.plan = plan
    program = plan.programs[index]
    takeovers = program.takeovers
    (values, valueOfVersion) = Self.values(of: program, plan.storage)
    versions = Self.lives(of: program, plan.storage, takeovers)
    liveBytes = []
    setCategories()
    setFates()
    measure()
  }

  /// The position of the first instruction of the backward part, or the number of instructions.
  package var backwardStart: Int { program.backwardStart ?? program.instructions.count }

  /// The bytes that are taken at `position`: persistent storage, and what is live in the arena.
  package func memory(at position: Int) -> Int { plan.totals.persistentBytes + liveBytes[position] }

  /// Returns the value that entry `v` of the table is a version of.
  package func value(of v: PlanValueIndex) -> ReviewedValue { values[valueOfVersion[v]] }

  /// Returns the versions in the arena that are live at `position`, in order of the table.
  ///
  /// - Complexity: O(*n*) where *n* is the number of values.
  package func live(at position: Int) -> [ReviewedVersion] { versions.filter { $0.isLive(at: position) } }

}

extension ProgramReview {

  /// Groups the table of values by path.
  private static func values(of program: PlanProgram, _ storage: [PlacedStorage]) -> ([ReviewedValue], [Int]) {
    var (values, positions) = ([ReviewedValue](), [String: Int]())
    let owners = program.values.enumerated().map { (v, value) in
      let path = value.name.withoutVersion
      if let known = positions[path] {
        values[known].versions.append(v)
        return known
      }
      positions[path] = values.count
      values.append(.init(path: path, type: value.type, versions: [v], fate: .transient))
      return values.count - 1
    }
    return (values, owners)
  }

  /// Returns the lives, all of them transient for now where they are in the arena.
  private static func lives(
    of program: PlanProgram, _ storage: [PlacedStorage], _ takeovers: [PlanValueIndex?]
  ) -> [ReviewedVersion] {
    let (count, start) = (program.instructions.count, program.backwardStart ?? program.instructions.count)
    var lives = program.values.enumerated().map { (v, value) in
      let category: ReviewCategory =
        switch value.place {
        case .arena: .transient
        case .storage(let s): .init(storage[s].storage.kind)
        }
      return ReviewedVersion(
        value: v, category: category, bytes: program.arenaBytes(v), release: count, deletion: count)
    }
    for (t, i) in program.instructions.enumerated() {
      for r in i.results { lives[r].birth = t }
      if let v = takeovers[t] { lives[v].release = t }
      for (k, o) in i.operands.enumerated() { lives[o].use(at: t, by: i, operand: k, isBackward: t >= start) }
    }
    return lives
  }

  private mutating func setCategories() {
    for (t, i) in program.instructions.enumerated() {
      for r in i.results { versions[r].category = category(of: r, definedBy: i, at: t) }
    }
    for i in program.instructions {
      guard case .update(let o) = i.action, o != .assign else { continue }
      for g in i.operands.dropFirst(o.writtenCount) where versions[g].birth >= backwardStart {
        versions[g].category = .gradients
      }
    }
  }

  private func category(of r: PlanValueIndex, definedBy i: PlanInstruction, at position: Int) -> ReviewCategory {
    if case .recompute = i.action { return .recomputed }
    if case .fetch = i.action { return .fetched }
    if position >= backwardStart { return .adjoints }
    return versions[r].firstBackwardRead == nil ? .transient : .saved
  }

  private mutating func setFates() {
    for k in values.indices {
      let first = versions[values[k].versions[0]]
      let again = values[k].versions.count - 1
      values[k].fate =
        switch program.values[first.value].place {
        case .storage(let s): .storage(plan.storage[s].storage.kind)
        case .arena where first.birth >= backwardStart: .backward(recomputations: again)
        case .arena where first.firstBackwardRead != nil && again > 0: .savedAndRecomputed(times: again)
        case .arena where first.firstBackwardRead != nil: .saved
        case .arena where values[k].versions.contains { versions[$0].category == .fetched }: .offloaded(fetches: again)
        case .arena: again > 0 ? .recomputed(times: again) : .transient
        }
    }
  }

  /// Adds up the live bytes.
  private mutating func measure() {
    var changes = [Int](repeating: 0, count: program.instructions.count + 1)
    for v in versions where v.bytes > 0 {
      changes[v.birth] += v.bytes
      changes[v.release] -= v.bytes
    }
    var live = 0
    liveBytes.reserveCapacity(program.instructions.count)
    for (t, i) in program.instructions.enumerated() {
      live += changes[t]
      liveBytes.append(live + (i.workspace?.byteCount ?? 0))
      if liveBytes[t] > liveBytes[peak] { peak = t }
    }
  }

}
