/// Which rows and columns of a program are alike.
struct ProgramPartition: Sendable {

  /// Things in classes, which are counted from 0 in the order of their first members.
  struct Classes: Sendable {

    /// The class of each thing.
    private(set) var ofMember: [Int] = []

    /// The number of members of each class.
    private(set) var sizes: [Int] = []

    /// Puts into one class what has equal keys.
    init<Key: Hashable>(_ keys: some Sequence<Key>) {
      var classes: [Key: Int] = [:]
      for k in keys {
        let c = classes[k] ?? sizes.count
        if c == sizes.count {
          classes[k] = c
          sizes.append(0)
        }
        ofMember.append(c)
        sizes[c] += 1
      }
    }

  }

  private(set) var columns: Classes

  private(set) var rows: Classes

  /// What tells a row or column from others of its class: what it meets.
  private struct Meeting: Hashable {
    let own: Int
    var sum = 0
    var count = 0

    /// Counts a coefficient at one of class `other`.
    mutating func add(_ coefficient: Int, _ other: Int) {
      sum &+= SolverRandom.mixed(coefficient &* 0x1_0000_0001 ^ other)
      count += 1
    }
  }

  /// Puts together columns of like costs and rows of like least values that meet the like, up to `rounds` meetings away.
  ///
  /// - Complexity: O(*r*·*n*) for *r* rounds and *n* coefficients.
  /// - Source: colour refinement of linear programs (Grohe, Kersting, Mladenov, Selman: Dimension reduction via colour
  ///   refinement, 2014), which goes on until nothing changes; sums of mixed words stand for multisets.
  init(_ p: IntegerProgram, rounds: Int) {
    columns = Classes(p.cost)
    rows = Classes(p.least)
    for _ in 0..<rounds {
      let before = columns.sizes.count + rows.sizes.count
      var rowMeetings = rows.ofMember.map { Meeting(own: $0) }
      for (column, c) in zip(p.columns, columns.ofMember) {
        for e in column { rowMeetings[e.row].add(e.value, c) }
      }
      rows = Classes(rowMeetings)
      let met = rows.ofMember
      columns = Classes(
        zip(p.columns, columns.ofMember).map { (column, c) in
          var m = Meeting(own: c)
          for e in column { m.add(e.value, met[e.row]) }
          return m
        })
      if columns.sizes.count + rows.sizes.count == before { break }
    }
  }

}
