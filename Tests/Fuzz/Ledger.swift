import Foundation

/// What a run found, and the folder in which it leaves that.
struct Ledger {

  private let folder: URL

  /// What the names of files with inputs end in.
  private let suffix: String

  private var counts: [Outcome: Int] = [:]

  private var slowest: [(seconds: Double, index: Int)] = []

  private(set) var violations = 0

  private(set) var slow = 0

  /// Creates the folder at `path` if there is none.
  init(folder path: String, suffix: String) throws {
    self.suffix = suffix
    folder = URL(fileURLWithPath: path)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  /// Notes what became of an input and how long it took.
  mutating func note(_ outcome: Outcome?, _ seconds: Double, _ index: Int) {
    if let outcome { counts[outcome, default: 0] += 1 }
    if slowest.count < 5 || seconds > slowest[slowest.count - 1].seconds {
      slowest = Array((slowest + [(seconds, index)]).sorted { $0.seconds > $1.seconds }.prefix(5))
    }
  }

  /// Reports something wrong with an input and leaves the input in the folder.
  mutating func report(_ kind: String, _ what: String, _ bytes: [UInt8], seed: UInt64, index: Int) {
    if kind == "slow" { slow += 1 } else { violations += 1 }
    let file = folder.appendingPathComponent("\(kind)-\(seed)-\(index).\(suffix)")
    try? Data(bytes).write(to: file)
    print("\(kind): \(what); \(file.path); cgad-fuzz --replay --seed \(seed) --first \(index)")
    fflush(nil)
  }

  /// Prints the totals after `inputs` inputs and `seconds`.
  func summarize(inputs: Int, seconds: Double) {
    let parts = Outcome.allCases.compactMap { (o) in counts[o].map { "\($0) \(o.rawValue)" } }
    print("\(inputs) inputs in \(Int(seconds)) s: \(parts.joined(separator: ", "))")
    print("\(violations) violations, \(slow) slow, peak memory \(Self.peakMemory >> 20) MiB")
    for (seconds, index) in slowest { print("slowest: \(Int(seconds * 1000)) ms, input \(index)") }
  }

  /// The most bytes of memory that the process had so far.
  static var peakMemory: Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss << 10
  }

}
