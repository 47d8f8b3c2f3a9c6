import Driver
import Foundation
import PlanFormat
import TestSupport

/// The plans that inputs are made from: small models of the package under several policies.
struct PlanSeeds {

  /// A plan's text and what it is called.
  struct Seed {

    let name: String

    let text: String

  }

  let seeds: [Seed]

  /// The samples whose steps take milliseconds.
  private static let samples = ["autoencoder", "digits", "mlp", "two_branch", "lstm"]

  private static let policies = ["none()", "every(k: 2)", "sqrt()", "memory()", "cost()"]

  /// Compiles the models below the package's folder `root`: those of the compiler's tests, and the samples where
  /// `hasSamples`; the plans say what they compute iff `isDigested`.
  init(root: String, hasSamples: Bool, isDigested: Bool) {
    var seeds: [Seed] = []
    for (model, policies) in Self.models(root, hasSamples) {
      guard let source = FileManager.default.contents(atPath: "\(root)/\(model).cgm") else { continue }
      for p in policies {
        guard var plan = Self.plan(of: String(decoding: source, as: UTF8.self), model, p) else { continue }
        if !isDigested { plan.header.computes = nil }
        let text = plan.text
        if !seeds.contains(where: { $0.text == text }) { seeds.append(.init(name: "\(model) \(p)", text: text)) }
      }
    }
    self.seeds = seeds
  }

  private static func models(_ root: String, _ hasSamples: Bool) -> [(path: String, policies: [String])] {
    let folder = "Tests/CompilerTests/cases/accepted"
    let files = ((try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)")) ?? []).sorted()
    let cases = files.filter { $0.hasSuffix(".cgm") }.map { "\(folder)/\($0.dropLast(4))" }
    return cases.map { ($0, ["none()", "every(k: 2)"]) }
      + (hasSamples ? samples.map { ("samples/\($0)", policies) } : [])
  }

  private static func plan(of text: String, _ model: String, _ policy: String) -> Plan? {
    let name = (model as NSString).lastPathComponent + ".cgm"
    let c = compilation(of: text, named: name, policy: policy)
    return try? c.compiled().plan
  }

}
