import Driver
import Foundation
import Operations
import PlanFormat
import Semantics
import Support
import TestSupport

/// The plans that inputs are made from: small models of the package under several policies.
struct PlanSeeds {

  /// A plan's text and what it is called.
  struct Seed {

    let name: String

    let text: String

  }

  let seeds: [Seed]

  /// A model, and what is made of it.
  private struct Model {

    /// The file below the package's folder, without its suffix.
    let path: String

    let dims: [LoweringOptions.DimOverride]

    let policies: [String]

    /// How products are computed in its plan for another device; `nil` if it has none.
    var products: ProductMethod?

    /// The size of the dims in `dims`, as `B=2 T=4`; empty for a model as it stands.
    var dimsText: String { dims.map { " \($0.name)=\($0.size)" }.joined() }

  }

  /// The samples whose steps take milliseconds.
  private static let samples = ["autoencoder", "digits", "mlp", "two_branch", "lstm"]

  /// Samples that become as small by their dims: with heads, rotary embeddings, images in several parts and batch norms.
  private static let shrunk: [(name: String, dims: KeyValuePairs<String, Int>, products: ProductMethod)] = [
    ("gpt", ["B": 2, "T": 4, "V": 8, "D": 8, "H": 2, "L": 1], .init(.tf32, by: .cgad)),
    ("llama", ["B": 2, "T": 4, "V": 8, "D": 12, "H": 2, "L": 1], .init(.bf16, by: .cublaslt)),
    ("vit", ["B": 2, "D": 8, "H": 2, "L": 1], .init(.f32, by: .cublaslt)),
    ("unet", ["B": 2, "Width": 2], .init()),
  ]

  private static let policies = ["none()", "every(k: 2)", "sqrt()", "memory()", "cost()"]

  /// Compiles the models below the package's folder `root`: those of the compiler's tests, small forms of samples, for
  /// another device, too, where `hasDevices`, and the samples where `hasSamples`; the plans say what they compute iff
  /// `isDigested`.
  init(root: String, hasSamples: Bool, hasDevices: Bool, isDigested: Bool) {
    var seeds: [Seed] = []
    var texts: Set<String> = []
    for model in Self.models(root, hasSamples: hasSamples, hasDevices: hasDevices) {
      guard let source = FileManager.default.contents(atPath: "\(root)/\(model.path).cgm") else { continue }
      for (policy, p) in Self.plans(of: String(decoding: source, as: UTF8.self), model) {
        var plan = p
        if !isDigested { plan.header.computes = nil }
        let text = plan.text
        if !texts.insert(text).inserted { continue }
        seeds.append(.init(name: "\(model.path)\(model.dimsText) \(policy)", text: text))
      }
    }
    self.seeds = seeds
  }

  private static func models(_ root: String, hasSamples: Bool, hasDevices: Bool) -> [Model] {
    let folder = "Tests/CompilerTests/cases/accepted"
    let files = ((try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)")) ?? []).sorted()
    let cases = files.filter { $0.hasSuffix(".cgm") }.map { "\(folder)/\($0.dropLast(4))" }
    let few = ["none()", "every(k: 2)"]
    return cases.map { Model(path: $0, dims: [], policies: few) }
      + shrunk.map { (s) in
        Model(
          path: "samples/\(s.name)", dims: s.dims.map { .init(name: $0.key, size: $0.value) },
          policies: hasSamples ? policies : few, products: hasDevices ? s.products : nil)
      } + (hasSamples ? samples.map { .init(path: "samples/\($0)", dims: [], policies: policies) } : [])
  }

  /// Returns the plans of a model under its policies, and one that keeps a budget and says how good it is: what keeping
  /// everything needs, without a quarter of its activations.
  private static func plans(of text: String, _ model: Model) -> [(policy: String, plan: Plan)] {
    let name = (model.path as NSString).lastPathComponent + ".cgm"
    func plan(_ policy: String?, budget: Int? = nil) -> Plan? {
      try? compilation(of: text, named: name, policy: policy, budget: budget, dims: model.dims).compiled().plan
    }
    var plans = model.policies.compactMap { (p) in plan(p).map { (policy: p, plan: $0) } }
    if let whole = plans.first?.plan.totals,
      let p = plan(nil, budget: whole.peakBytes - whole.activationPeakBytes / 4)
    {
      plans.append(("optimal", p))
    }
    if let products = model.products, let p = devicePlan(of: text, name, model.dims, products) {
      plans.append(("for cuda", p))
    }
    return plans
  }

  private static func devicePlan(
    of text: String, _ name: String, _ dims: [LoweringOptions.DimOverride], _ products: ProductMethod
  ) -> Plan? {
    var options = CompileOptions()
    (options.target, options.precision, options.library) = (.cuda, products.precision, products.library)
    options.dims = dims
    return try? Compilation(SourceFile(name: name, text: text), options: options).compiled().plan
  }

}
