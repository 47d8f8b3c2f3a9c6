import CCbc
import Synchronization

extension LinearProgram {

  /// What was found out about the points with whole numbers.
  struct WholeOutcome: Sendable {

    /// No point with whole numbers costs less; infinite if there is none below the limit.
    let bound: Double

    /// The best point that was found.
    let point: [Double]?

    /// The nodes that it took.
    let nodes: Int

  }

  /// One at a time: the parameters of the solver are global variables.
  private static let solver = Mutex(())

  /// Returns what `nodes` nodes of branch and bound tell of the points with whole numbers that cost less than `limit`, or
  /// `nil` if the solver gave up.
  ///
  /// The bound is that of a solver in floating point: what it takes for a bound is one up to its tolerances.
  ///
  /// - Complexity: exponential in the number of columns; `nodes` linear programs, and those of the cuts at the root.
  /// - Source: COIN-OR Cbc 2.10, on one thread.
  func solvedInWholeNumbers(below limit: Double, nodes: Int, seconds: Double?) -> WholeOutcome? {
    Self.solver.withLock { (_) in branched(below: limit, nodes: nodes, seconds: seconds) }
  }

  private func branched(below limit: Double, nodes: Int, seconds: Double?) -> WholeOutcome? {
    let model = Cbc_newModel()
    defer { Cbc_deleteModel(model) }
    var starts: [CoinBigIndex] = [0]
    for c in columns { starts.append(starts[starts.count - 1] + CoinBigIndex(c.count)) }
    let rows = columns.flatMap { $0.map { Int32($0.row) } }
    let coefficients = columns.flatMap { $0.map(\.value) }
    let zeros = [Double](repeating: 0, count: columns.count)
    let infinite = [Double](repeating: .infinity, count: least.count)
    Cbc_loadProblem(
      model, Int32(columns.count), Int32(least.count), starts, rows, coefficients, zeros, upper, cost, least, infinite)
    for x in columns.indices { Cbc_setInteger(model, Int32(x)) }
    Cbc_setLogLevel(model, 0)
    Cbc_setParameter(model, "maxNodes", "\(nodes)")
    Cbc_setParameter(model, "cutoff", "\(limit)")
    if let seconds { Cbc_setParameter(model, "seconds", "\(max(0.01, seconds))") }
    _ = Cbc_solve(model)
    if Cbc_isAbandoned(model) != 0 || Cbc_status(model) == 5 { return nil }
    let taken = Int(Cbc_getNodeCount(model))
    let point = Cbc_bestSolution(model).map { (p) in columns.indices.map { p[$0] } }
    if Cbc_isProvenInfeasible(model) != 0 { return .init(bound: .infinity, point: nil, nodes: taken) }
    let bound = Cbc_getBestPossibleObjValue(model)
    return abs(bound) < 1e30 ? .init(bound: bound, point: point, nodes: taken) : nil
  }

}
