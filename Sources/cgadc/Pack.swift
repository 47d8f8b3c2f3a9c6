import ArgumentParser
import Driver
import Planning
import Support

/// `cgadc pack`.
struct Pack: ParsableCommand {

  static let configuration = CommandConfiguration(
    abstract: """
      cgadc pack problem.csv --capacity 1048576

      Gives buffers from elsewhere offsets within a capacity, so that no two overlap that are live together.
      """,
    discussion: """
      A line of the file is a buffer, live in [lower, upper): id,lower,upper,size. Printed are the same lines with an \
      offset each. Without --capacity as few bytes are looked for as possible.
      """)

  /// The placements that are tried where nothing else is asked for.
  private static let standardNodes = 20_000_000

  @Argument(help: "The buffers, in CSV with the columns id, lower, upper, size and if need be alignment, hint, gaps.")
  var file: String

  @Option(help: "Bytes, as 1048576 or 1MiB.")
  var capacity: String?

  @Option(help: .init("Placements that the search tries; the same number gives the same result.", valueName: "n"))
  var solverNodes: Int?

  @Option(help: .init("Time for the search, as 10s; the result then depends on the machine.", valueName: "time"))
  var solverTime: String?

  @Flag(help: "Prints one JSON document.")
  var json = false

  mutating func validate() throws {
    if let capacity, ByteCount(parsing: capacity) == nil {
      throw ValidationError("--capacity is bytes, as 1048576 or 1MiB; not '\(capacity)'")
    }
    if let solverNodes, solverNodes < 1 { throw ValidationError("--solver-nodes is at least 1") }
    if let solverTime { try SolverOptions.validate(time: solverTime) }
  }

  mutating func run() throws {
    let table = try attempt { () throws(CompileFailure) in try PackingTable(readingFrom: file) }
    let packing = packing(of: table.problem)
    if !packing.fits { return try refuse(packing) }
    if json { return try Output.json(PackingDocument(packing, table)) }
    Output.result(table.csv(offsets: packing.layout.offsets))
    let proof =
      packing.layout.size == packing.bound ? "no layout is smaller" : "no layout is smaller than \(packing.bound)"
    Output.error("\(packing.layout.size) bytes\(capacity.map { " of \($0)" } ?? ""); \(proof)\n")
  }

  private func packing(of problem: PlanningProblem) -> Packing {
    let capacity = capacity.flatMap { ByteCount(parsing: $0)?.value }
    guard let seconds = solverTime.flatMap(SolverOptions.seconds) else {
      return problem.packed(within: capacity, nodes: solverNodes ?? Self.standardNodes)
    }
    let end = ContinuousClock.now + .seconds(seconds)
    return problem.packed(within: capacity, nodes: solverNodes ?? .max) { ContinuousClock.now >= end }
  }

  private func refuse(_ packing: Packing) throws {
    if json { try Output.json(PackingRefusal(packing)) }
    let verdict =
      packing.isProved
      ? "does not fit \(packing.capacity ?? 0) bytes: no layout is smaller than \(packing.bound)"
      : "no layout within \(packing.capacity ?? 0) bytes was found; none is smaller than \(packing.bound)"
    Output.error("\(file): error: \(verdict), and the smallest found has \(packing.layout.size)\n")
    throw Exit.infeasible
  }

}

/// What `pack --json` prints; keys are added, never renamed.
private struct PackingDocument: Encodable {

  let offsets: [String: Int]

  let used: Int

  let lowerBound: Int

  let proved: Bool

  private enum CodingKeys: String, CodingKey {
    case offsets, used, proved
    case lowerBound = "lower_bound"
  }

  init(_ packing: Packing, _ table: PackingTable) {
    offsets = .init(uniqueKeysWithValues: zip(table.ids, packing.layout.offsets))
    used = packing.layout.size
    lowerBound = packing.bound
    proved = packing.isProved
  }

}

/// What `pack --json` prints where nothing fits.
private struct PackingRefusal: Encodable {

  let leastFound: Int

  let lowerBound: Int

  let proved: Bool

  private enum CodingKeys: String, CodingKey {
    case proved
    case leastFound = "least_found_bytes"
    case lowerBound = "lower_bound"
  }

  init(_ packing: Packing) {
    leastFound = packing.layout.size
    lowerBound = packing.bound
    proved = packing.isProved
  }

}
