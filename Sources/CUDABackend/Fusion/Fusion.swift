/// What a sequence has a device do, as far as runs of elementwise operations are looked for in it.
package enum FusionItem: Sendable {

  /// Work on this memory; `step` says that a run can do it.
  case work(Footprint, step: ElementwiseStep?)

  /// These bytes are read no more before something writes them.
  case release(MemoryRange)

  /// Nothing is moved across.
  case barrier

}

/// Joins elementwise work over equally many elements to runs, each one launch.
///
/// A run takes up work that does not stand right behind it, too: what stands between is moved before the run where neither
/// the run nor what stays behind has to do with its memory, and stays behind otherwise; and work joins the run only if it has
/// nothing to do with the memory of what stays behind. So each access to memory comes after all that it came after, unless
/// they are both reads, and each operation computes what it did:
///
///     y = sub x, m        run: y = sub x, m; z = mul y, s        s = rsqrt v          (other elements: before the run)
///     s = rsqrt v     →                                          run: y = sub x, m; z = mul y, s
///     t = sum y                                                  t = sum y            (reads y: stays behind)
///     z = mul y, s
///
/// Results that die inside of a run are not written. Barriers, copies to the host among them, end runs.
package struct Fusion {

  /// One launch or what else an item has the device do.
  package enum Part: Sendable {

    /// The item at this position.
    case item(Int)

    /// The items at these positions, of which there are at least two.
    case run(Run, [Int])

  }

  /// The most items that are looked at for one run.
  private static let window = 64

  /// The most items that stay behind a run and work that may join it.
  private static let behindLimit = 24

  private let items: [FusionItem]

  private var parts: [Part] = []

  private init(_ items: [FusionItem]) { self.items = items }

  /// Returns what to do in the place of `items`: each item is in one part, but for releases, which are in none.
  ///
  /// - Complexity: O(*n*) in the number of items, with a factor of the square of what is looked at for one run.
  package static func parts(of items: [FusionItem]) -> [Part] {
    var fusion = Fusion(items)
    fusion.join(Array(items.indices))
    return fusion.parts
  }

  private mutating func join(_ positions: [Int]) {
    var pending = Array(positions.reversed())
    while let first = pending.popLast() {
      switch items[first] {
      case .release: continue
      case .barrier, .work(_, step: nil): parts.append(.item(first))
      case .work(_, let step?):
        guard let run = Run(step) else {
          parts.append(.item(first))
          continue
        }
        var search = RunSearch(run, first)
        search.look(at: pending.suffix(Self.window).reversed(), of: items, behindLimit: Self.behindLimit)
        let found = search.found
        if found.members.count == 1 {
          parts.append(.item(first))
          continue
        }
        pending.removeLast(found.before.count + found.behind.count + found.members.count - 1)
        join(found.before)
        parts.append(.run(search.run, found.members))
        pending += found.behind.reversed()
      }
    }
  }

}

/// The search for what joins a run.
private struct RunSearch {

  /// The items that were looked at, up to the last one that joined.
  struct Found {
    var members: [Int]
    var before: [Int] = []
    var behind: [Int] = []
  }

  private(set) var run: Run

  private(set) var found: Found

  /// As `found`, of all items that were looked at.
  private var seen: Found

  /// The memory of what stays behind.
  private var behind: [Footprint] = []

  init(_ run: Run, _ first: Int) {
    self.run = run
    found = .init(members: [first])
    seen = found
  }

  /// Looks at items in order until a barrier, or until too many stay behind.
  mutating func look(at positions: some Sequence<Int>, of items: [FusionItem], behindLimit: Int) {
    for i in positions {
      switch items[i] {
      case .barrier: return
      case .release(let range): release(range, at: i)
      case .work(let footprint, let step):
        if let step, !isBehindTouched(by: footprint), run.append(step) {
          seen.members.append(i)
          found = seen
        } else {
          place(i, footprint)
        }
      }
      if behind.count > behindLimit { return }
    }
  }

  /// Has the item at `i` stand before the run if it may, else behind it.
  private mutating func place(_ i: Int, _ footprint: Footprint) {
    if isBehindTouched(by: footprint) || run.memory.footprint.conflicts(with: footprint) {
      seen.behind.append(i)
      behind.append(footprint)
    } else {
      seen.before.append(i)
    }
  }

  private func isBehindTouched(by footprint: Footprint) -> Bool {
    behind.contains { $0.conflicts(with: footprint) }
  }

  /// What lies in `range` is not written by the run unless something behind reads it; releases of other memory stand before
  /// the run where nothing behind them was moved away.
  private mutating func release(_ range: MemoryRange, at i: Int) {
    let isTouched = behind.contains { $0.touches(range) }
    let isOfRun = run.memory.footprint.touches(range)
    if isOfRun && !isTouched { run.release(range) }
    if isOfRun || isTouched { seen.behind.append(i) } else { seen.before.append(i) }
  }

}
