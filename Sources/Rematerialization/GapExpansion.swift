extension RematerializationProblem {

  /// Returns the recomputations that make the values available again which are evicted over `gaps`, just before each use,
  /// with whatever they need in turn; none in the part behind the last micro-batch.
  ///
  /// What is made for others is made again for its own next use, unless `isKeeping`.
  ///
  /// - Complexity: O(*n* log *n*) where *n* is the number of operands of all executions.
  func expanding(_ gaps: [PlainStep.Gap], isKeeping: Bool = false) -> [Insertion] {
    var evictions = [Set<Int>](repeating: [], count: values.count)
    for g in gaps { evictions[g.value].insert(g.from) }
    let lastUse = lastUses
    var isResident = [Bool](repeating: false, count: values.count)
    var insertions: [Insertion] = []
    let lastPosition = applyStart ?? operations.count
    for (t, o) in operations.enumerated() {
      if t <= lastPosition {
        let made = missing(o.operands, isResident)
        insertions += made.map { .init(position: t, operation: $0) }
        if isKeeping { for v in made.flatMap({ operations[$0].results }) { isResident[v] = lastUse[v] > t } }
      }
      for v in o.operands + o.results { isResident[v] = lastUse[v] > t && !evictions[v].contains(t) }
    }
    return insertions
  }

  /// Returns the first execution, or that before which something is recomputed, with the most live bytes where `gaps` are
  /// evicted and everything is made again just before each use.
  func peakPosition(evicting gaps: [PlainStep.Gap]) -> Int {
    let insertions = expanding(gaps)
    var evaluator = SequenceEvaluator(self)
    let slot = evaluator.score(insertions).peakSlot
    var (position, next) = (0, 0)
    for _ in 0..<slot {
      if next < insertions.count, insertions[next].position == position { next += 1 } else { position += 1 }
    }
    return position
  }

  /// The recomputations without which transient values would be live when the backward part begins.
  var obligatoryInsertions: [Insertion] {
    guard let backwardStart, values.contains(where: \.isTransient) else { return [] }
    var last = values.map(\.definition)
    var gaps: [PlainStep.Gap] = []
    for (t, o) in operations.enumerated() {
      for v in o.operands {
        if values[v].isTransient, last[v] < backwardStart, t >= backwardStart {
          gaps.append(.init(value: v, from: last[v], to: t))
        }
        last[v] = t
      }
    }
    return expanding(gaps)
  }

  /// For each value, the last operation that makes or reads it; one past the last for those that are kept.
  private var lastUses: [Int] {
    var lastUse = values.map(\.definition)
    for (t, o) in operations.enumerated() { for v in o.operands { lastUse[v] = t } }
    for v in values.indices where values[v].isKept { lastUse[v] = operations.count }
    return lastUse
  }

  /// Returns the operations, ascending, that make `wanted` of what is resident; what cannot be made again stays instead.
  private func missing(_ wanted: [Int], _ isResident: [Bool]) -> [Int] {
    var needed: Set<Int> = []
    var pending = wanted
    while let v = pending.popLast() {
      let d = values[v].definition
      if !isResident[v], operations[d].isRecomputable, needed.insert(d).inserted { pending += operations[d].operands }
    }
    return needed.sorted()
  }

}
