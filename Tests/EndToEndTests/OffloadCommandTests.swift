import Foundation
import Testing

/// Plans that offload values, compiled, reviewed and run, on the processor and on the simulated device.
@Suite struct OffloadCommandTests {

  /// What schedules must not change.
  private static let keys = ["loss", "metrics", "parameters_digest", "gradients_digest"]

  /// Returns a folder with a network under schedules that keep and that offload, for both devices.
  private static func workspace() throws -> Workspace {
    let w = Workspace()
    try w.write("net.cgm", CUDACommandTests.model)
    try w.write("off.cgm", CUDACommandTests.model + "schedule {\n  checkpoint = none()\n  offload **\n}\n")
    for target in ["cpu", "cuda"] {
      try w.compile("net.cgm", "--policy", "none()", "--target", target, to: "\(target).cgplan")
      try w.compile("off.cgm", "--target", target, to: "\(target)-off.cgplan")
      try w.compile("off.cgm", "--policy", "sqrt()", "--target", target, to: "\(target)-sqrt.cgplan")
    }
    return w
  }

  @Test func `host bytes and copies are in the summary, the report and the reviews`() throws {
    let w = Workspace()
    try w.write("off.cgm", CUDACommandTests.model + "schedule {\n  checkpoint = none()\n  offload **\n}\n")
    let report = try w.compile("off.cgm", to: "off.cgplan")
    let (host, count) = (report["host_bytes"].integer ?? 0, report["values_offloaded"].integer ?? 0)
    #expect(host > 0 && count > 0)
    let summary = try w.cgadc("compile", "off.cgm").exits(0).results
    #expect(summary.contains("\(count) values offloaded: "))
    let plan = try w.text("off.cgplan")
    #expect(plan.contains("\nhost_bytes \(host)\n"))
    #expect(plan.split(separator: "\n").count { $0.hasPrefix("  offload ") } == count)
    let schedule = try w.cgadc("dump", "off.cgplan", "--stage", "schedule").exits(0).results
    #expect(schedule.contains("  offload  ") && schedule.contains("  fetch    "))
    let memory = try w.cgadc("dump", "off.cgplan", "--stage", "memory").exits(0).results
    #expect(memory.contains("host memory of train: \(host) bytes, \(count) copies"))
    #expect(try w.cgadc("explain", "off.cgplan").exits(0).results.contains("for what is offloaded"))
    for format in ["dot", "html", "trace", "json"] {
      _ = try w.cgadc("dump", "off.cgplan", "--stage", "schedule", "--format", format).exits(0)
    }
  }

  @Test func `the processor gives the same bits, and cgad verify agrees`() throws {
    let w = try Self.workspace()
    let kept = try w.train("cpu.cgplan")
    for plan in ["cpu-off.cgplan", "cpu-sqrt.cgplan"] {
      let report = try w.train(plan, "--offload-dir", ".")
      for key in Self.keys { #expect(report[key] == kept[key], "\(plan) \(key)") }
      #expect(report["host_bytes_measured"] == report["host_bytes_planned"])
      #expect(report["peak_bytes_measured"] == report["peak_bytes_planned"])
      #expect(report["host_bytes_measured"] != .number(0) && kept["host_bytes_measured"] == .number(0))
      let verdict = try w.cgad("verify", plan, "--synthetic").exits(0).results
      #expect(verdict.contains("  ok  host"))
    }
    #expect(try w.names.allSatisfy { !$0.hasPrefix("cgad-offload") }, "no file is left")
  }

  @Test func `a run that is resumed under a plan that offloads goes on with the same bits`() throws {
    let w = try Self.workspace()
    let whole = try w.train("cpu.cgplan", "--steps", "6")
    _ = try w.train("cpu.cgplan", "--steps", "3", "--save-dir", "saved")
    let rest = try w.train("cpu-off.cgplan", "--steps", "6", "--resume", "saved")
    #expect(rest["parameters_digest"] == whole["parameters_digest"])
  }

  /// Eight layers whose recomputation needs one value of 32 KiB more than fetching does.
  private static let deep = """
    dim B = 128, D = 64
    data examples: (f32[B, D], f32[B, D]) = synthetic()
    model Net(x: f32[B, D]) -> f32[B, D] {
      var h = x
      repeat 8 as layer {
        param weight: f32[D, D]
        h = tanh(h @ weight)
      }
      return h
    }
    train {
      let (x, y) = batch(examples)
      loss = mse(Net(x), y)
      optimizer = sgd(lr: 0.1)
      steps = 4
    }

    """

  @Test func `optimal meets budgets with copies that it does not without, and every bit is that of keeping all`() throws
  {
    let w = Workspace()
    try w.write("net.cgm", Self.deep)
    try w.compile("net.cgm", "--policy", "none()", to: "all.cgplan")
    let kept = try w.train("all.cgplan")
    let budget = 282_000
    try w.cgadc("compile", "net.cgm", "--policy", "optimal(budget: \(budget))").refuses(3, "no schedule fits")
    for (name, cost, budget) in [("a", 256, budget), ("b", 16, budget), ("c", 256, 380_000), ("d", 16, 380_000)] {
      let policy = "optimal(budget: \(budget), offload: true, cost_per_byte: \(cost))"
      let plan = "\(name).cgplan"
      let compiled = try w.compile("net.cgm", "--policy", policy, to: plan)
      #expect(compiled["values_offloaded"] != .number(0) && compiled["host_bytes"] != .number(0))
      let report = try w.train(plan, "--offload-dir", ".")
      for key in Self.keys { #expect(report[key] == kept[key], "\(plan) \(key)") }
      #expect(report["peak_bytes_measured"] == compiled["peak_bytes"])
      #expect(report["host_bytes_measured"] == compiled["host_bytes"])
      #expect((compiled["peak_bytes"].integer ?? .max) <= budget)
      try w.compile("net.cgm", "--policy", policy, to: "again.cgplan")
      #expect(try w.text("again.cgplan") == w.text(plan), "the same every time")
    }
    let verdict = try w.cgad("verify", "c.cgplan", "--synthetic").exits(0).results
    #expect(verdict.contains("  ok  host"))
    let summary = try w.cgadc(
      "compile", "net.cgm", "--policy", "optimal(budget: 380000, offload: true, cost_per_byte: 16)"
    ).exits(0).results
    #expect(summary.contains("  estimated transfer: as long as "))
    #expect(summary.contains(" (16 FLOPs a byte), not hidden +"))
  }

  @Test func `the simulated device verifies what optimal chooses to offload, and the plan says the same bits`() throws {
    let w = Workspace()
    try w.write("net.cgm", Self.deep)
    let compile = ["--target", "cuda"]
    try w.compile("net.cgm", "--policy", "none()", compile[0], compile[1], to: "all.cgplan")
    let policy = "optimal(budget: 380000, offload: true, cost_per_byte: 16)"
    try w.compile("net.cgm", "--policy", policy, compile[0], compile[1], to: "off.cgplan")
    let device = try SimulatedDevice()
    func train(_ plan: String) throws -> JSONValue {
      try w.cgad(["run", plan, "--json", "--device", "cuda", "--synthetic", "--steps", "2"], with: device.environment)
        .exits(0).json
    }
    let (kept, off) = (try train("all.cgplan"), try train("off.cgplan"))
    for key in Self.keys { #expect(off[key] == kept[key], "\(key)") }
    #expect(off["host_bytes_measured"] == off["host_bytes_planned"] && off["host_bytes_measured"] != .number(0))
    #expect(off["peak_bytes_measured"] == off["peak_bytes_planned"])
  }

  @Test func `a folder that is not there ends the run before the first step`() throws {
    let w = try Self.workspace()
    let r = try w.cgad("run", "cpu-off.cgplan", "--synthetic", "--offload-dir", "absent")
    try r.refuses(3, "in absent for what the plan offloads: No such file or directory")
  }

  @Test func `the simulated device gives the same bits with copies in a stream of their own`() throws {
    let w = try Self.workspace()
    let device = try SimulatedDevice()
    func train(_ plan: String, _ flags: String..., seed: Int = 1) throws -> JSONValue {
      var d = device
      d.environment["CGAD_SIM_SEED"] = "\(seed)"
      return try w.cgad(["run", plan, "--json", "--device", "cuda"] + flags, with: d.environment).exits(0).json
    }
    let kept = try train("cuda.cgplan")
    for seed in 1...3 {
      for plan in ["cuda-off.cgplan", "cuda-sqrt.cgplan"] {
        let report = try train(plan, seed: seed)
        for key in Self.keys { #expect(report[key] == kept[key], "\(plan) \(key) \(seed)") }
        #expect(report["host_bytes_measured"] == report["host_bytes_planned"])
        #expect(report["peak_bytes_measured"] == report["peak_bytes_planned"])
      }
    }
    let eager = try train("cuda-off.cgplan", "--no-cuda-graph")
    for key in Self.keys { #expect(eager[key] == kept[key], "\(key) without a graph") }
  }

  @Test func `the simulated device verifies a plan that offloads`() throws {
    let w = try Self.workspace()
    let r = try w.cuda(SimulatedDevice(), "verify", "cuda-off.cgplan", "--synthetic", "--elements", "4").exits(0)
    #expect(r.results.contains("  ok  host") && !r.results.contains("WRONG"))
  }

}
