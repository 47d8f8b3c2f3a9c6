import Operations
import Support

/// The bytes of the host arena that copies of values take, each from its offload to the last fetch of it.
///
/// As with `LiveSpans`, live slots that do not overlap are in order of their offsets, so that a new one is compared with its
/// two neighbours alone.
struct HostSlots {

  private struct Slot {

    let range: Range<Int>

    let value: PlanValueIndex

    /// The last instruction that fetches it, -1 if none does.
    var lastFetch = -1

  }

  /// In order of offset.
  private let slots: [Slot]

  /// The position in `slots` by value that is offloaded.
  private let ranks: [PlanValueIndex: Int]

  private var live: PositionSet

  /// - Complexity: O(*n* log *n*) in the number of offloads, and O(1) for a program without them, but for a pass over it.
  init(_ program: PlanProgram) {
    var found: [PlanValueIndex: Slot] = [:]
    for i in program.instructions {
      guard case .offload(let host) = i.action, let v = i.operands.first, program.values.indices.contains(v) else {
        continue
      }
      let end = max(host, host.addedSaturating(to: program.values[v].type.size.value))
      found[v] = found[v] ?? .init(range: host..<end, value: v)
    }
    for (t, i) in program.instructions.enumerated() {
      if case .fetch(let v, _) = i.action { found[v]?.lastFetch = t }
    }
    slots = found.values.sorted { ($0.range.lowerBound, $0.value) < ($1.range.lowerBound, $1.value) }
    ranks = .init(uniqueKeysWithValues: slots.enumerated().map { ($1.value, $0) })
    live = .init(bound: slots.count + 1)
  }

  /// The last instruction that fetches `value`, -1 if none does.
  func lastFetch(of value: PlanValueIndex) -> Int { ranks[value].map { slots[$0].lastFetch } ?? -1 }

  /// The first byte of the slot of `value`, `nil` if it is never offloaded.
  func offset(of value: PlanValueIndex) -> Int? { ranks[value].map { slots[$0].range.lowerBound } }

  /// Takes the slot of `value` unless it overlaps that of another value, which is returned.
  ///
  /// - Requires: some instruction offloads `value`.
  mutating func take(_ value: PlanValueIndex) -> PlanValueIndex? {
    guard let rank = ranks[value], !slots[rank].range.isEmpty else { return nil }
    let range = slots[rank].range
    if let b = live.last(before: rank), slots[b].range.upperBound > range.lowerBound { return slots[b].value }
    if let a = live.first(after: rank), slots[a].range.lowerBound < range.upperBound { return slots[a].value }
    live.insert(rank)
    return nil
  }

  /// Gives the slot of `value` back.
  mutating func free(_ value: PlanValueIndex) {
    if let rank = ranks[value], !slots[rank].range.isEmpty { live.remove(rank) }
  }

}
