import Testing

@Suite struct CompileCommandTests {

  /// What CLI.md lists.
  private static let keys = JSONKeys(kinds: [
    "plan": .string, "policy": .string, "peak_bytes": .count, "arena_bytes": .count, "persistent_bytes": .count,
    "activation_peak_bytes": .count, "live_lower_bound_bytes": .count, "saved_bytes": .count,
    "recompute_flops": .count, "step_flops": .count, "overhead_flops_fraction": .number,
    "overhead_cost_fraction": .number, "cost_unit": .string, "lower_bound_fraction": .numberOrNull,
    "keep_all_peak_bytes": .count, "keep_all_saved_bytes": .count, "values_saved": .count, "values_deleted": .count,
    "values_recomputed": .count, "recomputed_instructions": .count, "snapshots": .count, "snapshot_bytes": .count,
    "compile_seconds": .number, "bytes_saved_by_order": .count, "host_bytes": .count, "values_offloaded": .count,
    "offloaded_bytes": .count, "copy_cost": .count, "copy_wait_cost": .count,
    "instructions": .count, "step_cost": .count, "recompute_cost": .count, "cost_profile": .stringOrNull,
    "cost_profile_digest": .stringOrNull, "estimated_step_ms": .numberOrNull,
  ])

  @Test(arguments: Sample.allCases, ["none()", "sqrt()", "every(k: 4)"])
  func `compile reports its keys, whose numbers add up`(_ sample: Sample, _ policy: String) throws {
    let report = try Workspace().compile(sample.path, "--policy", policy)
    Self.keys.expect(exactlyIn: report)
    func count(_ key: String) -> Int { report[key].integer ?? -1 }
    #expect(report["policy"].string == policy)
    #expect(count("peak_bytes") == count("arena_bytes") + count("persistent_bytes"))
    #expect(count("live_lower_bound_bytes") <= count("peak_bytes"))
    #expect((count("values_recomputed") == 0) == (policy == "none()"))
    #expect((count("recompute_flops") == 0) == (policy == "none()"))
    let overhead = Double(count("recompute_flops")) / Double(count("step_flops"))
    #expect(report["overhead_flops_fraction"].number == overhead)
  }

  @Test(arguments: Sample.allCases)
  func `without recomputation the plan is the one that keeps everything`(_ sample: Sample) throws {
    let report = try Workspace().compile(sample.path, "--policy", "none()")
    #expect(report["peak_bytes"] == report["keep_all_peak_bytes"])
    #expect(report["saved_bytes"] == report["keep_all_saved_bytes"])
  }

  @Test func `the plan goes to STEM.cgplan in the current folder`() throws {
    let w = Workspace()
    let report = try w.cgadc("compile", Sample.digits.path, "--json").exits(0).json
    #expect(report["plan"].string == "digits.cgplan")
    #expect(try w.names == ["digits.cgplan"])
  }

  @Test func `-o names the plan`() throws {
    let w = Workspace()
    let report = try w.cgadc("compile", Sample.digits.path, "-o", "other", "--json").exits(0).json
    #expect(report["plan"].string == "other")
    #expect(try w.names == ["other"])
  }

  @Test func `the summary sets the policy beside the one that keeps everything`() throws {
    let r = try Workspace().cgadc("compile", Sample.digits.path).exits(0)
    for part in ["digits.cgm  Digits  29,770 parameters", "keep everything", "> sqrt()", "wrote digits.cgplan"] {
      #expect(r.results.contains(part), "\(r)")
    }
    #expect(r.messages.isEmpty)
  }

  @Test func `-q says nothing`() throws {
    let w = Workspace()
    let r = try w.cgadc("compile", Sample.digits.path, "-q").exits(0)
    #expect(r.results.isEmpty && r.messages.isEmpty)
    #expect(try w.names == ["digits.cgplan"])
  }

  @Test func `--dim sets a dim and those derived from it`() throws {
    let w = Workspace()
    try w.compile(Sample.digits.path, "--dim", "B=30", "--dim", "Hidden=32")
    #expect(try w.text("model.cgplan").contains("\ndims B=30 Pixels=64 Hidden=32 Classes=10\n"))
  }

  @Test func `a warning goes to the messages, and the plan is written`() throws {
    // 'every(k: 1)' keeps values that no one reads again.
    let w = Workspace()
    let r = try w.cgadc("compile", Sample.digits.path, "--policy", "every(k: 1)").exits(0)
    #expect(!r.results.contains("warning"))
    #expect(try w.names == ["digits.cgplan"])
  }

}
