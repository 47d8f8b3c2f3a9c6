import Foundation

/// A folder of models, each beside the texts that stages are expected to print: `x.cgm` and `x.ir.expected`.
package struct GoldenFolder: Sendable {

  private let url: URL

  /// The folder's path.
  package var path: String { url.path }

  /// Creates the folder `name` beside the file at `path`, which is a caller's `#filePath`.
  package init(_ name: String, beside path: String) {
    url = URL(fileURLWithPath: path).deletingLastPathComponent().appendingPathComponent(name)
  }

  /// The names of the models without their extension, in order.
  package var models: [String] { names(endingIn: ".cgm") }

  /// Returns the stages for which an expectation of `model` exists.
  package func stages(of model: String) -> [String] {
    names(endingIn: ".expected").filter { $0.hasPrefix(model + ".") }.map { String($0.dropFirst(model.count + 1)) }
  }

  /// Returns the text of the file `name`.
  package func text(_ name: String) -> String {
    (try? String(contentsOf: url.appendingPathComponent(name), encoding: .utf8)) ?? ""
  }

  /// Compares `observed` with what `model` is expected to print at `stage`.
  ///
  /// Returns `nil` iff they are equal; otherwise a difference, and `observed` is left in a file beside the expectation. With
  /// `CGAD_UPDATE_GOLDEN` set, the expectation is rewritten instead.
  package func mismatch(of model: String, at stage: String, observed: String) -> String? {
    compare(observed, withFile: "\(model).\(stage).expected", leaving: "\(model).\(stage).observed")
      .map { "\(model).\(stage): \($0)" }
  }

  /// Compares `observed` with the text of the file `name`, in the same way.
  package func mismatch(ofFile name: String, observed: String) -> String? {
    compare(observed, withFile: name, leaving: "\(name).observed").map { "\(name): \($0)" }
  }

  private func compare(_ observed: String, withFile name: String, leaving leftName: String) -> String? {
    let left = url.appendingPathComponent(leftName)
    try? FileManager.default.removeItem(at: left)
    let expected = text(name)
    if expected == observed { return nil }
    if ProcessInfo.processInfo.environment["CGAD_UPDATE_GOLDEN"]?.isEmpty == false {
      try? Data(observed.utf8).write(to: url.appendingPathComponent(name))
      return nil
    }
    try? Data(observed.utf8).write(to: left)
    return difference(expected: expected, observed: observed)
  }

  private func names(endingIn suffix: String) -> [String] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    return all.filter { $0.hasSuffix(suffix) }.map { String($0.dropLast(suffix.count)) }.sorted()
  }

}
