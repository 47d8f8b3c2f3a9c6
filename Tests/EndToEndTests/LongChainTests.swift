import Testing

@Suite struct LongChainTests {

  @Test func `A12: a chain of 200,000 operations compiles and runs`() throws {
    #expect(try Self.lossOfChain(100_000, under: "sqrt()").elements.count == 1)
  }

  @Test func `A12: the loss of a long chain has the same bits under two schedules`() throws {
    let losses = try ["every(k: 1000)", "sqrt()"].map { try Self.lossOfChain(10_000, under: $0) }
    #expect(losses[0] == losses[1] && losses[0].elements.count == 1, "\(losses)")
  }

  /// Compiles a chain of `pairs` of operations, does a step, and returns the loss.
  private static func lossOfChain(_ pairs: Int, under policy: String) throws -> JSONValue {
    let w = Workspace()
    try w.write("chain.cgm", Models.chain(pairs))
    let flags = ["chain.cgm", "-o", "chain.cgplan", "--policy", policy, "--json"]
    let planned = try w.run(.cgadc, ["compile"] + flags, seconds: 600).exits(0).json
    // The product and the unary operations, most of them recomputed.
    #expect(
      planned["values_recomputed"].integer.map { (2 * pairs * 19 / 20...2 * pairs + 1).contains($0) } ?? false,
      "\(planned)")
    let report = try w.run(.cgad, ["run", "chain.cgplan", "--steps", "1", "--json"], seconds: 600).exits(0).json
    #expect(report["peak_bytes_measured"] == planned["peak_bytes"])
    return report["loss"]
  }

  @Test func `A12: a chain of 2,000 operations is the same bits under every schedule`() throws {
    let w = Workspace()
    try w.write("chain.cgm", Models.chain(1000))
    var losses: Set<JSONValue> = []
    for policy in ["none()", "every(k: 100)", "sqrt()"] {
      let planned = try w.compile("chain.cgm", "--policy", policy)
      let report = try w.train()
      #expect(report["peak_bytes_measured"] == planned["peak_bytes"])
      losses.insert(report["loss"])
    }
    #expect(losses.count == 1)
  }

  @Test func `a chain too long to be meant is refused`() throws {
    let w = Workspace()
    try w.write("chain.cgm", Models.chain(2_000_000_000))
    try w.cgadc("compile", "chain.cgm").refuses(1, "chain.cgm:", "[CG02", "more than")
  }

}
