import Testing

@Suite struct DumpCommandTests {

  private static let graphValue = JSONKeys(kinds: [
    "id": .count, "name": .string, "bytes": .count,
    "kind": .word(["input", "param", "state", "activation", "gradient"]),
  ])

  private static let graphOperation = JSONKeys(kinds: [
    "id": .count, "op": .string, "inputs": .counts, "outputs": .counts, "flops": .count, "workspace_bytes": .count,
    "pass": .word(["forward", "backward", "update"]), "recomputable": .bool,
  ])

  private static let instruction = JSONKeys(kinds: [
    "step": .count, "action": .word(["compute", "recompute", "delete", "snapshot", "update", "offload", "fetch"]),
    "value": .string,
    "op": .string, "inputs": .strings, "bytes": .count, "offset": .countOrNull, "in_place_of": .stringOrNull,
    "workspace_bytes": .count,
    "live_bytes": .count,
    "source": .string, "reason": .string,
  ])

  @Test(
    arguments: Sample.allCases,
    [
      ("ast", "dim"), ("ir", "cgir 1"), ("grad", "backward"), ("schedule", "program train"), ("memory", "@"),
      ("plan", "cgplan 1"),
    ])
  func `every stage is shown as text`(_ sample: Sample, _ stage: (name: String, part: String)) throws {
    let w = Workspace()
    let r = try w.cgadc("dump", sample.path, "--stage", stage.name).exits(0)
    #expect(r.results.contains(stage.part), "\(r)")
    #expect(r.messages.isEmpty)
    #expect(try w.names.isEmpty)
  }

  @Test(arguments: Sample.allCases)
  func `the dump of stage plan is the file that is written`(_ sample: Sample) throws {
    let w = Workspace()
    try w.compile(sample.path)
    let dumped = try w.cgadc("dump", sample.path, "--stage", "plan").exits(0)
    #expect(try w.text("model.cgplan") == dumped.results)
    #expect(try w.cgadc("dump", "model.cgplan", "--stage", "plan").exits(0).results == dumped.results)
  }

  @Test(arguments: ["schedule", "memory"])
  func `a plan is dumped as its model is`(_ stage: String) throws {
    let w = Workspace()
    try w.compile(Sample.digits.path)
    let ofModel = try w.cgadc("dump", Sample.digits.path, "--stage", stage).exits(0)
    #expect(try w.cgadc("dump", "model.cgplan", "--stage", stage).exits(0).results == ofModel.results)
  }

  @Test(arguments: ["ast", "ir", "grad"])
  func `a plan has no stages before the schedule`(_ stage: String) throws {
    let w = Workspace()
    try w.compile(Sample.digits.path)
    try w.cgadc("dump", "model.cgplan", "--stage", stage).refuses(64, stage)
  }

  @Test(arguments: ["ast", "ir", "memory", "plan"])
  func `stages without a document have no JSON`(_ stage: String) throws {
    try Workspace().cgadc("dump", Sample.digits.path, "--stage", stage, "--format", "json").refuses(64, "json", stage)
  }

  @Test(arguments: Sample.allCases)
  func `the graph has its keys and is in order`(_ sample: Sample) throws {
    let graph = try Workspace().cgadc("dump", sample.path, "--stage", "grad", "--format", "json").exits(0).json
    JSONKeys(kinds: [:]).expect(in: graph)
    var known: Set<Int> = []
    for v in graph["values"].elements {
      Self.graphValue.expect(exactlyIn: v)
      if ["input", "param", "state"].contains(v["kind"].string) { known.insert(v["id"].integer ?? -1) }
    }
    for o in graph["ops"].elements {
      Self.graphOperation.expect(exactlyIn: o)
      let inputs = o["inputs"].elements.compactMap(\.integer)
      #expect(known.isSuperset(of: inputs), "\(o) reads what is not made yet")
      known.formUnion(o["outputs"].elements.compactMap(\.integer))
    }
    #expect(known == Set(graph["values"].elements.indices))
  }

  @Test(arguments: Sample.allCases, ["none()", "every(k: 4)"])
  func `the schedule has its keys, and its live bytes add up`(_ sample: Sample, _ policy: String) throws {
    let r = try Workspace().cgadc(
      "dump", sample.path, "--stage", "schedule", "--format", "json", "--policy", policy)
    let instructions = try r.exits(0).json["instructions"].elements
    var (live, recomputed) = (0, 0)
    var overwritten: [String: Int] = [:]
    for (i, step) in instructions.enumerated() {
      Self.instruction.expect(exactlyIn: step)
      #expect(step["step"].integer == i + 1)
      let bytes = step["offset"].integer == nil ? 0 : step["bytes"].integer ?? 0
      switch step["action"].string {
      case "delete": live -= overwritten.removeValue(forKey: step["value"].string ?? "") == nil ? bytes : 0
      case "update": break
      case _: live += bytes
      }
      if let x = step["in_place_of"].string {  // it ends where the result begins, and is deleted next
        #expect(step["inputs"].elements.contains(.string(x)))
        overwritten[x] = bytes
        live -= bytes
      }
      #expect(step["live_bytes"].integer == live, "step \(i + 1)")
      recomputed += step["action"].string == "recompute" ? 1 : 0
    }
    #expect((recomputed == 0) == (policy == "none()"))
    #expect(overwritten.isEmpty && instructions.contains { $0["in_place_of"] != .null })
  }

}
