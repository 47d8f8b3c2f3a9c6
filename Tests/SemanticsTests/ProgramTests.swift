import Driver
import IR
import Operations
import Semantics
import Support
import TestSupport
import Testing

/// What lowers to which instructions.
@Suite struct ProgramTests {

  /// Returns the training program of a model whose loss is `expression` of `x: f32[B, D]` and a parameter `w: f32[D]`.
  private static func instructions(_ expression: String) throws -> [String] {
    let text = """
      dim B = 4, D = 8
      data numbers: f32[B, D] = synthetic()
      model Net(x: f32[B, D]) -> f32[] {
        param w: f32[D]
        let h = x * w
        return \(expression)
      }
      train {
        let x = batch(numbers)
        loss = Net(x)
        optimizer = sgd(lr: 0.1)
      }
      """
    let f = try compilation(of: text).lowered().module.train
    return f.instructionIDs.dropFirst().map { (id) in
      let i = f[id]
      return i.operation.text(operands: i.operands.map { f[$0].name }) + " : " + f[i.results[0]].type.description
    }
  }

  @Test(arguments: [
    ("mean(h)", ["mean h {axes: [0, 1]} : f32[]"]),
    ("sum(mean(h, axis: 0))", ["mean h {axes: [0]} : f32[8]", "sum return.x {axes: [0]} : f32[]"]),
    ("sum(mean(h, axis: -1))", ["mean h {axes: [1]} : f32[4]", "sum return.x {axes: [0]} : f32[]"]),
    ("sum(mean(h, axis: -2))", ["mean h {axes: [0]} : f32[8]", "sum return.x {axes: [0]} : f32[]"]),
    ("mean(h, axes: (1, 0))", ["mean h {axes: [0, 1]} : f32[]"]),
    ("mean(h, axes: (-1, 0))", ["mean h {axes: [0, 1]} : f32[]"]),
    (
      "sum(mean(h, axis: 1, keep: true))",
      ["mean h {axes: [1], keep: true} : f32[4,1]", "sum return.x {axes: [0, 1]} : f32[]"]
    ),
  ])
  func `axes count from either end`(_ expression: String, _ expected: [String]) throws {
    #expect(try Self.instructions(expression) == expected)
  }

  @Test(arguments: [
    ("mean(h) * (2 + 3)", "constant {value: 5.0} : f32[]"), ("mean(h) * (D * 2)", "constant {value: 16.0} : f32[]"),
    ("mean(h) * (1 / 4)", "constant {value: 0.25} : f32[]"), ("mean(h) * sqrt(16)", "constant {value: 4.0} : f32[]"),
    ("mean(h) * (-D)", "constant {value: -8.0} : f32[]"), ("mean(h) * (1e-3 + 0)", "constant {value: 0.001} : f32[]"),
    ("mean(h) * (7 % 4)", "constant {value: 3.0} : f32[]"), ("mean(h) * 1_000", "constant {value: 1000.0} : f32[]"),
  ])
  func `arithmetic of numbers is done by the compiler`(_ expression: String, _ constant: String) throws {
    let i = try Self.instructions(expression)
    #expect(i.count == 3)
    #expect(i.contains(constant))
  }

  @Test func `the evaluation program has no random operations and the same parameters`() throws {
    let text = """
      dim B = 4, D = 8
      data numbers: f32[B, D] = synthetic()
      data others:  f32[B, D] = synthetic()
      model Net(x: f32[B, D]) -> f32[] {
        param w: f32[D]
        let h = dropout(x * w, rate: 0.5)
        return mean(dropout(h, rate: 0.1))
      }
      train {
        let x = batch(numbers)
        loss = Net(x)
        optimizer = sgd(lr: 0.1)
        eval = every(1 epoch, on: others)
      }
      """
    let m = try compilation(of: text).lowered().module
    let eval = try #require(m.eval)
    #expect(m.train.instructions.filter { $0.operation.effect == .random }.count == 2)
    #expect(eval.instructions.filter { $0.operation.effect == .random }.isEmpty)
    #expect(m.train.bindings == [.init(input: "train.numbers.0", data: "numbers", component: 0)])
    #expect(eval.bindings == [.init(input: "train.numbers.0", data: "others", component: 0)])
    #expect(m.storage.map(\.name) == ["train.numbers.0", "w"])
  }

  @Test func `every random operation has a key of its own`() throws {
    let text = """
      dim B = 4, D = 8
      data numbers: f32[B, D] = synthetic()
      model Net(x: f32[B, D]) -> f32[] {
        param w: f32[D]
        var h = x * w
        repeat 5 as layer {
          h = dropout(dropout(h, rate: 0.5), rate: 0.5)
        }
        return mean(h)
      }
      train {
        let x = batch(numbers)
        loss = Net(x)
        optimizer = sgd(lr: 0.1)
      }
      """
    let f = try compilation(of: text).differentiated().module.train
    let keys = f.instructions.compactMap { (i) -> String? in
      guard case .random(.dropout(_, let key)) = i.operation else { return nil }
      return key
    }
    #expect(keys.count == 10)
    #expect(Set(keys).count == 10)
  }

}
