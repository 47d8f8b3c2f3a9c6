import Operations
import PlanFormat
import Support
import Testing

/// Plans that no text describes: a maker's mistakes must be found before the text is written.
@Suite struct MalformedPlanTests {

  /// Returns what the verifier says of the sample after `edit`.
  private func violation(_ edit: (inout Plan) -> Void) -> String? {
    var plan = SamplePlan.plan
    edit(&plan)
    do { try plan.verify() } catch { return error.description }
    return nil
  }

  private func replace(
    _ i: Int, in plan: inout Plan, operands: PlanValueList? = nil, results: PlanValueList? = nil
  ) {
    let old = plan.programs[0].instructions[i]
    plan.programs[0].instructions[i] = .init(
      old.action, operands: operands ?? old.operands, results: results ?? old.results, site: old.site)
  }

  private func replace(_ v: Int, in plan: inout Plan, place: PlanValue.Place) {
    let old = plan.programs[0].values[v]
    plan.programs[0].values[v] = .init(name: old.name, type: old.type, place: place)
  }

  /// The position of the value called `name` in `train`.
  private func index(_ name: String) throws -> Int {
    try #require(SamplePlan.plan.programs[0].values.firstIndex { $0.name == name })
  }

  @Test func `refuses positions outside of the tables`() {
    let count = SamplePlan.plan.programs[0].values.count
    #expect(
      violation { replace(2, in: &$0, operands: [-1]) }
        == "program train, instruction 2 (line 34): value -1 of a table of \(count)")
    #expect(
      violation { replace(2, in: &$0, results: [count]) }
        == "program train, instruction 2 (line 34): value \(count) of a table of \(count)")
    #expect(
      violation { $0.programs[0].results = [.init(.init(role: .loss, label: "loss"), value: count)] }
        == "program train: value \(count) of a table of \(count)")
    #expect(
      violation { replace(0, in: &$0, place: .storage(index: 99)) }
        == "program train: train.image : f32[16,8] is not the storage that it names")
  }

  @Test func `refuses deletes that are none`() throws {
    let (pre, sum) = (try index("h.pre"), try index("h.sum"))
    #expect(
      violation { replace(2, in: &$0, operands: []) }
        == "program train, instruction 2 (line 34): delete takes one operand and gives nothing, not 0 and 0")
    #expect(
      violation { replace(2, in: &$0, operands: [pre, sum]) }
        == "program train, instruction 2 (line 34): delete takes one operand and gives nothing, not 2 and 0")
    #expect(
      violation { replace(2, in: &$0, results: [sum]) }
        == "program train, instruction 2 (line 34): delete takes one operand and gives nothing, not 1 and 1")
  }

  @Test func `refuses results that are not new`() throws {
    let (pre, image) = (try index("h.pre"), try index("train.image"))
    #expect(
      violation { replace(1, in: &$0, results: [pre]) }
        == "program train, instruction 1 (line 33): h.pre is defined twice")
    #expect(
      violation { replace(1, in: &$0, results: [image]) }
        == "program train, instruction 1 (line 33): train.image is persistent; only an update may write it")
  }

  @Test func `refuses values that are read before or never defined`() throws {
    let (act, sum) = (try index("h.act"), try index("h.sum"))
    #expect(
      violation { replace(1, in: &$0, operands: [act, sum]) }
        == "program train, instruction 1 (line 33): h.act is read before it is defined")
    #expect(
      violation { $0.programs[0].values.append(.init(name: "x", type: .init(.f32), place: .arena(offset: 0))) }
        == "program train: x is never defined")
  }

  @Test func `refuses two values of one name`() {
    let other = PlanValue(name: "h.pre", type: .init(.f32), place: .arena(offset: 0))
    let parameter = PlanValue(name: "velocity(w1)", type: .init(.f32), place: .arena(offset: 0))
    #expect(violation { $0.programs[0].values.append(other) } == "program train: h.pre is the name of two values")
    #expect(
      violation { $0.programs[1].values.append(parameter) }
        == "program eval: velocity(w1) is the name of two values")
  }

  @Test func `refuses offsets before the start and numbers that overflow`() throws {
    let pre = try index("h.pre")
    #expect(
      violation { replace(pre, in: &$0, place: .arena(offset: -64)) }
        == "program train, instruction 0 (line 32): h.pre takes 512 bytes at -64, outside of arena_bytes 1600")
    #expect(
      violation { $0.totals.arenaBytes = .min }
        == "program train, instruction 0 (line 32): h.pre takes 512 bytes at 0, outside of arena_bytes \(Int.min)")
    #expect(
      violation { $0.totals.persistentBytes = .min }
        == "header: w1 takes 256 bytes at 0, outside of persistent_bytes \(Int.min)")
    #expect(violation { $0.totals.peakBytes = -1 } == "header: peak_bytes is -1, but the instructions give 3072")
    #expect(violation { $0.training.seed = -1 } == "header: seed -1 is negative")
  }

  @Test func `refuses sums of bytes that overflow`() throws {
    let huge = Int.max & ~63  // With 64 bytes before the end of the numbers there is room for a loss.
    let loss = try index("train.loss")
    let message = violation {
      $0.totals.arenaBytes = .max
      replace(loss, in: &$0, place: .arena(offset: huge - 64))
    }
    #expect(message == "header: 1472 persistent bytes and \(huge - 60) arena bytes are more than can be counted")
  }

  @Test func `refuses programs that are missing or too many`() {
    #expect(
      violation {
        $0.programs = []; $0.training.evaluation = nil; $0.training.evaluationBatches = nil
      }
        == "header: the programs are [], not train and at most eval after it")
    #expect(
      violation { $0.programs.append($0.programs[1]) }
        == "header: the programs are [\"train\", \"eval\", \"eval\"], not train and at most eval after it")
    #expect(
      violation { $0.programs.removeLast() } == "header: evaluation is asked for, but there is no program eval")
    #expect(
      violation { $0.programs[0].backwardStart = 99 }
        == "program train: the backward part starts at instruction 99, outside of train")
  }

  @Test func `refuses initializers that are missing or no numbers`() {
    func replacing(_ initializer: Initializer?) -> String? {
      violation {
        let old = $0.storage[2]
        let storage = Storage(old.storage.kind, "b1", old.storage.type, initializer, site: old.storage.site)
        $0.storage[2] = .init(storage, offset: old.offset)
      }
    }
    #expect(replacing(nil) == "header: b1 has no initializer")
    #expect(replacing(.constant(.nan)) == "header: b1: constant(value: nan) has numbers out of range")
    #expect(replacing(.normal(mean: 0, std: .infinity))?.hasSuffix("numbers out of range") == true)
    #expect(replacing(.uniform(low: 0, high: .nan))?.hasSuffix("numbers out of range") == true)
    #expect(replacing(.uniform(low: 1, high: 1)) == nil)
  }

  @Test func `long names are cut in messages`() {
    let name = String(repeating: "x", count: 10_000)
    #expect(violation { $0.header.target = name }?.utf8.count ?? 0 < 200)
  }

}
