import Driver
import Foundation
import IR
import PlanFormat
import Testing

/// A model of `samples/`.
struct SampleFile: Sendable, CustomTestStringConvertible {

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../../samples").standardized.path

  /// All of them, in order of the alphabet.
  static let all = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
    .filter { $0.hasSuffix(".cgm") }.sorted().map { SampleFile(name: String($0.dropLast(4))) }

  /// The dims that the data's files fix.
  private static let dataDims: Set<String> = ["Y", "X", "P", "Q", "Pixels", "Rows", "Columns", "T", "V"]

  /// The name without its extension.
  let name: String

  var testDescription: String { name }

  /// Sizes that make the model small and leave its data as they are.
  var smallDims: [String: Int] {
    let sample = TorchSample.all.first { $0.name == name }
    return sample?.dims.filter { !Self.dataDims.contains($0.key) } ?? [:]
  }

  /// Returns the model's plan with the given sizes of dims.
  func plan(dims: [String: Int], policy: PolicyCall? = nil, target: PlanTarget = .cpu) throws -> Plan {
    let text = try String(contentsOfFile: "\(Self.folder)/\(name).cgm", encoding: .utf8)
    return try Laboratory.compile(text, named: name, policy: policy, dims: dims, target: target).plan
  }

}
