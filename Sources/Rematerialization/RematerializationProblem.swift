/// Operations in the order of their first execution, the values they read and make, and what they cost.
///
/// The engine's view of a training step, and of graphs from elsewhere. A *sequence* of executions in which every operation
/// occurs, the first occurrences in this order, is a schedule: an occurrence that is not the first is a recomputation, and a
/// value is live from each production to its last use before the next one.
package struct RematerializationProblem: Sendable {

  package struct Operation: Sendable {

    /// In any unit, at least 0.
    package var cost: Int

    /// The bytes that it needs while it runs, beside its operands and results.
    package var workspace: Int

    /// The values it reads, each once.
    package var operands: [Int]

    /// The values it makes.
    package var results: [Int]

    /// The operands whose bytes its one result, of the same size, may take over where they are used for the last time; none
    /// is kept.
    package var overwritable: [Int]

    /// The storage it reads.
    package var reads: [Int]

    /// `false` iff it must not be executed again.
    package var isRecomputable: Bool

    /// `true` iff it could be executed again but for what somebody asked for.
    package var isHeld: Bool

    package init(
      cost: Int, workspace: Int = 0, operands: [Int], results: [Int], overwritable: [Int] = [], reads: [Int] = [],
      isRecomputable: Bool = true, isHeld: Bool = false
    ) {
      self.cost = cost
      self.workspace = workspace
      self.operands = operands
      self.results = results
      self.overwritable = overwritable
      self.reads = reads
      self.isRecomputable = isRecomputable
      self.isHeld = isHeld
    }

  }

  package struct Value: Sendable {

    /// The bytes it takes while it is live.
    package var bytes: Int

    /// The operation that makes it.
    package var definition: Int

    /// `true` iff it is live to the end.
    package var isKept: Bool

    /// `true` iff it must not be live when the backward part begins, unless it was made for that.
    package var isTransient: Bool

    package init(bytes: Int, definition: Int, isKept: Bool = false, isTransient: Bool = false) {
      self.bytes = bytes
      self.definition = definition
      self.isKept = isKept
      self.isTransient = isTransient
    }

  }

  /// A change of storage, which happens once all executions that read the storage are done.
  package struct Update: Sendable {

    /// What it changes.
    package var storage: [Int]

    /// The values it reads.
    package var operands: [Int]

    /// `true` iff it comes after all operations before `applyStart`.
    package var isApplied: Bool

    package init(storage: [Int], operands: [Int], isApplied: Bool = false) {
      self.storage = storage
      self.operands = operands
      self.isApplied = isApplied
    }

  }

  /// A value that a copy elsewhere may give back, without its operation being executed again.
  ///
  /// The copy away begins as the value is made for the first time, one after the other, and all are done when the backward
  /// part begins; a copy back begins where it is inserted, behind all copies before it, and the first use of the value waits
  /// for its end. See `SequenceEvaluator` for what that costs.
  package struct Fetch: Sendable {

    /// A value that an operation before the backward part makes.
    package var value: Int

    /// How long one copy takes, as a cost; at least 0.
    package var duration: Int

    package init(value: Int, duration: Int) {
      self.value = value
      self.duration = duration
    }

    /// What a fetch costs, even if nothing waits for it: a 64th part of both copies and never nothing, so that none is made
    /// without need.
    package var price: Int { max(1, (duration + 31) / 32) }

  }

  package var operations: [Operation]

  package var values: [Value]

  package var updates: [Update]

  package var storageCount: Int

  /// The first operation of the part behind the last micro-batch, in which nothing is recomputed; the number of operations
  /// if that part has only updates, `nil` if there is none.
  package var applyStart: Int?

  /// The first operation of the backward part, before which transient values end.
  package var backwardStart: Int?

  /// What may be fetched in the backward part, each value at most once; fetch *k* is inserted as operation -1 - *k*.
  package var fetches: [Fetch] = []

  package init(operations: [Operation], values: [Value], updates: [Update] = [], storageCount: Int = 0) {
    self.operations = operations
    self.values = values
    self.updates = updates
    self.storageCount = storageCount
  }

  /// The problem without what somebody asked for, or `nil` if nothing was.
  var unheld: RematerializationProblem? {
    if !operations.contains(where: \.isHeld) { return nil }
    var p = self
    for i in p.operations.indices where p.operations[i].isHeld { p.operations[i].isRecomputable = true }
    return p
  }

  /// The cost of one plain step.
  package var cost: Int { operations.reduce(0) { $0 + $1.cost } }

}

/// A recomputation: `operation` is executed once more, just before the first execution of the operation at `position`; or a
/// fetch there, before all recomputations.
package struct Insertion: Hashable, Comparable, Sendable {

  package let position: Int

  /// The operation, or -1 - *k* for fetch *k*.
  package let operation: Int

  package init(position: Int, operation: Int) {
    self.position = position
    self.operation = operation
  }

  package static func < (l: Self, r: Self) -> Bool { (l.position, l.operation) < (r.position, r.operation) }

}

/// What a sequence costs and needs.
package struct SequenceScore: Hashable, Sendable {

  /// The cost of the recomputations, of the fetches, and of waiting for copies.
  package var cost = 0

  /// The part of it that is waiting for copies.
  package var wait = 0

  /// The sum over all executions of the live bytes beyond the budget.
  package var excess = 0

  /// The most live bytes at any execution.
  package var peak = 0

  /// The first execution with the most live bytes.
  package var peakSlot = 0

}

extension RematerializationProblem {

  /// Returns the operations in order of execution, with the recomputations and fetches of `insertions`, whose positions
  /// ascend.
  package func executions(with insertions: [Insertion]) -> [Int] {
    var order: [Int] = []
    order.reserveCapacity(operations.count + insertions.count)
    var next = 0
    for p in operations.indices {
      while next < insertions.count, insertions[next].position == p {
        order.append(insertions[next].operation)
        next += 1
      }
      order.append(p)
    }
    return order
  }

  /// Returns `insertions`, whose positions ascend, without the fetches of what is made once more before it is read.
  ///
  /// - Complexity: O(*n*) where *n* is the number of operands of all executions.
  func withoutIdleFetches(_ insertions: [Insertion]) -> [Insertion] {
    if fetches.isEmpty { return insertions }
    var isWanted = values.map(\.isKept)
    for u in updates { for v in u.operands { isWanted[v] = true } }
    var (useful, rest) = ([Insertion](), insertions[...])
    func execute(_ o: Operation) {
      for r in o.results { isWanted[r] = false }
      for v in o.operands { isWanted[v] = true }
    }
    for p in operations.indices.reversed() {
      execute(operations[p])
      while let i = rest.last, i.position == p {
        rest.removeLast()
        if i.operation >= 0 {
          execute(operations[i.operation])
        } else {
          let v = fetches[-1 - i.operation].value
          if !isWanted[v] { continue }
          isWanted[v] = false
        }
        useful.append(i)
      }
    }
    return useful.reversed()
  }

}
