import ArgumentParser
import Driver
import Emission
import Support

/// `cgadc sweep`.
struct Sweep: ParsableCommand {

  static let configuration = CommandConfiguration(
    abstract: """
      cgadc sweep samples/gpt.cgm --budget 32MiB..96MiB --points 8

      Compares schedules: peak against recomputation over a range of budgets, or of all policies.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, csv, json, svg }

  @Argument(help: "The model.")
  var file: String

  @Option(
    help: .init(
      "The budgets, as 64MiB..512MiB, or one for --all-policies; from the least that works to what keeping everything needs by default.",
      valueName: "bytes..bytes"))
  var budget: BudgetRange?

  @Option(help: "The number of budgets.")
  var points = 8

  @Flag(help: "Compares the policies instead; those with a budget get half of the activations by default.")
  var allPolicies = false

  @Option(help: "The format; svg is a figure of peak against recomputation.")
  var format = Format.table

  @Option(name: .customLong("dim"), help: .init("The size of a dim.", valueName: "name=size"))
  var dims: [DimArgument] = []

  @Option(help: .init("The train block to compile.", valueName: "name"))
  var train: String?

  @Option(help: .init("The schedule block whose rules are followed.", valueName: "name"))
  var schedule: String?

  @OptionGroup var costs: CostOptions

  @OptionGroup var solver: SolverOptions

  func validate() throws {
    if !(1...1000 ~= points) { throw ValidationError("--points takes a number from 1 to 1000, not \(points)") }
    if allPolicies, let budget, budget.range.count > 1 {
      throw ValidationError("--all-policies takes one budget, not a range")
    }
  }

  mutating func run() throws {
    var options = CompileOptions()
    options.dims = dims.map(\.override)
    (options.train, options.schedule, options.effort) = (train, schedule, solver.effort)
    try costs.apply(to: &options)
    let source = try attempt { () throws(CompileFailure) in try Files.source(file) }
    let compilation = Compilation(source, options: options)
    let (range, points, allPolicies) = (budget?.range, points, allPolicies)
    let rows = try attempt { () throws(CompileFailure) in
      if allPolicies { return try compilation.comparison(budget: range?.upperBound) }
      return try compilation.sweep(budgets: range, points: points)
    }
    switch format {
    case .table: Output.result(SweepRow.table(rows))
    case .csv: Output.result(SweepRow.csv(rows))
    case .json: try Output.json(rows)
    case .svg: Output.result(StandaloneFigure.pareto(rows.map { .init($0, isSwept: !allPolicies) }))
    }
  }

}

/// Budgets on the command line: `64MiB..512MiB`, or one.
struct BudgetRange: ExpressibleByArgument {

  let range: ClosedRange<Int>

  init?(argument: String) {
    guard let dots = argument.firstRange(of: "..") else {
      guard let n = SizeArgument(argument: argument)?.bytes else { return nil }
      range = n...n
      return
    }
    guard let low = SizeArgument(argument: String(argument[..<dots.lowerBound]))?.bytes,
      let high = SizeArgument(argument: String(argument[dots.upperBound...]))?.bytes, low <= high
    else { return nil }
    range = low...high
  }

}
