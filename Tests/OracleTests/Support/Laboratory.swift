import CPUBackend
import CostProfiles
import Driver
import IR
import Operations
import PlanFormat
import Rematerialization
import Runtime
import Semantics
import Support
import Testing

/// Why a test's model has no plan, for people.
struct LaboratoryFailure: Error, CustomStringConvertible {

  let description: String

}

/// Compiles models and makes machines for them.
enum Laboratory {

  /// The threads of every plan.
  static let threads = 2

  /// Returns the plan of `text` under `policy`, or the one that its own schedule asks for where `nil`.
  static func compile(
    _ text: String, named name: String, policy: PolicyCall? = nil, dims: [String: Int] = [:],
    costs: CostProfile? = nil, effort: SolverEffort? = nil, target: PlanTarget = .cpu
  ) throws -> CompiledModel {
    var options = CompileOptions()
    (options.policy, options.costs, options.effort) = (policy, costs, effort)
    options.dims = dims.sorted { $0.key < $1.key }.map { .init(name: $0.key, size: $0.value) }
    (options.threads, options.target) = (threads, target)
    let compilation = Compilation(SourceFile(name: "\(name).cgm", text: text), options: options)
    do throws(CompileFailure) {
      return try compilation.compiled()
    } catch {
      throw LaboratoryFailure(
        description: "\(name) under \(policy?.description ?? "its schedule"): \(Self.text(of: error))")
    }
  }

  private static func text(of failure: CompileFailure) -> String {
    switch failure {
    case .rejected(let diagnostics, let file):
      diagnostics.sorted.map { $0.rendered(in: file) }.joined(separator: "\n")
    case .infeasible(let diagnostic, let file, _): diagnostic.rendered(in: file)
    case .unreadable(let message): message
    case .broken(let stage, let message): "broken after \(stage): \(message)"
    }
  }

  /// Returns a machine for `plan`, which has read its text back, as `cgad` would.
  static func machine(
    for plan: Plan, mode: ExecutionMode = .planned(poison: true), on backend: CountingBackend? = nil
  ) throws -> Machine<CountingBackend> {
    let read = try PlanReader.read(Array(plan.text.utf8))
    return try Machine(VerifiedPlan(read), on: backend ?? CountingBackend(threads: threads), mode: mode)
  }

}

extension Machine {

  /// Sets the storage called `name` to `elements`, rounded to its type.
  func set(_ name: String, to elements: [Double]) throws {
    let buffer = try #require(storage(named: name), "there is no storage '\(name)'")
    try #require(buffer.type.count == elements.count)
    for (i, x) in elements.enumerated() {
      switch buffer.type.element {
      case .i32: buffer.bytes.storeBytes(of: Int32(x), toByteOffset: i * 4, as: Int32.self)
      case .f32: buffer.floats[i] = Float(x)
      case .f64, .f16, .bf16, .i64, .u16, .u8, .bool: throw LaboratoryFailure(description: "\(buffer.type) is not set")
      }
    }
  }

  /// Executes one training step and returns the gradients of all parameters by name.
  func gradients(_ keys: StepKeys) throws(ExecutionFailure) -> [String: [Double]] {
    var result: [String: [Double]] = [:]
    try execute(verified.train, keys) { (observation) in
      let storage = self.verified.plan.storage[observation.parameter].storage
      if storage.kind == .parameter { result[storage.name] = observation.gradient.floats.map(Double.init) }
    }
    return result
  }

  /// The loss that the last training step reported.
  var loss: Float {
    get throws {
      let program = verified.plan.programs[verified.train]
      return value(of: try #require(program.results.first { $0.result.role == .loss }), in: verified.train)
    }
  }

}
