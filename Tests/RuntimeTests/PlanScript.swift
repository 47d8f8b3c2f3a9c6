import Operations
import PlanFormat
import Runtime
import Support

/// A plan written as in a `.cgplan`, but without what can be filled in: types of results, offsets, totals, sites, and the
/// deletion of each value after its last use.
///
///     data d : f32[2,3], i32[2] = synthetic()
///     param w : f32[3,2] ~ kaiming()
///     input x : f32[2,3]
///     input y : i32[2]
///     program train
///     bind x = d.0
///     bind y = d.1
///     scores = matmul x, w
///     …
struct PlanScript {

  private struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private var storage: [PlacedStorage] = []

  private var data: [DataDeclaration] = []

  private var programs: [ScriptProgram] = []

  private var training = TrainingSettings(length: .init(1, .epochs), seed: 1)

  /// Reads the lines of `text`.
  init(_ text: String) throws {
    for (i, line) in text.split(separator: "\n").map({ $0.drop { $0 == " " } }).enumerated() where !line.isEmpty {
      try append(String(line), number: i + 1)
    }
  }

  /// Returns the plan, read back from its canonical text and verified.
  static func plan(_ text: String) throws -> VerifiedPlan { try VerifiedPlan(try PlanScript(text).plan) }

  private var plan: Plan {
    get throws {
      let programs = programs.map { $0.finished() }
      var totals = programs.map { ScriptTotals($0).totals }.reduce(into: PlanTotals()) { (all, t) in
        all.arenaBytes = max(all.arenaBytes, t.arenaBytes)
        all.liveLowerBoundBytes = max(all.liveLowerBoundBytes, t.liveLowerBoundBytes)
      }
      let train = ScriptTotals(programs[0]).totals
      totals.persistentBytes = storage.map { $0.offset + $0.storage.type.size.value }.max() ?? 0
      totals.peakBytes = totals.persistentBytes + totals.arenaBytes
      totals.liveLowerBoundBytes += totals.persistentBytes
      (totals.activationPeakBytes, totals.savedBytes) = (train.activationPeakBytes, train.savedBytes)
      (totals.stepFlops, totals.recomputeFlops) = (train.stepFlops, train.recomputeFlops)
      let plan = Plan(
        header: .init(source: "test.cgm", model: "Test", policy: "none()"), totals: totals, training: training,
        data: data, storage: storage, programs: programs)
      return try PlanReader.read(Array(plan.text.utf8))
    }
  }

  private mutating func append(_ line: String, number: Int) throws {
    var scanner = TextScanner(Array((line + "  // test.cgm:\(number)").utf8))
    switch line.prefix(while: { $0 != " " }) {
    case "data":
      _ = scanner.take("data ")
      data.append(try scanner.dataDeclaration())
    case "param", "frozen", "state", "slot", "gradient", "input": try appendStorage(&scanner)
    case "training":
      scanner = TextScanner(Array(line.utf8))
      _ = scanner.take("training ")
      training = try scanner.trainingSettings()
    case "program":
      _ = scanner.take("program ")
      programs.append(.init(name: try scanner.word(), storage: storage))
    case "bind":
      scanner = TextScanner(Array(line.utf8))
      _ = scanner.take("bind ")
      programs[programs.count - 1].append(try scanner.inputBinding())
    case _: try programs[programs.count - 1].append(&scanner)
    }
  }

  private mutating func appendStorage(_ scanner: inout TextScanner) throws {
    let kind = try scanner.word()
    let end = storage.map { $0.offset + $0.storage.type.size.value }.max() ?? 0
    let (declared, _) = try scanner.storage(Storage.Kind(rawValue: kind)!, hasOffset: false)
    storage.append(.init(declared, offset: ByteCount(end).rounded(upTo: 64).value))
  }

}

/// A program of a script.
private struct ScriptProgram {

  private var program: PlanProgram

  private let storage: [PlacedStorage]

  init(name: String, storage: [PlacedStorage]) {
    program = .init(name: name, bindings: [], values: [], instructions: [], backwardStart: nil, results: [])
    self.storage = storage
  }

  mutating func append(_ binding: InputBinding) { program.bindings.append(binding) }

  mutating func append(_ scanner: inout TextScanner) throws {
    if scanner.take("backward ") { return program.backwardStart = program.instructions.count }
    if scanner.take("apply ") { return program.applyStart = program.instructions.count }
    if scanner.take("loss = ") { return try appendResult(.loss, "loss", &scanner) }
    if scanner.take("metric ") {
      let label = try scanner.word()
      try scanner.expect("=")
      return try appendResult(.metric, label, &scanner)
    }
    if scanner.take("delete ") { return try append(.delete, [try scanner.name()], [], &scanner) }
    if scanner.take("update ") { return try appendUpdate(&scanner) }
    try appendDefinition(&scanner)
  }

  private mutating func appendResult(_ role: ProgramResult.Role, _ label: String, _ scanner: inout TextScanner) throws {
    let value = index(of: try scanner.name())
    program.results.append(.init(.init(role: role, label: label), value: value))
  }

  private mutating func appendUpdate(_ scanner: inout TextScanner) throws {
    let targets = try scanner.names()
    try scanner.expect("=")
    let text = try scanner.operation()
    try append(.update(text.operation), targets + text.operands, [], &scanner)
  }

  private mutating func appendDefinition(_ scanner: inout TextScanner) throws {
    let name = try scanner.name()
    try scanner.expect("=")
    let again = scanner.take("recompute ")
    let text = try scanner.operation()
    let operands = text.operands.map { index(of: $0) }
    let type = try text.operation.resultTypes(operands.map { program.values[$0].type })[0]
    program.values.append(.init(name: name, type: type, place: .arena(offset: 0)))
    let action: PlanInstruction.Action = again ? .recompute(text.operation) : .compute(text.operation)
    try append(action, text.operands, [program.values.count - 1], &scanner)
  }

  private mutating func append(
    _ action: PlanInstruction.Action, _ operands: [String], _ results: [Int], _ scanner: inout TextScanner
  ) throws {
    let operands = operands.map { index(of: $0) }
    program.instructions.append(.init(action, operands: operands, results: results, site: try scanner.site().site))
  }

  private mutating func index(of name: String) -> Int {
    if let i = program.values.firstIndex(where: { $0.name == name }) { return i }
    guard let s = storage.firstIndex(where: { $0.storage.name == name }) else { preconditionFailure("no \(name)") }
    program.values.append(.init(name: name, type: storage[s].storage.type, place: .storage(index: s)))
    return program.values.count - 1
  }

  /// Returns the program with all deletions and offsets.
  func finished() -> PlanProgram {
    var result = program
    result.instructions = []
    for (i, instruction) in program.instructions.enumerated() {
      if i == program.backwardStart { result.backwardStart = result.instructions.count }
      if i == program.applyStart { result.applyStart = result.instructions.count }
      result.instructions.append(instruction)
      for v in Set(instruction.operands + instruction.results).sorted() where isDead(v, after: i) {
        result.instructions.append(.init(.delete, operands: [v], site: instruction.site))
      }
    }
    return Self.placed(result)
  }

  /// `true` iff `v` must be deleted after instruction `i`, its last use.
  private func isDead(_ v: Int, after i: Int) -> Bool {
    if case .storage = program.values[v].place { return false }
    if program.results.contains(where: { $0.value == v }) { return false }
    if program.instructions[i].action == .delete { return false }
    return !program.instructions[(i + 1)...].contains { $0.operands.contains(v) }
  }

  /// Returns `program` with each value at the lowest offset that is free when it is defined.
  private static func placed(_ program: PlanProgram) -> PlanProgram {
    var (result, live) = (program, [Int: Range<Int>]())
    for i in program.instructions {
      for r in i.results {
        let value = program.values[r]
        var offset = 0
        while let other = live.values.filter({ $0.overlaps(offset..<(offset + value.type.size.value)) }).max(by: {
          $0.upperBound < $1.upperBound
        }) {
          offset = ByteCount(other.upperBound).rounded(upTo: 64).value
        }
        live[r] = offset..<(offset + value.type.size.value)
        result.values[r] = .init(name: value.name, type: value.type, place: .arena(offset: offset))
      }
      if i.action == .delete { live[i.operands[0]] = nil }
    }
    return result
  }

}

/// The figures of one program, by the definitions of `PlanTotals`.
private struct ScriptTotals {

  private(set) var totals = PlanTotals()

  init(_ program: PlanProgram) {
    let gradients = program.instructions.filter { $0.results.isEmpty && $0.action != .delete }.map { $0.operands.last! }
    var (live, carried): (Set<Int>, Set<Int>) = ([], [])
    let size = { (v: Int) in program.values[v].type.size.value }
    for (i, instruction) in program.instructions.enumerated() {
      if i == program.backwardStart { carried = live }
      let types = instruction.operands.map { program.values[$0].type }
      let results = instruction.results.map { program.values[$0].type }
      for r in instruction.results {
        live.insert(r)
        if case .arena(let offset) = program.values[r].place {
          totals.arenaBytes = max(totals.arenaBytes, offset + size(r))
        }
      }
      totals.liveLowerBoundBytes = max(totals.liveLowerBoundBytes, live.map(size).reduce(0, +))
      let activations = live.filter { size($0) > 256 && !gradients.contains($0) }
      totals.activationPeakBytes = max(totals.activationPeakBytes, activations.map(size).reduce(0, +))
      switch instruction.action {
      case .compute(let f), .update(let f): totals.stepFlops += f.flops(types, results)
      case .recompute(let f): totals.recomputeFlops += f.flops(types, results)
      case .delete: live.remove(instruction.operands[0])
      case .offload, .fetch: continue
      }
      if instruction.action == .delete { continue }
      for v in instruction.operands where carried.remove(v) != nil { totals.savedBytes += size(v) }
    }
  }

}
