import Testing

@Suite struct BudgetTests {

  /// The bytes that the message of a failed compilation says would do.
  private static func least(in messages: String) throws -> Int {
    let tail = try #require(messages.split(separator: "the least peak found is ").dropFirst().first)
    let digits = try #require(tail.split(separator: "(").dropFirst().first).prefix(while: \.isNumber)
    return try #require(Int(digits))
  }

  @Test(arguments: Sample.allCases)
  func `A8: the least bytes that are named work, and a byte less does not`(_ sample: Sample) throws {
    let w = Workspace()
    let r = try w.cgadc("compile", sample.path, "--budget", "1KiB").exits(3)
    try r.refuses(3, "[CG0501]", "1024 bytes")
    let least = try Self.least(in: r.messages)
    #expect(r.messages.contains("--budget \(least) works"))
    let report = try w.compile(sample.path, "--budget", "\(least)")
    #expect(report["peak_bytes"].integer.map { $0 <= least } ?? false)
    try w.cgadc("verify", "model.cgplan").exits(0)
    try w.cgadc("compile", sample.path, "--budget", "\(least - 1)").refuses(3, "\(least) bytes")
  }

  @Test(arguments: Sample.allCases, [95, 90, 85])
  func `A8: a plan's peak is within its budget, or the budget is refused`(_ sample: Sample, _ percent: Int) throws {
    let w = Workspace()
    let all = try #require(try w.compile(sample.path, "--policy", "none()")["peak_bytes"].integer)
    let budget = all * percent / 100
    let r = try w.cgadc("compile", sample.path, "--budget", "\(budget)", "-o", "tight.cgplan", "--json")
    if r.code == 3 { return #expect(try Self.least(in: r.messages) > budget) }
    let peak = try #require(try r.exits(0).json["peak_bytes"].integer)
    #expect(peak <= budget)
    #expect(try w.text("tight.cgplan").contains("\nbudget \(budget)\n"))
  }

  @Test func `a policy over the budget is refused with its own peak`() throws {
    let w = Workspace()
    let peak = try #require(try w.compile(Sample.digits.path, "--policy", "sqrt()")["peak_bytes"].integer)
    try w.compile(Sample.digits.path, "--policy", "sqrt()", "--budget", "\(peak)")
    try w.cgadc("compile", Sample.digits.path, "--policy", "sqrt()", "--budget", "\(peak - 1)")
      .refuses(3, "(\(peak) bytes)")
  }

  @Test(arguments: ["64MiB", "64 MiB", "67108864", "1GiB", "1.5MiB"])
  func `sizes are written as people do`(_ size: String) throws {
    let report = try Workspace().compile(Sample.digits.path, "--budget", size)
    #expect(report["policy"].string?.hasPrefix("optimal(budget: ") ?? false)
    #expect(report["recompute_flops"] == .number(0), "all fits, and nothing is cheaper than keeping it")
  }

}
