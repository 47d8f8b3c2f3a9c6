import CPUBackend
import Operations
import PlanFormat
import Runtime
import Testing

@Suite struct CheckpointTests {

  private let folder = TemporaryFolder()

  private func script(seed: UInt64 = 7, _ text: String = SampleScripts.recomputing) throws -> Session<CPUBackend> {
    try session(try PlanScript.plan(text), seed: seed)
  }

  /// Takes steps and returns their losses.
  private func steps(_ n: Int, _ session: Session<CPUBackend>) throws -> [Double] {
    try (0..<n).map { (_) in try session.step()[0].value }
  }

  /// Returns the error that resuming the file at `path` ends with, or `nil`.
  private func failure(_ path: String, _ session: Session<CPUBackend>) -> StateFileError? {
    do throws(StateFileError) {
      _ = try session.resume(try CheckpointFile(path))
      return nil
    } catch { return error }
  }

  /// Writes what a small session holds after a step, and returns the path and the bytes.
  private func saved() throws -> (path: String, bytes: [UInt8]) {
    let session = try script(SampleScripts.small)
    _ = try steps(1, session)
    let path = folder.path + "/small.cgck"
    try session.save(to: path)
    return (path, try FileContents.read(path, limit: 1 << 20))
  }

  @Test(arguments: [1, 6, 10]) func `what follows a checkpoint is what would have followed`(_ n: Int) throws {
    // An epoch has 6 steps, so that these are within one, at the end of one, and within the next.
    let whole = try script()
    let losses = try steps(14, whole)
    let first = try script()
    _ = try steps(n, first)
    let path = folder.path + "/a.cgck"
    try first.save(to: path)
    let second = try script()
    #expect(try second.resume(try CheckpointFile(path)) == [])
    #expect(second.stepCount == n)
    #expect(try steps(14 - n, second) == Array(losses[n...]))
    #expect(second.machine.snapshot() == whole.machine.snapshot())
    #expect(second.machine.parametersDigest == whole.machine.parametersDigest)
  }

  @Test func `another schedule of the same model goes on with the same bits`() throws {
    let keeping = SampleScripts.recomputing.split(separator: "\n").filter {
      !$0.contains("recompute") && !$0.contains("delete")
    }.joined(separator: "\n").replacing("'2", with: "")
    let whole = try script()
    let losses = try steps(9, whole)
    let first = try script(keeping)
    _ = try steps(4, first)
    let path = folder.path + "/a.cgck"
    try first.save(to: path)
    let second = try script()
    #expect(try second.resume(try CheckpointFile(path)) == [], "the digest of what is computed is the same")
    #expect(try steps(5, second) == Array(losses[4...]))
    #expect(second.machine.snapshot() == whole.machine.snapshot())
  }

  @Test func `another computation goes on with a note`() throws {
    let (path, _) = try saved()
    let other = try script(SampleScripts.small.replacing("lr: 0.0", with: "lr: 0.5"))
    let notes = try other.resume(try CheckpointFile(path))
    #expect(notes.count == 1 && notes[0].contains("computes something else"))
    var plan = try PlanScript.plan(SampleScripts.small).plan
    plan.header.threads = 1
    let single = try session(try VerifiedPlan(plan), seed: 7)
    #expect(try single.resume(try CheckpointFile(path)) == notes, "products of one thread may be rounded otherwise")
    let more = try script(SampleScripts.small.replacing("synthetic()", with: "synthetic(count: 6)"))
    #expect(try more.resume(try CheckpointFile(path)) == ["an epoch has 3 steps, it had 16"])
  }

  @Test func `the weights of a checkpoint are weights`() throws {
    let first = try script()
    _ = try steps(2, first)
    let path = folder.path + "/a.cgck"
    try first.save(to: path)
    let second = try script()
    let loaded = try second.machine.load(SafetensorsFile(path))
    #expect(loaded.read == ["w1", "w2"] && loaded.ignored.isEmpty)
    #expect(second.machine.parametersDigest == first.machine.parametersDigest)
    #expect(second.stepCount == 0)
  }

  @Test func `every changed byte is noticed`() throws {
    let (path, bytes) = try saved()
    #expect(try failure(path, script(SampleScripts.small)) == nil)
    for i in bytes.indices {
      for change: UInt8 in [0x01, 0x20, 0x80] {
        var damaged = bytes
        damaged[i] ^= change
        let file = try folder.write("damaged.cgck", damaged)
        #expect(throws: StateFileError.self, "byte \(i) changed by \(change)") { try CheckpointFile(file) }
      }
    }
  }

  @Test func `a checkpoint cut anywhere, or with more behind it, is refused`() throws {
    let (_, bytes) = try saved()
    for n in bytes.indices {
      let file = try folder.write("cut.cgck", Array(bytes[..<n]))
      let e = #expect(throws: StateFileError.self, "\(n) bytes") { try CheckpointFile(file) }
      #expect(e?.exitCode == 2)
    }
    let longer = try folder.write("long.cgck", bytes + [0])
    #expect(throws: StateFileError.self) { try CheckpointFile(longer) }
  }

  @Test func `another seed and another model are refused by name`() throws {
    let (path, _) = try saved()
    #expect(failure(path, try script(seed: 8, SampleScripts.small))?.problem == .otherSeed(file: 7, run: 8))
    let other = try script()
    let before = other.machine.snapshot()
    let e = try #require(failure(path, other))
    #expect(e.exitCode == 1)
    #expect(e.description.contains("'w1' is f32[2,2], the plan has f32[8,16]"), "\(e)")
    #expect(e.description.contains("it has no 'moment1(w1)'"), "\(e)")
    #expect(e.description.contains("the plan has no 'b1'"), "\(e)")
    #expect(other.machine.snapshot() == before && other.stepCount == 0)
  }

  @Test func `a newer version and a file of weights are refused`() throws {
    let (_, bytes) = try saved()
    let text = Array("\"cgck\":\"1\"".utf8)
    let start = try #require(bytes.indices.first { bytes[$0...].starts(with: text) })
    var newer = bytes
    newer[start + 8] = UInt8(ascii: "2")
    let e = failure(try folder.write("new.cgck", newer), try script(SampleScripts.small))
    #expect(e?.problem == .foreignVersion("2") && e?.exitCode == 2)
    let weights = [UInt8](arrayLiteral: 2, 0, 0, 0, 0, 0, 0, 0) + Array("{}".utf8)
    let w = failure(try folder.write("w.safetensors", weights), try script(SampleScripts.small))
    #expect(w?.problem == .noTrainingState && w?.description.contains("--init") == true)
  }

  @Test func `a folder keeps the last checkpoints and nothing else is removed`() throws {
    let session = try script(SampleScripts.small)
    let checkpoints = CheckpointFolder(folder.path)
    for name in ["step-1.cgck", "step-000002.cgck.tmp", "notes"] { try folder.write(name, [1]) }
    for _ in 0..<4 {
      _ = try steps(1, session)
      try session.save(to: checkpoints.file(step: session.stepCount))
    }
    #expect(try checkpoints.items().map(\.step) == [4, 3, 2, 1])
    try checkpoints.prune(keep: 3)
    #expect(try checkpoints.items().map(\.name) == ["step-000004.cgck", "step-000003.cgck", "step-000002.cgck"])
    for name in ["step-1.cgck", "step-000002.cgck.tmp", "notes"] {
      #expect(SearchPath.exists("\(folder.path)/\(name)"))
    }
    #expect(CheckpointFolder.name(step: 12_345_678) == "step-12345678.cgck")
  }

  @Test func `the newest sound checkpoint of a folder is taken`() throws {
    let session = try script(SampleScripts.small)
    let checkpoints = CheckpointFolder(folder.path)
    for _ in 0..<2 {
      _ = try steps(1, session)
      try session.save(to: checkpoints.file(step: session.stepCount))
    }
    var skipped: [StateFileError] = []
    #expect(try checkpoints.newest { skipped.append($0) }.checkpoint.step == 2)
    #expect(skipped.isEmpty)
    let newest = checkpoints.file(step: 2)
    try folder.write("step-000002.cgck", Array(try FileContents.read(newest, limit: 1 << 20).dropLast()))
    #expect(try checkpoints.newest { skipped.append($0) }.checkpoint.step == 1)
    #expect(skipped.map(\.path) == [newest])
    try folder.write("step-000001.cgck", [])
    #expect(throws: StateFileError(folder.path, .noneIn)) { try checkpoints.newest { (_) in } }
  }

  @Test func `the means of an epoch that a run was resumed in say from which step on they are`() throws {
    // epochs of 6 steps: resumed after step 2, the first one has the means of steps 3 to 6; after step 6, the second has all
    for (done, since) in [(0, Int?.none), (2, 3), (5, 6), (6, nil)] {
      let session = try script(SampleScripts.recomputing)
      _ = try Trainer(session, steps: done).run { (_) in }
      var (losses, ends) = ([Double](), [(since: Int?, loss: Double)]())
      _ = try Trainer(session, steps: 12).run { (event) in
        switch event {
        case .step(_, _, let values, _, _): losses.append(values[0].value)
        case .epoch(_, let since, _, let values, _): ends.append((since, values[0].value))
        case .evaluation, .checkpoint: break
        }
      }
      let first = losses.prefix(6 - done % 6)
      #expect(ends.first?.since == since)
      #expect(ends.first?.loss == first.reduce(0, +) / Double(first.count))
      #expect(ends.dropFirst().allSatisfy { $0.since == nil })
    }
  }

  @Test func `checkpoints are due as the plan says`() throws {
    let text = SampleScripts.recomputing.replacing("batches 3", with: "batches 3 save 4 steps keep 2")
    var due: [Int] = []
    _ = try Trainer(try script(text)).run { if case .checkpoint(let step) = $0 { due.append(step) } }
    #expect(due == [4, 8, 12])
  }

  @Test func `a resumed training does the steps that are left`() throws {
    let first = try script()
    _ = try Trainer(first, steps: 5).run { (_) in }
    var done: [Int] = []
    _ = try Trainer(first, steps: 8).run { if case .step(let step, _, _, _, _) = $0 { done.append(step) } }
    #expect(done == [6, 7, 8])
    #expect(try Trainer(first, steps: 8).run { (_) in Issue.record("there was nothing to do") } == .finished)
  }

}
