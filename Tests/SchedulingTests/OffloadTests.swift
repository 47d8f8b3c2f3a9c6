import Driver
import IR
import Operations
import PlanFormat
import Scheduling
import Support
import TestSupport
import Testing

/// `offload`: what is copied to the host, when, and what that is worth.
@Suite struct OffloadTests {

  /// Eight layers of 32 KiB, `h = tanh(h @ weight)`, under `rules`.
  private static func model(_ rules: String) -> String {
    Models.layers(8, width: 64, batch: 128, schedule: rules)
  }

  private static let all = "  checkpoint = none()\n  offload layer.*.h"

  /// Returns the names of the values that are offloaded and fetched, in order of the instructions.
  private static func copies(_ text: String, policy: String? = nil) throws -> (offloaded: [String], fetched: [String]) {
    let p = try compilation(of: text, policy: policy).compiled().plan.programs[0]
    var (offloaded, fetched) = ([String](), [String]())
    for i in p.instructions {
      if case .offload = i.action { offloaded.append(p.values[i.operands[0]].name) }
      if case .fetch(let v, _) = i.action { fetched.append(p.values[v].name) }
    }
    return (offloaded, fetched)
  }

  private static func hidden(_ layers: some Sequence<Int>) -> [String] { layers.map { "layer.\($0).h" } }

  @Test(arguments: PolicyTests.policies)
  func `what a rule offloads goes to the host and comes back once, under every policy`(_ policy: String) throws {
    let (offloaded, fetched) = try Self.copies(Self.model(Self.all), policy: policy)
    #expect(offloaded == Self.hidden(0..<8), "as they are made")
    #expect(Set(fetched) == Set(offloaded) && fetched.count == offloaded.count)
  }

  @Test func `values come back in the order in which the backward part needs them`() throws {
    #expect(try Self.copies(Self.model(Self.all)).fetched == Self.hidden((0..<8).reversed()))
  }

  @Test func `keeping less on the device lowers the peak, and the host has what was saved there`() throws {
    let saving = try compilation(of: Self.model("  checkpoint = none()")).compiled()
    let offloading = try compilation(of: Self.model(Self.all)).compiled()
    // 8 values of 128 · 64 · 4 = 32 KiB
    #expect(offloading.plan.totals.hostBytes == 8 * 32768)
    #expect(offloading.metrics.offloadedCount == 8 && offloading.metrics.offloadedBytes == 8 * 32768)
    #expect(offloading.plan.totals.savedBytes == saving.plan.totals.savedBytes - 8 * 32768)
    #expect(offloading.plan.totals.peakBytes <= saving.plan.totals.peakBytes - 4 * 32768)
    #expect(offloading.plan.totals.recomputeFlops == 0 && offloading.keepAll == saving.keepAll)
  }

  @Test(arguments: Models.all.map(\.name))
  func `every shape verifies with all that can be offloaded on the host, and live bytes fall`(_ name: String) throws {
    let text =
      try #require(Models.all.first { $0.name == name }).text + "\nschedule {\n  checkpoint = none()\n  offload **\n}\n"
    let m = try compilation(of: text).compiled()
    let plan = try PlanReader.read(Array(m.plan.text.utf8))
    try plan.verify()
    #expect(plan.text == m.plan.text && plan.totals.hostBytes > 0)
    #expect(m.metrics.liveBytes <= m.keepAll.liveBytes)
    #expect(plan.contentDigest == plan.header.computes)
  }

  @Test func `copies overlap with computations without more live bytes than there are without that`() throws {
    let p = try Self.problem(Self.model(Self.all))
    let base = try Policy.schedule(.init(name: "none"), of: p)
    let (wide, tight) = (p.offloaded(base, overlapping: true), p.offloaded(base, overlapping: false))
    #expect(p.metrics(of: wide).liveBytes == p.metrics(of: tight).liveBytes)
    #expect(p.metrics(of: tight).liveBytes < p.metrics(of: base).liveBytes)
    #expect(Self.computationsDuringCopies(tight) < Self.computationsDuringCopies(wide))
    for s in [wide, tight] {
      var verifier = ScheduleVerifier(s, of: p.analysis.function, obligedToSave: p.obligations.saved)
      try verifier.verify()
    }
  }

  /// Returns how many instructions are executed between the beginnings of copies and where their ends are waited for.
  private static func computationsDuringCopies(_ s: Schedule) -> Int {
    var (count, copied) = (0, Set<VersionID>())
    for step in s.steps {
      switch step.action {
      case .offload: copied.formUnion(step.operands)
      case .fetch: copied.formUnion(step.results)
      case .delete: copied.subtract(step.operands)
      case .compute, .recompute, .update:
        copied.subtract(step.operands.filter { s.versions[$0.index].ordinal > 1 })
        count += copied.count
      }
    }
    return count
  }

  private static func problem(_ text: String) throws -> SchedulingProblem {
    let model = try compilation(of: text).differentiated()
    return try SchedulingProblem(model.module.train, rules: model.request.rules, cost: .flops)
  }

  @Test func `a fetch stays behind the beginning of the backward part, and a copy is waited for before it`() throws {
    let p = try Self.problem(Self.model(Self.all))
    let s = p.offloaded(try Policy.schedule(.init(name: "none"), of: p), overlapping: true)
    let start = try #require(s.backwardStart)
    for (t, step) in s.steps.enumerated() where step.action == .fetch {
      let value = s.versions[step.results[0].index].value
      let offload = try #require(
        s.steps.firstIndex { $0.action == .offload && s.versions[$0.operands[0].index].value == value })
      let deletion = try #require(
        s.steps.firstIndex { $0.action == .delete && $0.operands == s.steps[offload].operands })
      #expect(t >= start && offload < deletion && deletion < t)
    }
  }

  @Test func `a value that is offloaded is not overwritten in place`() throws {
    // exp could be written over top, which sigmoid's adjoint does not read, but for the copy
    let text = Models.model(
      """
        let top = tanh(x @ out)
        let low = exp(top)
        return low
      """, schedule: "  checkpoint = none()\n  offload top")
    let p = try compilation(of: text).compiled().plan.programs[0]
    let top = try #require(p.values.firstIndex { $0.name == "top" })
    #expect(!p.takeovers.contains(top))
  }

  @Test func `within a budget what is offloaded counts as absent between the two parts`() throws {
    let saving = try compilation(of: Self.model("  checkpoint = none()")).compiled().plan.totals
    let offloading = try compilation(of: Self.model(Self.all)).compiled().plan.totals
    let m = try compilation(of: Self.model("  offload layer.*.h"), budget: offloading.peakBytes).compiled()
    #expect(m.plan.header.policy.hasPrefix("optimal"))
    #expect(m.plan.totals.peakBytes <= offloading.peakBytes && offloading.peakBytes < saving.peakBytes)
    #expect(m.plan.totals.recomputeFlops == 0 && m.plan.totals.hostBytes == offloading.hostBytes)
  }

  @Test func `a bound is not claimed where values are offloaded`() throws {
    let free = try compilation(of: Self.model("  offload layer.*.h")).compiled().plan.totals
    let m = try compilation(of: Self.model("  offload layer.*.h"), budget: free.peakBytes * 2).compiled()
    #expect(m.plan.certificate == nil && m.costBound == nil && m.plan.totals.hostBytes > 0)
  }

  @Test func `a more specific later rule saves on the device instead`() throws {
    let m = try compilation(of: Self.model("  offload layer.*.h\n  save layer.2.h")).compiled()
    #expect(m.warnings.elements.map(\.code) == ["CG0513"])
    let copies = try Self.copies(Self.model("  offload layer.*.h\n  save layer.2.h"))
    #expect(copies.offloaded == Self.hidden([0, 1, 3, 4, 5, 6, 7]))
  }

  @Test func `what the source marks as saved may be saved on the host`() throws {
    let text = Self.model(Self.all).replacing("tanh(h @ weight)", with: "checkpoint(tanh(h @ weight))")
    #expect(try Self.copies(text).offloaded == Self.hidden(0..<8))
  }

  @Test func `a rule that offloads nothing is warned of`() throws {
    let quiet = try compilation(of: Self.model("  offload layer.*.h")).compiled()
    #expect(quiet.warnings.elements.isEmpty)
    let idle = try compilation(of: Self.model("  offload ** :: matmul")).compiled()
    #expect(idle.plan.totals.hostBytes == 0)
    #expect(idle.warnings.elements.map(\.code) == ["CG0514"], "tanh's adjoint reads its result, nothing its operand")
  }

  @Test(arguments: [
    ("  save layer.2.h\n  offload layer.2.h", "CG0511"),
    ("  offload layer.*.h\n  recompute *.1.h", "CG0511"),
    ("  offload layer.9.h", "CG0510"),
    ("  offload layer.*.h :: relu", "CG0510"),
    ("  offload train.loss", "CG0510"),
    ("  offload layer.0.weight", "CG0510"),
    ("  checkpoint = optimal(budget: 1 MiB, offload: 1)", "CG0504"),
    ("  checkpoint = chain(budget: 1 MiB, offload: true)", "CG0504"),
  ])
  func `contradictions and rules without a match are refused`(_ rules: String, _ code: String) {
    let c = compilation(of: Self.model(rules))
    let text = failure { () throws(CompileFailure) in _ = try c.compiled() }
    #expect(text.contains("[\(code)]"), "\(text)")
  }

  /// What is done to a schedule with copies, and what its verifier says.
  @Test(arguments: [
    ("a copy that is not fetched", "is offloaded and never fetched"), ("a copy of nothing", "which is not live"),
    ("a fetch before the deletion", "which is live"), ("a fetch without a copy", "which is not offloaded"),
    ("two copies", "is offloaded twice"),
  ])
  func `broken schedules are refused`(_ what: String, _ message: String) throws {
    let p = try Self.problem(Self.model("  offload layer.3.h"))
    let s = p.offloaded(try Policy.schedule(.init(name: "none"), of: p), overlapping: false)
    var steps = s.steps
    let offload = try #require(steps.firstIndex { $0.action == .offload })
    let deletion = try #require(steps.firstIndex { $0.action == .delete && $0.operands == steps[offload].operands })
    let fetch = try #require(steps.firstIndex { $0.action == .fetch })
    switch what {
    case "a copy that is not fetched":
      let r = steps[fetch].results[0]
      let copy = steps[offload].operands[0]
      steps = steps.enumerated().filter { $0.offset != fetch && $0.offset != deletion }.map(\.element)
      steps = steps.map { (x) in
        .init(
          action: x.action, instruction: x.instruction, operands: x.operands.map { $0 == r ? copy : $0 },
          results: x.results)
      }
    case "a copy of nothing":
      let copy = steps[offload].operands[0]
      let made = try #require(steps.firstIndex { $0.results.contains(copy) })
      steps.insert(steps.remove(at: offload), at: made)
    case "a fetch before the deletion": steps.insert(steps.remove(at: fetch), at: deletion)
    case "a fetch without a copy": steps.remove(at: offload)
    default: steps.insert(steps[offload], at: offload)
    }
    let broken = Schedule(versions: s.versions, steps: steps, backwardStart: s.backwardStart)
    var verifier = ScheduleVerifier(broken, of: p.analysis.function)
    let violation = #expect(throws: ScheduleViolation.self) { try verifier.verify() }
    #expect(violation?.message.contains(message) == true, "\(violation?.message ?? "")")
  }

}
