import Testing

/// What a schedule may change, and what it may not.
@Suite struct PolicyTests {

  /// Fails the test unless what was measured is what was planned, and the counts add up.
  private static func expectTotals(_ report: JSONValue, _ planned: JSONValue, _ policy: String) {
    func count(_ key: String) -> Int { report[key].integer ?? -1 }
    #expect(report["peak_bytes_planned"] == planned["peak_bytes"], "\(policy)")
    #expect(report["peak_bytes_measured"] == planned["peak_bytes"], "\(policy)")
    #expect(report["recomputed_instructions"] == planned["recomputed_instructions"], "\(policy)")
    #expect(
      count("executed_instructions") == count("computed_instructions") + count("recomputed_instructions"), "\(policy)")
  }

  /// Trains `sample` with and without recomputation and compares.
  private static func compare(_ sample: Sample, steps: Int) throws {
    let w = try Workspace.withDigits()
    let kept = try w.compile(sample.path, "--policy", "none()")
    let expected = try w.train("model.cgplan", "--steps", "\(steps)")
    #expect(expected["loss"].elements.count == steps)
    expectTotals(expected, kept, "none()")
    let budget = try #require(kept["keep_all_peak_bytes"].integer) * 80 / 100
    let own = try #require(kept["keep_all_peak_bytes"].integer) * 96 / 100
    let policies = [
      "sqrt()", "every(k: 3)", "every(k: 1)", "all()", "cost()", "memory(ratio: 0.3)", "speed()", "balanced()",
      "revolve(slots: 3)", "chain(budget: \(own))", "budget(\(own))",
    ]
    let schedules = policies.map { ["--policy", $0] } + [["--budget", "\(budget)"]]
    for flags in schedules {
      let r = try w.run(.cgadc, ["compile", sample.path, "-o", "model.cgplan", "--json"] + flags)
      if r.code == 3, flags[0] == "--budget", sample == .deep { continue }  // its parameters alone are 84 %
      let planned = try r.exits(0).json
      let report = try w.train("model.cgplan", "--steps", "\(steps)")
      expectTotals(report, planned, flags[1])
      for key in ["loss", "metrics", "parameters_digest", "gradients_digest", "computed_instructions"] {
        #expect(report[key] == expected[key], "\(key) under \(flags)")
      }
      if flags[0] == "--budget" { #expect(planned["peak_bytes"].integer.map { $0 <= budget } ?? false) }
    }
  }

  @Test func `A4, A5: thirty steps of digits are the same bits under every schedule`() throws {
    try Self.compare(.digits, steps: 30)
  }

  @Test func `A4, A5: two steps of deep are the same bits under every schedule`() throws {
    try Self.compare(.deep, steps: 2)
  }

  @Test func `the digits are learnt while values are recomputed`() throws {
    let w = try Workspace.withDigits()
    let planned = try w.compile(Sample.digits.path, "--policy", "sqrt()")
    let report = try w.train()
    // 30 epochs of 11 batches.
    #expect(report["steps"] == .number(330))
    #expect(report["metrics"]["eval.accuracy"].number.map { $0 > 0.95 } ?? false, "\(report["metrics"])")
    #expect(report["recomputed_instructions"].integer.map { $0 > 0 } ?? false)
    #expect(report["peak_bytes_measured"] == planned["peak_bytes"])
    #expect(planned["peak_bytes"].integer.map { $0 < planned["keep_all_peak_bytes"].integer ?? 0 } ?? false)
  }

  @Test func `A15: the activations of twenty layers of 512`() throws {
    let w = Workspace()
    // One activation is 64 · 512 · 4 bytes.
    let unit = 131_072
    let kept = try w.compile(Sample.deep.path, "--policy", "none()")
    #expect(kept["activation_peak_bytes"].integer.map { $0 <= 22 * unit } ?? false, "\(kept)")
    #expect(kept["values_recomputed"] == .number(0))
    let every = try w.compile(Sample.deep.path, "--policy", "every(k: 12)")
    #expect(every["activation_peak_bytes"].integer.map { $0 <= 10 * unit } ?? false, "\(every)")
    // 15 of 20 layers, of three values each.
    #expect(every["values_recomputed"] == .number(45))
    #expect(try w.train("model.cgplan", "--steps", "1")["recomputed_instructions"] == .number(45))
  }

  @Test func `manual marks are followed`() throws {
    let w = Workspace()
    try w.write("chain.cgm", Models.chain().replacing("h = relu(h)", with: "h = checkpoint(relu(h))"))
    let marked = try w.compile("chain.cgm")
    #expect(marked["policy"] == .string("manual()"))
    // Of each pair the tanh is recomputed but for the last, which nothing follows, and so is the product.
    #expect(marked["values_recomputed"].integer.map { $0 > 0 } ?? false)
    let report = try w.train()
    try w.write("plain.cgm", Models.chain())
    try w.compile("plain.cgm")
    #expect(try w.train()["loss"] == report["loss"])
  }

}
