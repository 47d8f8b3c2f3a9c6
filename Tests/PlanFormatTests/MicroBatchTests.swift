import Operations
import PlanFormat
import Support
import Testing

/// Plans whose step is several micro-batches, and updates with a factor.
@Suite struct MicroBatchTests {

  private typealias Sample = MicroBatchPlan

  /// An edit of the sample, and what the verifier says of it.
  struct Broken: Sendable, CustomTestStringConvertible {

    let testDescription: String

    let edits: [(old: String, new: String)]

    let message: String

    init(_ name: String, _ edits: [(old: String, new: String)], _ message: String) {
      (testDescription, self.edits, self.message) = (name, edits, message)
    }

  }

  private static func read(_ edits: [(old: String, new: String)]) throws -> Plan {
    var text = Sample.text
    for e in edits {
      let place = try #require(text.firstRange(of: e.old), "the sample does not hold \(e.old)")
      text.replaceSubrange(place, with: e.new)
    }
    return try PlanReader.read(Array(text.utf8))
  }

  @Test func `the sample is accepted and written as it was read`() throws {
    let plan = try Self.read([])
    try plan.verify()
    #expect(plan.text == Sample.text)
    #expect(plan.training.microBatches == 2 && plan.programs[0].applyStart == 10)
    #expect(plan.line(ofInstruction: 10, inProgram: 0) == 34)
  }

  @Test func `a gradient that is not multiplied by a factor is accepted`() throws {
    let edits = [
      (Sample.factor, ""), ("gradient(w), f {", "gradient(w) {"), ("  delete f  // m.cgm:3\n", ""),
      ("step_flops 80", "step_flops 64"),
    ]
    try Self.read(edits).verify()
  }

  private static let placement: [Broken] = [
    .init(
      "no part behind the last micro-batch", [("  apply\n", "")],
      "program train: a step has 2 micro-batches, but there is no part behind the last one"),
    .init(
      "one micro-batch with a part behind it", [(" micro_batches 2", "")],
      "program train: there is a part behind the last micro-batch, but a step is one batch"),
    .init("no micro-batch", [("batches 2", "batches 0")], "header: micro_batches 0 is not within 1...65536"),
    .init("too many", [("batches 2", "batches 65537")], "header: micro_batches 65537 is not within 1...65536"),
    .init(
      "a part behind the last micro-batch in the forward part",
      [("  apply\n", ""), ("  z = mean", "  apply\n  z = mean")],
      "program train: the part behind the last micro-batch starts at instruction 1, outside of the backward part of train"
    ),
    .init(
      "a loss of the last micro-batch alone", [("loss = z", "loss = f"), ("  delete f  // m.cgm:3\n", "")],
      "program train: the result f is not computed in each micro-batch"),
    .init(
      "an update in each micro-batch",
      [
        (Sample.factor, "  f = constant {value: 1.0} : f32[] @0  // m.cgm:3\n"), ("  apply\n", ""),
        ("  delete f", "  apply\n  delete f"),
      ],
      "program train, instruction 11 (line 34): w is updated in each micro-batch, not after the last one"),
    .init(
      "a sum added to after the last micro-batch",
      [("  apply\n", ""), (Sample.accumulation, "  apply\n" + Sample.accumulation)],
      "program train, instruction 8 (line 32): gradient(w) is written after the last micro-batch, not in each one"),
  ]

  private static let sums: [Broken] = [
    .init(
      "a sum read in each micro-batch", [("mul grad(y), b", "mul grad(y), gradient(w)")],
      "program train, instruction 6 (line 29): gradient(w) is read before the last micro-batch is added to it"),
    .init(
      "a sum that nothing is added to", [(Sample.accumulation, "")],
      "program train, instruction 9 (line 33): gradient(w) is read before the last micro-batch is added to it"),
    .init(
      "a gradient added twice", [(Sample.accumulation, Sample.accumulation + Sample.accumulation)],
      "program train, instruction 9 (line 32): gradient(w) was updated by instruction 8"),
    .init(
      "a gradient added to a parameter", [("update gradient(w) = acc", "update w = acc")],
      "program train, instruction 8 (line 31): the update writes w, not a sum of gradients"),
    .init(
      "a sum of storage", [("accumulate grad(w)", "accumulate b")],
      "program train, instruction 8 (line 31): the gradient b is persistent, not a value in the arena"),
    .init(
      "a sum of another type", [("accumulate grad(w)", "accumulate z")],
      "program train, instruction 8 (line 31): accumulate takes operands of one type, not f32[8] and f32[]"),
    .init(
      "a sum assigned to", [("= accumulate", "= assign")],
      "program train, instruction 8 (line 31): the update writes gradient(w), not a state"),
    .init(
      "a sum computed", [(Sample.accumulation, "  k = accumulate grad(w), b : f32[8] @128  // m.cgm:3\n")],
      "program train, instruction 8 (line 31): accumulate changes persistent storage and must be an update"),
  ]

  private static let updates: [Broken] = [
    .init(
      "an update from the last micro-batch alone",
      [
        ("  delete grad(w)  // m.cgm:3\n", ""), ("sgd gradient(w)", "sgd grad(w)"),
        ("  delete f", "  delete grad(w)  // m.cgm:3\n  delete f"),
        ("squares gradient(w) : f32[] @0", "squares gradient(w) : f32[] @128"),
      ],
      "program train, instruction 10 (line 34): the update takes grad(w), not gradient(w), the sum over the micro-batches"
    ),
    .init(
      "an update from a parameter", [("sgd gradient(w)", "sgd b")],
      "program train, instruction 11 (line 35): the update takes b, not gradient(w), the sum over the micro-batches"),
    .init(
      "a factor in storage", [("gradient(w), f {", "gradient(w), s {")],
      "program train, instruction 11 (line 35): the factor s is persistent, not a value in the arena"),
    .init(
      "a factor that is no scalar", [("gradient(w), f {", "gradient(w), b {")],
      "program train, instruction 11 (line 35): sgd takes a factor f32[], not f32[8]"),
    .init(
      "a factor that is deleted",
      [("  delete f  // m.cgm:3\n", ""), (Sample.update, "  delete f  // m.cgm:3\n" + Sample.update)],
      "program train, instruction 12 (line 36): f is read after instruction 11 deleted it"),
    .init(
      "an update of a frozen parameter", [("update w = sgd", "update b = sgd")],
      "program train, instruction 11 (line 35): the update writes b, not param b"),
    .init("a parameter that is never updated", [(Sample.update, "")], "program train: w is never updated"),
  ]

  @Test(arguments: placement + sums + updates) func `refuses plan`(_ broken: Broken) throws {
    let plan = try Self.read(broken.edits)
    let violation = #expect(throws: PlanViolation.self) { try plan.verify() }
    #expect(violation?.description == broken.message)
  }

  @Test(arguments: [
    ("two parts behind the last micro-batch", "  delete f", "  apply\n  delete f", "'apply' comes twice"),
    ("one micro-batch that is written", "batches 2", "batches 1", "15:40: one micro-batch a step is not written"),
    (
      "an update without operands", "sgd gradient(w), f", "sgd",
      "an update has a gradient and at most a factor after '='"
    ),
    ("a schedule of rates that is none", "every: 2, factor", "every: 0, factor", ""),
    ("a call in a call", "initial: 0.5", "initial: step(initial: 0.5)", ""),
    ("a sum without a start", " @192 ~ zeros()", " @192", ""),
  ]) func `does not read`(_ name: String, _ old: String, _ new: String, _ message: String) throws {
    let error = #expect(throws: PlanError.self) { try Self.read([(old, new)]) }
    if !message.isEmpty { #expect(error?.description.hasSuffix(message) ?? false, "\(error?.description ?? "")") }
  }

}
