/// Minimise `cost · x` for `0 ≤ x ≤ 1` and `rows · x ≥ least`, with whole numbers throughout.
package struct IntegerProgram: Sendable {

  struct Entry: Sendable {
    let row: Int
    let value: Int
  }

  private(set) var columns: [[Entry]] = []

  private(set) var cost: [Int] = []

  private(set) var least: [Int] = []

  package init() {}

  /// Adds a variable and returns its position.
  package mutating func addColumn(cost c: Int) -> Int {
    columns.append([])
    cost.append(c)
    return columns.count - 1
  }

  /// Adds a condition and returns its position.
  package mutating func addRow(least l: Int) -> Int {
    least.append(l)
    return least.count - 1
  }

  /// Makes `value` the coefficient of column `x` in `row`, which has none.
  package mutating func add(_ value: Int, _ row: Int, _ x: Int) { columns[x].append(.init(row: row, value: value)) }

  /// Returns the bound on the minimum that `duals` prove, none of which is negative, whole numbers of `2^-bits`; rounded up to
  /// a whole cost.
  ///
  /// For any duals π ≥ 0 the minimum is at least Σ π·least + Σ min(0, cost − π·column).
  package func bound(_ duals: [Int], bits: Int) -> Int {
    var total: Int128 = 0
    for (d, l) in zip(duals, least) { total += Int128(d) * Int128(l) }
    for (column, c) in zip(columns, cost) {
      let worth = column.reduce(Int128(0)) { $0 + Int128(duals[$1.row]) * Int128($1.value) }
      total += min(0, Int128(c) << Int128(bits) - worth)
    }
    let one = Int128(1) << Int128(bits)
    return total <= 0 ? 0 : Int(clamping: (total + one - 1) / one)
  }

  /// The greatest coefficient of each row.
  private var scales: [Double] {
    var scales = [Double](repeating: 1, count: least.count)
    for e in columns.joined() { scales[e.row] = max(scales[e.row], Double(abs(e.value))) }
    return scales
  }

  /// The relaxation without costs, its rows divided by their `scales`.
  var relaxation: LinearProgram {
    let scales = scales
    var program = LinearProgram()
    program.least = zip(least, scales).map { Double($0) / $1 }
    program.upper = .init(repeating: 1, count: columns.count)
    program.columns = columns.map { (c) in
      c.sorted { $0.row < $1.row }.map { .init(row: $0.row, value: Double($0.value) / scales[$0.row]) }
    }
    return program
  }

}
