import ArgumentParser
import Driver
import Emission
import Foundation
import PlanFormat
import Support
import Synchronization

/// `cgadc diff`.
struct Diff: ParsableCommand {

  static let configuration = CommandConfiguration(
    abstract:
      "cgadc diff old.cgplan new.cgplan\n\nSays what changed between two plans: peak, operations, and values by path.",
    discussion: """
      Lines begin with + (added), - (removed), ~ (changed) and = (of the whole); layers with the same change are one line.
      Exits with 0 if the plans are the same, 1 if they differ, 2 if one cannot be read. A model is compiled first.
      """)

  @Argument(help: "The plan, or model, before the change.")
  var old: String

  @Argument(help: "The plan, or model, after it.")
  var new: String

  @Flag(help: "Prints Markdown, for a comment on a pull request.")
  var markdown = false

  @Flag(help: "Prints one JSON document, with every value.")
  var json = false

  @Flag(help: "Prints every change instead of the largest.")
  var full = false

  @OptionGroup var options: CompilationOptions

  mutating func validate() throws {
    if markdown, json { throw ValidationError("--markdown and --json exclude each other") }
  }

  mutating func run() throws {
    let difference = try compared()
    if json {
      try Output.json(difference)
    } else {
      Output.result(markdown ? difference.markdown(isFull: full) : difference.text(isFull: full))
    }
    if !difference.isSame { throw Exit.rejected }
  }

  /// Returns the difference; whatever keeps it from being known is trouble, as in diff(1).
  private func compared() throws -> PlanDifference {
    do {
      if let (old, new) = Self.soundPlans(old, new) { return .init(from: old, to: new) }
      return .init(from: try options.plan(at: old), to: try options.plan(at: new))
    } catch let code as ExitCode where code == Exit.rejected {
      throw Exit.unreadable
    }
  }

  /// Returns the two plans, read and verified side by side, or `nil` unless both files are plans without a fault: then they
  /// are read one after the other, and what is wrong is said in that order.
  private static func soundPlans(_ old: String, _ new: String) -> (Plan, Plan)? {
    let paths = [old, new]
    if !paths.allSatisfy({ $0.hasSuffix(".cgplan") }) { return nil }
    let plans = Mutex<[Plan?]>([nil, nil])
    DispatchQueue.concurrentPerform(iterations: 2) { (i) in
      guard let bytes = try? Files.bytes(paths[i], limit: 1 << 30), let plan = try? PlanReader.read(bytes),
        (try? plan.verify()) != nil
      else { return }
      plans.withLock { $0[i] = plan }
    }
    let found = plans.withLock { $0.compactMap(\.self) }
    return found.count == 2 ? (found[0], found[1]) : nil
  }

}
