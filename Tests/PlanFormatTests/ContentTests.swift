import Operations
import PlanFormat
import Testing

/// The digest over what a plan computes.
@Suite struct ContentTests {

  private static var plan: Plan {
    var plan = SamplePlan.plan
    plan.header.computes = plan.contentDigest
    return plan
  }

  /// Returns the plan with each first occurrence of `old` replaced.
  private func edited(_ old: String, _ new: String) throws -> Plan {
    try #require(Self.plan.text.contains(old))
    return try PlanReader.read(Array(Self.plan.text.replacing(old, with: new, maxReplacements: 1).utf8))
  }

  private func refusal(of plan: Plan) -> String? {
    do throws(PlanViolation) { try plan.verify() } catch { return error.description }
    return nil
  }

  @Test func `a plan that computes what it says is accepted and reads again`() throws {
    try Self.plan.verify()
    #expect(try PlanReader.read(Array(Self.plan.text.utf8)) == Self.plan)
  }

  @Test(arguments: [
    ("seed 1", "seed 2"), ("training 5 epochs", "training 6 epochs"), ("kaiming()", "zeros()"),
    ("train_set.gz", "other.gz"), ("decay: 0.0}", "decay: 0.5}"), ("loss loss = ", "loss cost = "),
    ("threads 2", "threads 1"),
  ])
  func `what changes the results is refused`(_ old: String, _ new: String) throws {
    let said = Self.plan.contentDigest
    let plan = try edited(old, new)
    #expect(plan.contentDigest != said)
    #expect(
      refusal(of: plan)
        == "header: computes \(said), but what is declared and computed gives \(plan.contentDigest)")
  }

  @Test(arguments: [
    ("source \"mlp.cgm\"", "source \"other.cgm\""), ("policy every(k: 3)", "policy none()"),
    ("budget 3072", "budget 4096"), ("mlp.cgm:12", "mlp.cgm:13"), ("Hidden=8", "Hidden=9"),
  ])
  func `what is for people may change`(_ old: String, _ new: String) throws {
    #expect(refusal(of: try edited(old, new)) == nil)
  }

  @Test func `threads count where the processor computes, and the usual number says nothing more`() {
    func digest(_ target: PlanTarget, _ threads: Int) -> String {
      var plan = SamplePlan.plan
      (plan.header.target, plan.header.threads) = (target.rawValue, threads)
      return plan.contentDigest
    }
    #expect(digest(.cpu, 2) == SamplePlan.plan.contentDigest && digest(.cuda, 1) == digest(.cuda, 2))
    #expect(Set([1, 2, 3, 4].map { digest(.cpu, $0) }).count == 4)
  }

  @Test func `lines are counted with the digest and the costs`() throws {
    var plan = Self.plan
    plan.header.costs = .init(name: "a machine", digest: "0123456789abcdef")
    let lines = plan.text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[plan.line(ofInstruction: 0, inProgram: 0) - 1].hasPrefix("  h.pre = "))
    #expect(lines[plan.line(ofInstruction: 0, inProgram: 1) - 1].hasPrefix("  h.pre = "))
  }

  @Test func `what is no digest is not read`() {
    for text in ["", "0123", "0123456789ABCDEF", "0123456789abcdef0"] {
      let broken = Self.plan.text.replacing("computes \(Self.plan.contentDigest)", with: "computes \(text)")
      #expect(throws: PlanError.self) { try PlanReader.read(Array(broken.utf8)) }
    }
  }

}
