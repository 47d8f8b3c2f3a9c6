import Glibc
import Operations
import PlanFormat
import Runtime

/// A file that gets one record for each step and each evaluation, while training goes on.
final class MetricsFile {

  enum Form {
    case lines
    case table
  }

  private let path: String

  private let form: Form

  private let file: UnsafeMutablePointer<FILE>

  /// The labels of all programs, in order.
  private let labels: [String]

  /// Creates the file at `path` for the results of `plan`.
  ///
  /// - Throws: if the name ends neither in `.jsonl` nor in `.csv`, or the file cannot be written.
  init(_ path: String, for plan: Plan) throws(Failure) {
    form = try Self.form(of: path)
    guard let file = fopen(path, "we") else { throw .init(.unusable, "\(path): \(String(cString: strerror(errno)))") }
    self.path = path
    self.file = file
    var labels: [String] = []
    for r in plan.programs.flatMap(\.results) where !labels.contains(r.result.label) { labels.append(r.result.label) }
    self.labels = labels
    if form == .table { write((["kind", "step", "epoch", "ms", "lr"] + labels).joined(separator: ",")) }
  }

  deinit { fclose(file) }

  /// Returns the form that the name of the file asks for.
  static func form(of path: String) throws(Failure) -> Form {
    if path.hasSuffix(".jsonl") { return .lines }
    if path.hasSuffix(".csv") { return .table }
    throw .init(.usage, "--metrics \(path): the name must end in .jsonl or .csv")
  }

  /// Writes the record of `event`, if it has one.
  func record(_ event: TrainingEvent) {
    switch event {
    case .step(let step, let epoch, let values, let rate, let duration):
      record("train", step, epoch, milliseconds: duration * 1000, rate: rate, values)
    case .epoch, .checkpoint: break
    case .evaluation(let step, let epoch, let values): record("eval", step, epoch, milliseconds: nil, rate: nil, values)
    }
  }

  private func record(
    _ kind: String, _ step: Int, _ epoch: Int, milliseconds: Double?, rate: Double?, _ values: [ReportedValue]
  ) {
    switch form {
    case .lines:
      var fields: [(String, JSON)] = [("kind", .string(kind)), ("step", .integer(step)), ("epoch", .integer(epoch))]
      if let milliseconds { fields.append(("ms", .number(milliseconds))) }
      if let rate { fields.append(("lr", .number(rate))) }
      write(JSON.object(fields + values.map { ($0.label, .number($0.value)) }).text)
    case .table:
      let cells = labels.map { (l) in values.first { $0.label == l }.map { "\($0.value)" } ?? "" }
      write(
        ([kind, "\(step)", "\(epoch)", milliseconds?.fixed(4) ?? "", rate.map { "\($0)" } ?? ""] + cells).joined(
          separator: ","))
    }
  }

  private func write(_ line: String) { fputs(line + "\n", file) }

  /// Writes what is buffered.
  ///
  /// - Throws: if not all records could be written.
  func finish() throws(Failure) {
    if fflush(file) != 0 || ferror(file) != 0 {
      throw .init(.unusable, "\(path): not all records could be written: \(String(cString: strerror(errno)))")
    }
  }

}
