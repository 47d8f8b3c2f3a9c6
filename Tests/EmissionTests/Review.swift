import Driver
import Emission
import Operations
import PlanFormat
import Support
import Testing
import TestSupport

/// The models that dumps, explanations and differences are tested with.
enum Review {

  static let folder = GoldenFolder("cases", beside: #filePath)

  /// Returns the plan of `layers.cgm`, after `edit` of its text.
  static func layers(_ edit: (String) -> String = { $0 }, policy: String? = nil, budget: Int? = nil) throws -> Plan {
    let text = edit(folder.text("layers.cgm"))
    return try compilation(of: text, named: "layers.cgm", policy: policy, budget: budget).compiled().plan
  }

  /// Returns the plan of the sample `name` after `edit` of its text.
  static func sample(_ name: String, _ edit: (String) -> String = { $0 }) throws -> Plan {
    let samples = GoldenFolder("../../samples", beside: #filePath)
    let text = edit(samples.text("\(name).cgm"))
    return try compilation(of: text, named: "\(name).cgm").compiled().plan
  }

  /// The plan of gpt, made once.
  static let gpt = Result { try sample("gpt") }

  /// The plans that sums are compared of, made once.
  static let plans = Result { [try plan(), try layers(), try layers(policy: "none()"), try layers(budget: 220_000)] }

  /// `x` is read late, by the backward part, so it is saved; `h` is deleted and computed again.
  ///
  /// Persistent: 512 bytes at 128, behind `b` and its velocity. Arena: `h'2`, `g` and two scalars at the peak.
  static let short = """
    cgplan 1
    source "s.cgm"
    model S
    policy every(k: 2)
    target cpu
    threads 2
    peak_bytes 1732
    arena_bytes 1092
    persistent_bytes 640
    live_lower_bound_bytes 1672
    activation_peak_bytes 1024
    saved_bytes 0
    step_flops 2080
    recompute_flops 128
    training 3 steps seed 1
    data d : f32[16,8] = synthetic(count: 64)  // s.cgm:2
    param b : f32[8] @0 ~ uniform(low: -1.0, high: 1.0)  // s.cgm:3
    slot velocity(b) : f32[8] @64 ~ zeros()  // s.cgm:3
    input x : f32[16,8] @128  // s.cgm:2

    program train {
      bind x = d.0
      h = add x, b : f32[16,8] @0  // s.cgm:4
      y = dropout h {rate: 0.5, key: "y"} : f32[16,8] @512  // s.cgm:5
      delete h  // s.cgm:5  last use
      total = mean y {axes: [0, 1]} : f32[] @1024  // s.cgm:6
      backward
      delete y  // s.cgm:6
      grad(total) = constant {value: 1.0} : f32[] @1088  // s.cgm:6
      h'2 = recompute add x, b : f32[16,8] @0  // s.cgm:4  for the gradient of b
      g = mul h'2, grad(total) : f32[16,8] @512  // s.cgm:5
      delete h'2  // s.cgm:5
      delete grad(total)  // s.cgm:6
      grad(b) = sum g {axes: [0]} : f32[8] @0  // s.cgm:4
      delete g  // s.cgm:4
      update b, velocity(b) = sgd grad(b) {lr: 0.1, momentum: 0.9, decay: 0.0}  // s.cgm:3
      delete grad(b)  // s.cgm:3
      loss loss = total
    }

    """

  /// Returns the plan that `text` is, verified.
  static func plan(_ text: String = short) throws -> Plan {
    let plan = try PlanReader.read(Array(text.utf8))
    try plan.verify()
    return plan
  }

}
