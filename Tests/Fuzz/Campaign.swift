import Foundation
import PlanFormat

/// A run over many inputs.
struct Campaign {

  private let command: FuzzCommand

  private var inputs: Inputs

  private(set) var ledger: Ledger

  private let watchdog: Watchdog

  /// The most memory that an input was seen to take, in parts of its bytes, beyond a mebibyte.
  private var largestShare = 0.0

  /// The file that names the input being tried, for the case that it is the last.
  private let current: FileHandle

  private let began = Date()

  init(_ command: FuzzCommand, _ inputs: Inputs) throws {
    self.command = command
    self.inputs = inputs
    ledger = try Ledger(folder: command.out, suffix: command.plans ? "cgplan" : "cgm")
    let path = "\(command.out)/current"
    try Data().write(to: URL(fileURLWithPath: path))
    current = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    let seed = command.seed
    watchdog = Watchdog { (index) in print("hang: input \(index) of seed \(seed)") }
  }

  /// Tries all inputs.
  mutating func run() {
    watchdog.run()
    let end = command.first + (command.replay ? 1 : command.count)
    var index = command.first
    while index < end, Int(-began.timeIntervalSinceNow) < command.timeLimit {
      tryInput(index)
      index += 1
    }
    ledger.summarize(inputs: index - command.first, seconds: -began.timeIntervalSinceNow)
    if command.plans, command.memoryEvery > 0 {
      print("reading and verifying took at most \((largestShare * 100).rounded() / 100) times the file beyond 1 MiB")
    }
  }

  private mutating func tryInput(_ index: Int) {
    announce(index)
    let bytes = inputs.input(seed: command.seed, index: UInt64(index))
    if command.plans, command.memoryEvery > 0, index % command.memoryEvery == 0 { measureMemory(bytes, index) }
    let before = Ledger.peakMemory
    var result = Result<Outcome, Violation>.success(.noSyntax)
    let seconds = time(of: bytes, index, &result)
    switch result {
    case .success(let outcome):
      ledger.note(outcome, seconds, index)
      if command.replay { print("\(outcome.rawValue) in \(Int(seconds * 1000)) ms") }
    case .failure(let violation):
      ledger.note(nil, seconds, index)
      ledger.report("violation", violation.description, bytes, seed: command.seed, index: index)
    }
    if seconds > command.slow {
      ledger.report("slow", "\(Int(seconds * 1000)) ms", bytes, seed: command.seed, index: index)
    }
    let peak = Ledger.peakMemory
    if peak > before, peak > command.memory << 20 {
      ledger.report("memory", "\(peak >> 20) MiB", bytes, seed: command.seed, index: index)
    }
  }

  /// Sets `result` to what became of the input, and returns the seconds of what is not a check of that.
  private func time(of bytes: [UInt8], _ index: Int, _ result: inout Result<Outcome, Violation>) -> Double {
    if command.plans {
      return watchdog.measure(index) {
        result = Self.result { () throws(Violation) in try PlanTrial(bytes: bytes).outcome() }
      }
    }
    var trial: Trial?
    let seconds = watchdog.measure(index) { trial = Trial(bytes) }
    _ = watchdog.measure(index) {
      if let trial { result = Self.result { () throws(Violation) in try trial.outcome() } }
    }
    return seconds
  }

  private static func result(_ outcome: () throws(Violation) -> Outcome) -> Result<Outcome, Violation> {
    do throws(Violation) {
      return .success(try outcome())
    } catch {
      return .failure(error)
    }
  }

  /// Reports an input that takes more than ten times its bytes, and a mebibyte, of memory to be read and verified.
  private mutating func measureMemory(_ bytes: [UInt8], _ index: Int) {
    let growth = MemoryGrowth.bytes { _ = try? PlanReader.read(bytes).verify() }
    largestShare = max(largestShare, Double(growth - (1 << 20)) / Double(max(1, bytes.count)))
    if growth > 10 * bytes.count + (1 << 20) {
      ledger.report(
        "memory", "\(growth) bytes for a file of \(bytes.count)", bytes, seed: command.seed, index: index)
    }
  }

  /// Writes which input comes next to a file, from where it can be read after a crash.
  private func announce(_ index: Int) {
    let text = Data("\(command.seed) \(index)\n".utf8)
    text.withUnsafeBytes { _ = pwrite(current.fileDescriptor, $0.baseAddress, $0.count, 0) }
  }

}
