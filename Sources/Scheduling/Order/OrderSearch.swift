/// A local search for an order that needs less memory at its peak.
///
/// A move takes one item across the peak, as early or as late as what it reads and what reads it allow, and is made if the
/// steps it crosses need less then, and no more without what is kept for backward.
struct OrderSearch {

  private let model: OrderModel

  /// The items in their order.
  private(set) var order: [Int]

  /// For each item its step.
  private var position: [Int]

  /// The steps that may still be looked at.
  private var effort: Int

  /// The bytes of all steps.
  private(set) var profile: MemoryProfile

  /// The most bytes of a step without what is kept for backward.
  var transientPeak: Int { model.profile(order, in: 0..<order.count, position, model.transientBytes).peak }

  /// - Requires: `order` has every item of `model` once, after what it reads.
  init(_ model: OrderModel, from order: [Int], effort: Int) {
    self.model = model
    self.order = order
    self.effort = effort
    position = .init(repeating: 0, count: order.count)
    for (t, i) in order.enumerated() { position[i] = t }
    profile = model.profile(order, in: 0..<order.count, position, model.bytes)
  }

  /// Makes moves until none is left that helps, or the effort is spent.
  mutating func improve() {
    while effort > 0, move() { profile = model.profile(order, in: 0..<order.count, position, model.bytes) }
  }

  /// Moves an item across the peak if that helps.
  private mutating func move() -> Bool {
    effort -= order.count
    for i in order {
      let (t, peak) = (position[i], profile.peakPosition)
      if t >= peak, let new = earliest(i, above: peak), move(i, to: new) { return true }
      if t <= peak, let new = latest(i, below: peak), move(i, to: new) { return true }
    }
    return false
  }

  /// Returns the first step at which `i` may be executed, unless that is its own or behind `peak`.
  private func earliest(_ i: Int, above peak: Int) -> Int? {
    var first = model.items[i].producers.reduce(0) { max($0, position[$1] + 1) }
    if first > peak { return nil }
    while model.items[order[first]].part != model.items[i].part { first += 1 }
    return first <= peak && first < position[i] ? first : nil
  }

  /// Returns the last step at which `i` may be executed, unless that is its own or before `peak`.
  private func latest(_ i: Int, below peak: Int) -> Int? {
    var last = model.users[i].reduce(order.count - 1) { min($0, position[$1] - 1) }
    if last < peak { return nil }
    while model.items[order[last]].part != model.items[i].part { last -= 1 }
    return last >= peak && last > position[i] ? last : nil
  }

  /// Moves `i` to step `new` if the steps in between need less then.
  private mutating func move(_ i: Int, to new: Int) -> Bool {
    let old = position[i]
    let range = min(old, new)..<max(old, new) + 1
    effort -= 4 * range.count
    let before = (profile(of: range, model.bytes), profile(of: range, model.transientBytes).peak)
    shift(i, from: old, to: new)
    if profile(of: range, model.bytes) < before.0, profile(of: range, model.transientBytes).peak <= before.1 {
      return true
    }
    shift(i, from: new, to: old)
    return false
  }

  private func profile(of range: Range<Int>, _ bytes: [Int]) -> MemoryProfile {
    model.profile(order[range], in: range, position, bytes)
  }

  private mutating func shift(_ i: Int, from old: Int, to new: Int) {
    order.remove(at: old)
    order.insert(i, at: new)
    for t in min(old, new)...max(old, new) { position[order[t]] = t }
  }

}
