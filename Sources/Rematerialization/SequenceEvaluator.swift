/// Scores sequences of executions, given as recomputations in order.
///
/// The problem is kept in flat arrays: the search scores a hundred thousand sequences a second. Fetches are operations
/// without operands behind those of the problem.
///
/// Copies take turns on one link, beside the executions: with *t* the costs of all that was executed and waited for so far,
/// and *l* the end of the last copy, a copy of duration *d* that begins now ends at max(*l*, *t*) + *d*. That is *l* then.
/// The backward part begins at max(*l*, *t*), as the memory of what is away is needed there, and a use of what was fetched at
/// the end of its copy.
package struct SequenceEvaluator: Sendable {

  /// The number of operations, without fetches.
  let count: Int

  /// The cost of each operation, and the price of each fetch.
  let cost: [Int]

  let bytes: [Int]

  let definition: [Int]

  let isRecomputable: [Bool]

  /// The operands of operation `o` are at `operandStart[o]..<operandStart[o + 1]` of `operand`.
  let operandStart: [Int]

  let operand: [Int]

  let resultStart: [Int]

  let result: [Int]

  let kept: [Int]

  let updates: [RematerializationProblem.Update]

  /// The last position where something may be recomputed.
  let lastPosition: Int

  let applyStart: Int

  let backwardStart: Int

  /// What each operation makes, reads and may overwrite, as `SequenceScoring` reads it: from `effectStart[o]` on the working
  /// memory, and then the numbers of results, operands, operands whose bytes the result may take over, and storages that are
  /// read, each followed by these.
  private let effects: [Int]

  private let effectStart: [Int]

  /// What is known of each value, of each execution and of each storage, kept between scores for its memory.
  private var values: [SequenceScoring.Value]

  private var slots: [SequenceScoring.Slot] = []

  private var lastRead: [Int]

  /// The fetch of each value, numbered as in insertions; 0 if there is none.
  let fetch: [Int]

  /// `true` iff there are fetches.
  let hasFetches: Bool

  /// The first position at which something may be fetched.
  let fetchStart: Int

  /// What making or fetching each value again costs at least, whatever it needs.
  let leastCost: [Int]

  /// For each value, how long a copy takes.
  let duration: [Int]

  /// The copies of the sequence that is scored.
  private var copies: SequenceCopies

  package init(_ p: RematerializationProblem) {
    count = p.operations.count
    cost = p.operations.map(\.cost) + p.fetches.map(\.price)
    bytes = p.values.map(\.bytes)
    definition = p.values.map(\.definition)
    isRecomputable = p.operations.map(\.isRecomputable)
    let none = p.fetches.map { _ in [Int]() }
    (operandStart, operand) = Self.flattened(p.operations.map(\.operands) + none)
    (resultStart, result) = Self.flattened(p.operations.map(\.results) + p.fetches.map { [$0.value] })
    var (fetch, duration) = ([Int](repeating: 0, count: p.values.count), [Int](repeating: 0, count: p.values.count))
    var least = p.values.map { p.operations[$0.definition].cost }
    for (k, f) in p.fetches.enumerated() {
      (fetch[f.value], duration[f.value]) = (-1 - k, f.duration)
      let isRecomputable = p.operations[p.values[f.value].definition].isRecomputable
      least[f.value] = isRecomputable ? min(least[f.value], f.price) : f.price
    }
    (self.fetch, self.duration, leastCost) = (fetch, duration, least)
    hasFetches = !p.fetches.isEmpty
    fetchStart = p.backwardStart ?? .max
    copies = .init(values: hasFetches ? p.values.count : 0)
    kept = p.values.indices.filter { p.values[$0].isKept }
    updates = p.updates
    applyStart = p.applyStart ?? .max
    lastPosition = min(applyStart, p.operations.count - 1)
    backwardStart = p.values.contains(where: \.isTransient) ? p.backwardStart ?? .max : .max
    values = p.values.map { .init(bytes: $0.bytes, isTransient: $0.isTransient) }
    (effectStart, effects) = Self.flattened(
      p.operations.map { (o) in
        [o.workspace] + [o.results, o.operands, o.overwritable, o.reads].flatMap { [$0.count] + $0 }
      } + p.fetches.map { [0, 1, $0.value, 0, 0, 0] })
    lastRead = .init(repeating: 0, count: p.storageCount)
  }

  /// Returns the position in the flat arrays of `operation`, numbered as in insertions.
  @inline(__always)
  func index(_ operation: Int) -> Int { operation < 0 ? count - 1 - operation : operation }

  private static func flattened(_ lists: [[Int]]) -> (start: [Int], elements: [Int]) {
    var start = [0]
    for l in lists { start.append(start[start.count - 1] + l.count) }
    return (start, lists.flatMap(\.self))
  }

  /// Returns the score of the plain step with `insertions`, which ascend; bytes beyond `budget` are excess.
  ///
  /// What is copied away is not overwritten by its last use, as the copy may not be done yet.
  ///
  /// - Complexity: O(*n*) where *n* is the number of operands of all executions.
  package mutating func score(_ insertions: [Insertion], budget: Int = .max) -> SequenceScore {
    // Moved out, so that the rest of the evaluator can be read while they are written to.
    var (values, slots, lastRead) = ([SequenceScoring.Value](), [SequenceScoring.Slot](), [Int]())
    var copies = SequenceCopies(values: 0)
    func exchange() {
      swap(&values, &self.values)
      swap(&slots, &self.slots)
      swap(&lastRead, &self.lastRead)
      swap(&copies, &self.copies)
    }
    exchange()
    defer { exchange() }
    let executions = count + insertions.count
    if slots.count < executions + 1 { slots = .init(repeating: .init(), count: executions + executions / 4 + 1) }
    return values.withUnsafeMutableBufferPointer { (values) in
      slots.withUnsafeMutableBufferPointer { (slots) in
        lastRead.withUnsafeMutableBufferPointer { (lastRead) in
          effects.withUnsafeBufferPointer { (effects) in
            effectStart.withUnsafeBufferPointer { (effectStart) in
              var scoring = SequenceScoring(
                values: values, slots: slots, lastRead: lastRead, effects: effects, effectStart: effectStart,
                executions: executions)
              return scoring.score(insertions, self, &copies, budget: budget)
            }
          }
        }
      }
    }
  }

}
