import Differentiation
import Driver
import IR
import Operations
import PlanFormat
import Runtime
import Scheduling
import Support
import Testing

/// Instructions with several results, from the IR to the machine.
@Suite struct SeveralResultsTests {

  /// Layers of attention over one sequence, each `h = tanh(attention(h·q, h·k, h·v))`.
  private static func text(layers: Int) -> String {
    var lines = ["h = neg start : f32[6,4]  // a.cgm:2"]
    for i in 0..<layers {
      for n in ["q", "k", "v"] {
        lines.append("\(n)\(i) = matmul h\(i == 0 ? "" : "\(i)"), \(n) : f32[6,4]  // a.cgm:3")
      }
      lines.append(
        "y\(i), y\(i).1 = attention q\(i), k\(i), v\(i) {causal: true, scale: 0.5} : f32[6,4], f32[6]  // a.cgm:4")
      lines.append("h\(i + 1) = tanh y\(i) : f32[6,4]  // a.cgm:5")
    }
    lines.append("l = mean h\(layers) {axes: [0, 1]} : f32[]  // a.cgm:6")
    let parameters = ["q", "k", "v"].map { "param \($0) : f32[4,4] ~ kaiming()  // a.cgm:1\n" }.joined()
    return """
      cgir 1
      source "a.cgm"
      model Net
      training 1 steps seed 0
      optimizer sgd {lr: 0.1, momentum: 0.0, decay: 0.0}
      param start : f32[6,4] ~ kaiming()  // a.cgm:1
      \(parameters)
      program train {
      \(lines.map { "  \($0)\n" }.joined())  loss loss = l
      }

      """
  }

  private static func compile(layers: Int, _ policy: PolicyCall) throws -> CompiledModel {
    let module = try Module(parsing: text(layers: layers)).differentiated()
    try module.verify()
    var options = CompileOptions()
    options.policy = policy
    options.threads = Laboratory.threads
    let compilation = Compilation(SourceFile(name: "a.cgm", text: ""), options: options)
    let compiled = try compilation.assembled(module, .init())
    try compiled.plan.verify()
    return compiled
  }

  @Test func `a module with several results is printed and read back, before and after differentiation`() throws {
    let module = try Module(parsing: Self.text(layers: 2))
    try module.verify()
    #expect(try Module(parsing: module.text).text == module.text)
    let differentiated = try module.differentiated()
    try differentiated.verify()
    #expect(try Module(parsing: differentiated.text).text == differentiated.text)
    #expect(
      differentiated.text.contains("grad(y1).operands, grad(y1).operands.1, grad(y1).operands.2 = attention_grad"))
  }

  @Test func `a taken name is numbered once for all results`() throws {
    var f = Function(name: "train")
    let x = f.value(of: .init(0), named: "x", type: .init(.f32, [3, 2]))
    let operation = Operation.attention(.attention(.init(causal: false, scale: 1)))
    let names = try (0..<2).flatMap { (_) in
      try f.append(operation, [x, x, x], named: "y", at: .init(file: "a.cgm", line: 1)).map { f[$0].name }
    }
    #expect(names == ["y", "y.1", "y~2", "y~2.1"])
  }

  @Test func `no policy changes a bit, and the results of one instruction are recomputed together`() throws {
    var seen: [[String: [Double]]] = []
    var recomputed: [Int] = []
    let policies =
      [PolicyCall(name: "none"), .init(name: "sqrt")]
      + (2...5).map { .init(name: "every", arguments: [.init("k", .integer($0))]) }
    for policy in policies {
      let compiled = try Self.compile(layers: 4, policy)
      let plan = try PlanReader.read(Array(compiled.plan.text.utf8))
      #expect(plan.text == compiled.plan.text)
      for mode in [ExecutionMode.planned(poison: true), .keepAll] {
        let machine = try Laboratory.machine(for: plan, mode: mode)
        machine.initialize(seed: 3)
        seen.append(try machine.gradients(.init(seed: 1)))
        #expect(machine.isMemoryIntact)
      }
      let again = plan.programs[0].instructions.filter { $0.action.recomputes(.attention(.attention(Self.scores))) }
      #expect(again.allSatisfy { $0.results.count == 2 })
      recomputed.append(again.count)
    }
    #expect(seen.allSatisfy { $0 == seen[0] && $0.count == 4 })
    #expect(recomputed[0] == 0 && recomputed.contains { $0 > 0 }, "\(recomputed)")
  }

  private static let scores = Attention.Scores(causal: true, scale: 0.5)

  @Test func `a value that is saved is not made again for the sake of the other result`() throws {
    let module = try Module(parsing: Self.text(layers: 3)).differentiated()
    let problem = try SchedulingProblem(module.train, rules: [], cost: .flops)
    let names = problem.analysis.numbered.map { module.train[$0].name }
    #expect(names.contains("y0") && !names.contains("y0.1"))
    var saved = problem.analysis.leastSaved()
    for (v, value) in module.train.values.enumerated() where value.name == "y1" { saved[v] = true }
    let schedule = problem.schedule(saving: saved)
    var verifier = ScheduleVerifier(schedule, of: module.train)
    try verifier.verify()
    let recomputed = schedule.steps.filter { $0.action == .recompute }.flatMap { module.train[$0.instruction].results }
    let recomputedNames = Set(recomputed.map { module.train[$0].name })
    #expect(recomputedNames.isSuperset(of: ["y0", "y0.1"]))
    #expect(recomputedNames.isDisjoint(with: ["y1", "y1.1"]))
  }

}

extension PlanInstruction.Action {

  /// `true` iff this executes `operation` again.
  fileprivate func recomputes(_ operation: Operation) -> Bool {
    switch self {
    case .recompute(let o): o == operation
    case .compute, .update, .delete, .offload, .fetch: false
    }
  }

}
