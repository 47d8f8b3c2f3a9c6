import Foundation
import Testing

/// What PyTorch computed for a model; `scripts/make-oracles` writes these.
struct TorchCase: Decodable, Sendable, CustomTestStringConvertible {

  struct Tensor: Decodable, Sendable {
    let shape: [Int]
    let data: [Double]

    /// Returns the elements of part `i` of `count` along the first axis.
    func part(_ i: Int, of count: Int) -> [Double] {
      Array(data[(i * data.count / count)..<((i + 1) * data.count / count)])
    }

  }

  let name: String

  /// The lines of the model.
  let source: [String]

  /// Initial values.
  let parameters: [String: Tensor]

  let inputs: [String: Tensor]

  /// The loss of each step.
  let losses: [Double]

  /// The gradients of the first step.
  let gradients: [String: Tensor]

  /// The parameters after the last step, where there are more than one.
  let final: [String: Tensor]?

  var testDescription: String { name }

  /// Returns the cases in the file called `name`.
  static func read(_ name: String) throws -> [TorchCase] { try TorchFile.decoded([TorchCase].self, name) }

}

/// The files beside the tests.
enum TorchFile {

  /// Where the files lie: `torch`, or the folder that `CGAD_ORACLES` names.
  private static let folder =
    ProcessInfo.processInfo.environment["CGAD_ORACLES"].map { URL(fileURLWithPath: $0) }
    ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../torch").standardized

  /// Returns the content of the file called `name`.
  static func decoded<T: Decodable>(_ type: T.Type, _ name: String) throws -> T {
    let data = try Data(contentsOf: folder.appendingPathComponent(name))
    return try JSONDecoder().decode(type, from: data)
  }

}
