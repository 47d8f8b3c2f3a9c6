import ArgumentParser
import PlanFormat
import Support

/// `cgadc verify`.
struct Verify: ParsableCommand {

  static let configuration = CommandConfiguration(
    abstract: "cgadc verify digits.cgplan\n\nProves that plans are safe to run, from their instructions alone.")

  @Argument(help: "The plans.")
  var plans: [String]

  mutating func run() throws {
    for path in plans {
      let p = try plan(at: path)
      let count = p.programs.reduce(0) { $0 + $1.instructions.count }
      Output.result(
        "\(path): ok, \(count) instructions, peak \(ByteCount(p.totals.peakBytes)) (\(p.totals.peakBytes) bytes)\n")
    }
  }

}
