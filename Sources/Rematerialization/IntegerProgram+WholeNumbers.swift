extension IntegerProgram {

  /// What was found out about the points with whole numbers.
  struct WholeBound: Sendable {

    /// No point costs less.
    let cost: Int

    /// The best point that was found.
    let point: [Double]?

    /// The nodes of branch and bound that it took.
    let nodes: Int

  }

  /// The number of bits of the greatest cost that is told apart from the next one.
  private static let costBits = 20

  /// What floating point may have added to a bound, in units of whole costs.
  private static let tolerance = 0.01

  /// Returns what `nodes` nodes of branch and bound tell, with a cost of `limit` or less; `nil` if the solver gave up.
  ///
  /// Costs are rounded down to whole units, of which `limit` has about a million, and so is the bound: the minimum is a whole
  /// number of units, and the solver's bound, of which `tolerance` of a unit is taken off, may be rounded up to one. That is
  /// ten thousand times its tolerance for the cost of a column.
  func leastInWholeNumbers(below limit: Int, nodes: Int, seconds: Double?) -> WholeBound? {
    let shift = max(0, Int.bitWidth - max(1, limit).leadingZeroBitCount - Self.costBits)
    let units = limit >> shift
    var program = relaxation
    program.cost = cost.map { Double($0 >> shift) }
    guard let s = program.solvedInWholeNumbers(below: Double(units) - 0.5, nodes: nodes, seconds: seconds) else {
      return nil
    }
    let least = s.bound >= Double(units) ? units : max(0, Int((s.bound - Self.tolerance).rounded(.up)))
    return .init(cost: least << shift, point: s.point, nodes: s.nodes)
  }

}
