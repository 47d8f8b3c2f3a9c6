import CClp

/// Minimise `cost · x` for `0 ≤ x ≤ upper` and `rows · x ≥ least`.
struct LinearProgram: Sendable {

  /// An entry of a column that is not zero.
  struct Coefficient: Sendable {
    let row: Int
    var value: Double
  }

  /// The entries of each column, their rows ascending.
  var columns: [[Coefficient]] = []

  var cost: [Double] = []

  var upper: [Double] = []

  /// The least value of each row.
  var least: [Double] = []

  /// An optimal point and the duals of the rows.
  struct Solution: Sendable {

    let columns: [Double]

    let duals: [Double]

  }

  /// Returns an optimum, or `nil` if no point satisfies all rows.
  ///
  /// - Complexity: that of the dual simplex method.
  /// - Source: COIN-OR Clp 1.17.
  func solved() -> Solution? {
    let model = Clp_newModel()
    defer { Clp_deleteModel(model) }
    Clp_setLogLevel(model, 0)
    var starts: [CoinBigIndex] = [0]
    for c in columns { starts.append(starts[starts.count - 1] + CoinBigIndex(c.count)) }
    let rows = columns.flatMap { $0.map { Int32($0.row) } }
    let coefficients = columns.flatMap { $0.map(\.value) }
    let zeros = [Double](repeating: 0, count: columns.count)
    let infinite = [Double](repeating: .infinity, count: least.count)
    Clp_loadProblem(
      model, Int32(columns.count), Int32(least.count), starts, rows, coefficients, zeros, upper, cost, least, infinite)
    Clp_setLogLevel(model, 0)
    guard Clp_initialDualSolve(model) == 0, Clp_status(model) == 0, let x = Clp_primalColumnSolution(model),
      let y = Clp_dualRowSolution(model)
    else { return nil }
    return .init(columns: columns.indices.map { x[$0] }, duals: least.indices.map { y[$0] })
  }

}
