import PlanFormat
import Runtime
import Testing

/// What some training steps gave, to the bit.
struct Trace: Hashable {

  /// The bits of all that the training program reports, step by step.
  var reported: [[UInt64]] = []

  var gradients: [String?] = []

  var parameters: [String] = []

}

/// A session whose machine counts what it executes.
typealias CountedSession = Session<CountingBackend>

extension Laboratory {

  /// Returns a session for `plan` on seeded data, or on its files beside `path` where that is given.
  static func session(
    for plan: Plan, mode: ExecutionMode = .planned(poison: true), on backend: CountingBackend? = nil,
    beside path: String? = nil
  ) throws -> CountedSession {
    let machine = try machine(for: plan, mode: mode, on: backend)
    let catalog = DataCatalog(plan, path: SearchPath(planPath: path ?? "none.cgplan"), isSynthetic: path == nil)
    return try Session(machine, data: catalog, seed: 11)
  }

}

extension Session {

  /// Takes `steps` training steps.
  func trace(steps: Int) throws -> Trace {
    var trace = Trace()
    for _ in 0..<steps {
      var gradients = GradientDigest(machine.verified)
      let reported = try step { gradients.add($0) }
      trace.reported.append(reported.map(\.value.bitPattern))
      trace.gradients.append(gradients.value)
      trace.parameters.append(machine.parametersDigest)
    }
    return trace
  }

}
