extension IntegerProgram {

  /// How far what tells rows and columns apart may be away.
  private static let partitionRounds = 16

  /// An optimum in which what is alike has like values.
  package struct Symmetric: Sendable {

    /// The duals of the rows.
    package let duals: [Double]

    /// The values of the columns.
    package let point: [Double]

    /// Where each column stands among those of its class, from 0 to 1.
    package let rank: [Double]

    /// Returns for each column whether it is one if the `first` of each class are, or the last, as many as the values of
    /// the class add up to.
    package func rounded(first: Bool) -> [Bool] { zip(point, rank).map { (first ? $1 : 1 - $1) < $0 } }

  }

  /// Returns an optimum of the relaxation in floating point, or `nil` if there is none, or it is of a program of more than
  /// `limit` columns.
  ///
  /// Rows and columns of layers that are alike are solved for once. It is an optimum of the whole where the classes are
  /// told apart to the end; else its duals prove somewhat less, where layers at both ends are not as those between.
  package func symmetricOptimum(limit: Int) -> Symmetric? {
    let partition = ProgramPartition(self, rounds: Self.partitionRounds)
    let (columns, rows) = (partition.columns, partition.rows)
    if columns.sizes.count > limit { return nil }
    let quotient = quotient(partition)
    guard let s = quotient.program.solved() else { return nil }
    var seen = [Int](repeating: 0, count: columns.sizes.count)
    let rank = columns.ofMember.map { (c) in
      seen[c] += 1
      return (Double(seen[c]) - 0.5) / Double(columns.sizes[c])
    }
    return .init(
      duals: rows.ofMember.map { s.duals[$0] * quotient.units[$0] }, point: columns.ofMember.map { s.columns[$0] },
      rank: rank)
  }

  /// Returns the relaxation in which the columns of a class have one value and the rows of a class are one, the mean of
  /// them, and by row what its dual is to be multiplied by for each of the rows.
  private func quotient(_ p: ProgramPartition) -> (program: LinearProgram, units: [Double]) {
    var program = LinearProgram()
    program.least = .init(repeating: 0, count: p.rows.sizes.count)
    for (l, r) in zip(least, p.rows.ofMember) { program.least[r] = Double(l) }
    program.upper = .init(repeating: 1, count: p.columns.sizes.count)
    program.cost = .init(repeating: 0, count: p.columns.sizes.count)
    for (c, x) in zip(cost, p.columns.ofMember) { program.cost[x] += Double(c) }
    program.columns = summed(p)
    var scales = [Double](repeating: 1, count: program.least.count)
    for e in program.columns.joined() { scales[e.row] = max(scales[e.row], abs(e.value)) }
    for x in program.columns.indices {
      for i in program.columns[x].indices { program.columns[x][i].value /= scales[program.columns[x][i].row] }
    }
    for r in scales.indices { program.least[r] /= scales[r] }
    let unit = max(1, program.cost.max() ?? 1)
    for x in program.cost.indices { program.cost[x] /= unit }
    return (program, zip(scales, p.rows.sizes).map { unit / ($0 * Double($1)) })
  }

  /// Returns for each class of columns its coefficients: the sums over its columns, the means over the rows of each class.
  private func summed(_ p: ProgramPartition) -> [[LinearProgram.Coefficient]] {
    var members = [[Int]](repeating: [], count: p.columns.sizes.count)
    for (x, c) in p.columns.ofMember.enumerated() { members[c].append(x) }
    var sums = [Int](repeating: 0, count: p.rows.sizes.count)
    return members.map { (columnsOfClass) in
      var met: Set<Int> = []
      for e in columnsOfClass.lazy.flatMap({ columns[$0] }) {
        let r = p.rows.ofMember[e.row]
        met.insert(r)
        sums[r] += e.value
      }
      return met.sorted().map { (r) in
        defer { sums[r] = 0 }
        return .init(row: r, value: Double(sums[r]) / Double(p.rows.sizes[r]))
      }
    }
  }

}
