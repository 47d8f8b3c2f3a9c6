import Driver
import Glibc
import IR
import Operations
import PlanFormat
import Rematerialization
import Runtime
import Scheduling
import Testing

/// What is offloaded changes no bit, on the processor.
@Suite struct OffloadTests {

  private static let steps = 3

  private static func text(_ model: SmallModel, _ rule: String = "offload **") -> String {
    model.text + "\nschedule {\n  \(rule)\n}\n"
  }

  @Test(arguments: SmallModel.all)
  func `offloading changes no bit of losses, gradients or parameters, under any policy`(_ model: SmallModel) throws {
    let saving = try Laboratory.compile(model.text, named: model.name, policy: .init(name: "none"))
    let reference = try Laboratory.session(for: saving.plan).trace(steps: Self.steps)
    for policy in PolicyCall.all {
      let compiled = try Laboratory.compile(Self.text(model), named: model.name, policy: policy)
      #expect(compiled.plan.totals.hostBytes > 0 && compiled.plan.contentDigest == saving.plan.contentDigest)
      let session = try Laboratory.session(for: compiled.plan)
      #expect(try session.trace(steps: Self.steps) == reference, "\(policy)")
      #expect(
        try Laboratory.session(for: compiled.plan, mode: .keepAll).trace(steps: 1).parameters == [
          reference.parameters[0]
        ])
    }
  }

  @Test(arguments: SmallModel.all)
  func `the peak and the host bytes are those planned, and copies are counted`(_ model: SmallModel) throws {
    let compiled = try Laboratory.compile(Self.text(model), named: model.name, policy: .init(name: "none"))
    let session = try Laboratory.session(for: compiled.plan)
    _ = try session.step()
    let (machine, s) = (session.machine, session.lastStepStatistics)
    #expect(machine.measuredPeakBytes == machine.plannedPeakBytes && machine.isMemoryIntact)
    #expect(machine.measuredHostBytes == machine.plannedHostBytes)
    #expect(machine.plannedHostBytes == compiled.plan.totals.hostBytes)
    #expect(s.offloads == compiled.metrics.offloadedCount && s.fetches == s.offloads)
    #expect(s.copiedBytes == 2 * compiled.metrics.offloadedBytes)
    #expect(s.deletes == compiled.plan.programs[0].instructions.count { $0.action == .delete })
  }

  @Test(arguments: SmallModel.all)
  func `what optimal chooses to offload changes no bit, and the peak is the one planned`(_ model: SmallModel) throws {
    let saving = try Laboratory.compile(model.text, named: model.name, policy: .init(name: "none"))
    let reference = try Laboratory.session(for: saving.plan).trace(steps: Self.steps)
    let low = try Laboratory.compile(Self.text(model), named: model.name, policy: .init(name: "none"))
    let budget = (saving.plan.totals.peakBytes + low.plan.totals.peakBytes) / 2
    for cost in [0, 4, 256] {
      let call = PolicyCall(
        name: "optimal",
        arguments: [
          .init("budget", .integer(budget)), .init("offload", .boolean(true)), .init("cost_per_byte", .integer(cost)),
        ])
      let compiled = try Laboratory.compile(
        model.text, named: model.name, policy: call, effort: .init(moves: 5000))
      #expect(compiled.plan.contentDigest == saving.plan.contentDigest && compiled.plan.totals.peakBytes <= budget)
      let session = try Laboratory.session(for: compiled.plan)
      #expect(try session.trace(steps: Self.steps) == reference, "\(cost)")
      _ = try session.step()
      let (machine, s) = (session.machine, session.lastStepStatistics)
      #expect(machine.measuredPeakBytes == machine.plannedPeakBytes && machine.isMemoryIntact)
      #expect(machine.measuredHostBytes == compiled.plan.totals.hostBytes)
      #expect(s.offloads == compiled.metrics.offloadedCount && s.fetches >= s.offloads)
    }
  }

  @Test func `a folder without room or without rights is an error with its name and the bytes`() throws {
    let error = #expect(throws: MachineError.self) { try OffloadFile(byteCount: 4096, in: "/nonexistent/x") }
    #expect(
      error?.description
        == "cannot make a file of 4 KiB (4096 bytes) in /nonexistent/x for what the plan offloads: No such file or "
        + "directory; name a folder with --offload-dir")
    let large = #expect(throws: MachineError.self) {
      try OffloadFile(byteCount: 1 << 60, in: OffloadFile.defaultFolder)
    }
    #expect(large?.description.contains("(1152921504606846976 bytes)") == true)
  }

  @Test func `the file has no name and holds what is written`() throws {
    var template = Array("\(OffloadFile.defaultFolder)/cgad-test-XXXXXX".utf8CString)
    let folder = try #require(mkdtemp(&template).map { String(cString: $0) })
    defer { rmdir(folder) }
    let file = try OffloadFile(byteCount: 10_000, in: folder)
    file.base.storeBytes(of: 0x1234_5678, toByteOffset: 9_996, as: UInt32.self)
    #expect(file.base.load(fromByteOffset: 9_996, as: UInt32.self) == 0x1234_5678)
    #expect(rmdir(folder) == 0, "a folder can be removed only when it is empty")
  }

}
