import Operations

extension OrderModel {

  /// Returns the order that always executes what leaves the fewest bytes live, of equals what needs the fewest, the first
  /// of these.
  ///
  /// - Complexity: O(*n*·*r*) where *n* is the number of operands and *r* that of items that are ready at a time.
  func greedyOrder() -> [Int] {
    var order: [Int] = []
    var waiting = items.map(\.producers.count)
    var remaining = holders.map { $0?.count ?? .max }
    for part in 0...2 {
      var ready = items.indices.filter { items[$0].part == part && waiting[$0] == 0 }
      while let next = ready.indices.min(by: { cost(ready[$0], remaining) < cost(ready[$1], remaining) }) {
        let i = ready.remove(at: next)
        order.append(i)
        for v in items[i].touched where remaining[v] != .max { remaining[v] -= 1 }
        for u in users[i] {
          waiting[u] -= 1
          if waiting[u] == 0, items[u].part == part { ready.append(u) }
        }
      }
    }
    return order
  }

  /// Returns by how much the live bytes grow with `i`, what it needs above them, and `i`.
  private func cost(_ i: Int, _ remaining: [Int]) -> (Int, Int, Int) {
    let born = items[i].results.reduce(items[i].workspace) { $0 + bytes[$1] }
    let ending = items[i].touched.reduce(0) { remaining[$1] == 1 ? $0 + bytes[$1] : $0 }
    return (born - items[i].workspace - ending, born, i)
  }

  /// Returns the order that computes, for one after the other of the items that no other reads, what it reads, depth first,
  /// beginning with the operand that needs the most bytes beyond those of its result.
  ///
  /// - Complexity: O(*n* log *n*) where *n* is the number of operands.
  /// - Source: for trees the rule is optimal (Liu, An application of generalized tree pebbling to sparse matrix
  ///   factorization, 1987, for one visit of each subtree).
  func depthFirstOrder() -> [Int] {
    var (isDone, order) = ([Bool](repeating: false, count: items.count), [Int]())
    let children = childrenByNeed()
    for part in 0...2 {
      let roots = items.indices.filter { (i) in
        items[i].part == part && !users[i].contains { items[$0].part == part }
      }
      for root in roots where !isDone[root] {
        var stack = [(item: root, next: 0)]
        while let top = stack.last {
          if top.next == children[top.item].count {
            stack.removeLast()
            if !isDone[top.item] { order.append(top.item) }
            isDone[top.item] = true
            continue
          }
          stack[stack.count - 1].next += 1
          let child = children[top.item][top.next]
          if !isDone[child] { stack.append((child, 0)) }
        }
      }
    }
    return order
  }

  /// Returns for each item what it reads, the neediest first.
  private func childrenByNeed() -> [[Int]] {
    var (need, children) = ([Int](repeating: 0, count: items.count), [[Int]]())
    for (i, item) in items.enumerated() {
      func size(_ j: Int) -> Int { items[j].results.reduce(0) { $0 + bytes[$1] } }
      let sorted = item.producers.filter { items[$0].part == item.part }
        .sorted { (need[$0] - size($0), $1) > (need[$1] - size($1), $0) }
      var held = 0
      for c in sorted {
        need[i] = max(need[i], held.addedSaturating(to: need[c]))
        held = held.addedSaturating(to: size(c))
      }
      need[i] = max(need[i], held.addedSaturating(to: size(i)).addedSaturating(to: item.workspace))
      children.append(sorted)
    }
    return children
  }

}
