import Operations
import PlanFormat
import Support
import Testing

@Suite struct RoundTripTests {

  @Test func `the written text reads back as the same plan`() throws {
    let read = try PlanReader.read(Array(SamplePlan.text.utf8))
    #expect(read == SamplePlan.plan)
    #expect(read.text == SamplePlan.text)
  }

  @Test func `what may be absent is absent`() throws {
    var plan = SamplePlan.plan
    plan.header.budget = nil
    plan.header.dims = []
    plan.training = .init(length: .init(7, .steps), seed: 0)
    plan.programs.removeLast()
    let text = plan.text
    #expect(!text.contains("budget") && !text.contains("dims") && text.contains("\ntraining 7 steps seed 0\n"))
    #expect(try PlanReader.read(Array(text.utf8)) == plan)
  }

  @Test(arguments: [MatrixPrecision.tf32, .bf16])
  func `a precision other than f32 has a line, which comes back`(_ precision: MatrixPrecision) throws {
    var plan = SamplePlan.plan
    let plain = plan.text
    plan.header.precision = precision
    #expect(plan.text == plain.replacing("threads 2\n", with: "threads 2\nmatmul_precision \(precision)\n"))
    #expect(try PlanReader.read(Array(plan.text.utf8)) == plan)
    #expect(plan.contentDigest != SamplePlan.plan.contentDigest)
    let lines = plan.text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[plan.line(ofInstruction: 1, inProgram: 1) - 1].hasPrefix("  h.sum = add"))
  }

  @Test(arguments: MatrixPrecision.allCases)
  func `a library has a line behind the precision, which comes back and counts in the digest`(
    _ precision: MatrixPrecision
  ) throws {
    var plan = SamplePlan.plan
    plan.header.precision = precision
    let own = plan
    plan.header.library = .cublaslt
    let line = precision == .f32 ? "threads 2\n" : "matmul_precision \(precision)\n"
    #expect(plan.text == own.text.replacing(line, with: "\(line)matmul_library cublaslt\n"))
    #expect(try PlanReader.read(Array(plan.text.utf8)) == plan)
    #expect(plan.contentDigest != own.contentDigest)
    let lines = plan.text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[plan.line(ofInstruction: 1, inProgram: 1) - 1].hasPrefix("  h.sum = add"))
  }

  @Test(arguments: ["my model.cgm", "ünï.cgm", "a:b.cgm", "(a), b = c.cgm"])
  func `files of any name come back`(_ file: String) throws {
    var plan = SamplePlan.plan
    plan.header.source = file
    let (old, site) = (plan.programs[0].instructions[0], SourceSite(file: file, line: 7))
    plan.programs[0].instructions[0] = .init(
      old.action, operands: old.operands, results: old.results, site: site, note: "see // a:1  b")
    #expect(try PlanReader.read(Array(plan.text.utf8)) == plan)
  }

  @Test func `what is equal but written otherwise comes back as it was written`() throws {
    var plan = SamplePlan.plan
    for (i, (rate, note)) in [(0.0, "caf\u{e9}"), (-0.0, "cafe\u{301}")].enumerated() {
      let old = plan.programs[0].instructions[i]
      plan.programs[0].instructions[i] = .init(
        .compute(.random(.dropout(rate: rate, key: "h.drop"))), operands: old.operands, results: old.results,
        site: old.site, note: note)
    }
    let text = plan.text
    #expect(text.contains("{rate: 0.0,") && text.contains("{rate: -0.0,"))
    #expect(try PlanReader.read(Array(text.utf8)).text.utf8.elementsEqual(text.utf8))
  }

  @Test(arguments: ["bind", "delete", "update", "backward", "loss", "metric", "recompute", "true", "program"])
  func `keywords may name values`(_ keyword: String) throws {
    let text = ShortPlan.text.replacing(" g ", with: " \(keyword) ")
    #expect(text != ShortPlan.text)
    let plan = try PlanReader.read(Array(text.utf8))
    try plan.verify()
    #expect(plan.text == text)
  }

  @Test func `several results are written and read`() throws {
    var plan = SamplePlan.plan
    let old = plan.programs[0].instructions[0]
    var program = ProgramSketch("train", plan.storage)
    program.compute("a", SamplePlan.add, ["w1", "w1"], [8, 8], at: 0)
    var values = program.program.values
    values.append(.init(name: "b", type: .init(.i32, [2]), place: .arena(offset: 256)))
    let instruction = PlanInstruction(
      .compute(SamplePlan.add), operands: [0, 0], results: [1, 2], site: old.site, note: "two")
    plan.programs[0] = .init(
      name: "train", bindings: [], values: values, instructions: [instruction], backwardStart: 1, results: [])
    let line = "\n  a, b = add w1, w1 : f32[8,8], i32[2] @0, @256  // mlp.cgm:18  two\n  backward\n}\n"
    #expect(plan.text.contains(line))
    #expect(try PlanReader.read(Array(plan.text.utf8)) == plan)
  }

  @Test func `a long plan is written in chunks of whole lines and comes back`() throws {
    var sketch = ProgramSketch("train", [])
    for i in 0..<3000 { sketch.compute("v\(i)", .elementwise(.constant(Double(i))), [], [], at: 64 * i) }
    sketch.loss("v7")
    var plan = SamplePlan.plan
    plan.training = .init(length: .init(7, .steps), seed: 0)
    (plan.storage, plan.programs) = ([], [sketch.program])
    var chunks: [String] = []
    PlanWriter.write(plan) { (chunk) in chunks.append(chunk) }
    #expect(chunks.count > 1 && chunks.allSatisfy { $0.hasSuffix("\n") })
    #expect(chunks.joined() == plan.text)
    #expect(try PlanReader.read(Array(plan.text.utf8)) == plan)
  }

  @Test func `a sink that fails ends the writing`() {
    struct Full: Error {}
    #expect(throws: Full.self) { try PlanWriter.write(SamplePlan.plan) { (_) throws(Full) in throw Full() } }
  }

  @Test func `the line of each instruction is where the text has it`() {
    var plan = SamplePlan.plan
    for withHeader in [true, false] {
      let lines = plan.text.split(separator: "\n", omittingEmptySubsequences: false)
      for (p, program) in plan.programs.enumerated() {
        for (i, instruction) in program.instructions.enumerated() {
          let line = lines[plan.line(ofInstruction: i, inProgram: p) - 1]
          let subject = program.values[instruction.results.first ?? instruction.operands[0]].name
          #expect(line.contains(subject) && line.contains("// \(instruction.site)") && line.hasPrefix("  "))
          #expect(line.contains("delete") == (instruction.action == .delete))
        }
      }
      if withHeader { (plan.header.budget, plan.header.dims) = (nil, []) }
    }
  }

}
