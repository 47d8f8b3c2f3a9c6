import Testing

/// A26: rungs of one model for more and more memory pressure.
@Suite struct LadderTests {

  /// Returns a folder with a chain and three rungs of it.
  private static func climbed() throws -> (Workspace, [JSONValue]) {
    let w = Workspace()
    try w.write("chain.cgm", Models.chain(12))
    let rungs = try w.run(.cgadc, ["compile", "chain.cgm", "--ladder", "3", "-o", "d.cgplan", "--json"]).exits(0)
    return (w, try rungs.json.elements)
  }

  private static func paths(_ rungs: [JSONValue]) -> [String] { rungs.compactMap { $0["plan"].string } }

  @Test func `A26: three rungs need less and less memory and cost more and more`() throws {
    let (w, rungs) = try Self.climbed()
    #expect(Self.paths(rungs) == ["d.1.cgplan", "d.2.cgplan", "d.3.cgplan"])
    let peaks = rungs.compactMap { $0["peak_bytes"].integer }
    let costs = rungs.compactMap { $0["recompute_flops"].integer }
    #expect(peaks.count == 3 && zip(peaks, peaks.dropFirst()).allSatisfy { $0 > $1 })
    #expect(costs.count == 3 && costs[0] == 0 && zip(costs, costs.dropFirst()).allSatisfy { $0 < $1 })
    #expect(rungs[0]["policy"] == .string("none()"))
    // the budgets are those of keeping everything, the middle and the least that works
    #expect(peaks[1] <= (peaks[0] + peaks[2]) / 2)
    try w.cgadc("compile", "chain.cgm", "--budget", "1").refuses(3, "(\(peaks[2]) bytes)")
    let digests = try Self.paths(rungs).map {
      try w.cgad("run", $0, "--steps", "3", "--json").exits(0).json["parameters_digest"]
    }
    #expect(Set(digests).count == 1 && digests[0] != .null)
  }

  @Test func `A26: the fastest rung that fits is taken, whatever the order, and it is said`() throws {
    let (w, rungs) = try Self.climbed()
    let peaks = rungs.compactMap { $0["peak_bytes"].integer }
    let paths = Self.paths(rungs)
    for (limit, expected) in [
      (peaks[0], 0), (peaks[0] - 1, 1), (peaks[1], 1), (peaks[1] - 1, 2), (peaks[2], 2),
    ] {
      let flags = ["--steps", "1", "--json", "--memory-limit", "\(limit)"]
      let r = try w.run(.cgad, ["run"] + paths.reversed() + flags).exits(0)
      #expect(
        try r.json["plan"] == .string(paths[expected]) && r.json["peak_bytes_measured"] == rungs[expected]["peak_bytes"]
      )
      #expect(r.messages.contains("\(paths[expected]): the fastest of 3 plans that fits the --memory-limit"), "\(r)")
    }
    let r = try w.run(.cgad, ["run"] + paths + ["--memory-limit", "\(peaks[2] - 1)"])
    try r.refuses(3, "the leanest of 3 plans needs ", "(\(peaks[2]) bytes)", "--budget \(peaks[2] - 1)")
  }

  @Test func `without a limit the machine's memory counts`() throws {
    let (w, rungs) = try Self.climbed()
    let r = try w.run(.cgad, ["run"] + Self.paths(rungs) + ["--steps", "1", "--json"]).exits(0)
    #expect(try r.json["plan"] == .string("d.1.cgplan"))
    #expect(r.messages.contains("d.1.cgplan: the fastest of 3 plans that fits the memory "), "\(r)")
  }

  @Test func `a single plan is no choice`() throws {
    let (w, _) = try Self.climbed()
    let r = try w.cgad("run", "d.2.cgplan", "--steps", "1").exits(0)
    #expect(!r.messages.contains("fastest"))
  }

  @Test func `plans of different models are no rungs`() throws {
    let (w, _) = try Self.climbed()
    try w.compile("chain.cgm", "--dim", "B=2", to: "other.cgplan")
    try w.cgad("run", "d.1.cgplan", "other.cgplan").refuses(
      1, "d.1.cgplan and other.cgplan compute different things", "cgadc compile --ladder")
  }

  @Test func `plans that do not say what they compute are told apart, too`() throws {
    let (w, _) = try Self.climbed()
    try w.compile("chain.cgm", "--dim", "B=2", to: "other.cgplan")
    for plan in ["d.1.cgplan", "d.2.cgplan", "other.cgplan"] {
      let lines = try w.text(plan).split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.contains { $0.hasPrefix("computes ") })
      try w.write(plan, lines.filter { !$0.hasPrefix("computes ") }.joined(separator: "\n"))
    }
    try w.cgad("run", "d.1.cgplan", "d.2.cgplan", "--steps", "1").exits(0)
    try w.cgad("run", "d.1.cgplan", "other.cgplan").refuses(1, "compute different things")
  }

  @Test func `on a device its free memory counts`() throws {
    let (w, device) = (Workspace(), try SimulatedDevice(["CGAD_SIM_MEMORY": "\(64 << 20)"]))
    try w.write("net.cgm", CUDACommandTests.model)
    let rungs = try w.run(.cgadc, ["compile", "net.cgm", "--ladder", "2", "--target", "cuda", "--json"]).exits(0).json
    let flags = ["--steps", "1", "--json", "--device", "cuda"]
    let r = try w.cgad(["run"] + Self.paths(rungs.elements) + flags, with: device.environment).exits(0)
    #expect(try r.json["plan"] == .string("net.1.cgplan"))
    #expect(r.messages.contains("that fits the memory that is free on the device, "), "\(r)")
  }

  @Test(arguments: [
    (["--ladder", "1"], "--ladder takes a number from 2 to 16, not 1"),
    (["--ladder", "3", "--policy", "sqrt()"], "neither --policy nor --budget"),
    (["--ladder", "3", "--budget", "1MiB"], "neither --policy nor --budget"),
    (["--ladder", "3", "--time-passes"], "not for --ladder"),
    (["--ladder", "3", "--remarks", "r"], "not for --ladder"),
  ])
  func `flags that do not go together are refused`(_ flags: [String], _ message: String) throws {
    let w = Workspace()
    try w.run(.cgadc, ["compile", Sample.digits.path] + flags).refuses(64, message)
    #expect(try w.names.isEmpty)
  }

}
