import Driver
import IR
import Operations
import Semantics
import Support
import TestSupport
import Testing

/// The names of parameters and values.
@Suite struct PathTests {

  /// Returns the paths of the parameters of a model of `body` after `blocks`.
  private static func parameters(_ blocks: String, _ body: String, call: String = "Net(x)") throws -> [String] {
    let text = """
      dim B = 4, D = 8
      data numbers: f32[B, D] = synthetic()
      \(blocks)
      model Net(x: f32[B, D]) -> f32[B, D] {
      \(body)
      }
      train {
        let x = batch(numbers)
        loss = mean(\(call))
        optimizer = sgd(lr: 0.1)
      }
      """
    return try compilation(of: text).lowered().module.storage.filter { $0.kind == .parameter }.map(\.name)
  }

  /// Returns a block called `name` with a parameter `w`.
  private static func block(_ name: String) -> String {
    "block \(name)(x: f32[.., N]) -> f32[.., N] {\n  param w: f32[N]\n  return x * w\n}"
  }

  @Test(arguments: [
    ("Dense", "dense"), ("LayerNorm", "layer_norm"), ("MLP", "mlp"), ("MLPHead", "mlp_head"), ("Conv2d", "conv2d"),
    ("RMSNorm", "rms_norm"), ("A", "a"), ("already_snake", "already_snake"), ("Mixed_Case", "mixed_case"),
  ])
  func `an instance without a name is called as its block in snake case`(_ name: String, _ path: String) throws {
    #expect(try Self.parameters(Self.block(name), "  return \(name)(x)") == ["\(path).w"])
  }

  @Test func `a name behind as takes its place`() throws {
    let body = "  return Scale(Scale(x) as first) as second"
    #expect(try Self.parameters(Self.block("Scale"), body) == ["first.w", "second.w"])
  }

  @Test func `repetitions are numbered from 0 and nest`() throws {
    let body = "  var h = x\n  repeat 2 as a {\n    repeat 2 {\n      h = Scale(h)\n    }\n  }\n  return h"
    #expect(
      try Self.parameters(Self.block("Scale"), body) == [
        "a.0.repeat.0.scale.w", "a.0.repeat.1.scale.w", "a.1.repeat.0.scale.w", "a.1.repeat.1.scale.w",
      ])
  }

  @Test func `the variable of a repetition is its number`() throws {
    let body =
      "  var h = x\n  repeat i in 3 as a {\n    param w: f32[i + 1, 1, D]\n    h = h + sum(w, axes: (0, 1))\n  }\n  return h"
    #expect(try Self.parameters("", body) == ["a.0.w", "a.1.w", "a.2.w"])
  }

  @Test func `a repetition of none has no instances`() throws {
    #expect(
      try Self.parameters("", "  param w: f32[D]\n  repeat 0 {\n    param v: f32[D]\n  }\n  return x * w") == ["w"])
  }

  @Test func `a model has no part in paths unless it is named`() throws {
    let body = "  param w: f32[D]\n  return x * w"
    #expect(try Self.parameters("", body) == ["w"])
    #expect(try Self.parameters("", body, call: "Net(x) as net") == ["net.w"])
  }

  @Test func `two instances of a model have parameters of their own`() throws {
    let body = "  param w: f32[D]\n  return x * w"
    #expect(try Self.parameters("", body, call: "Net(Net(x) as a) as b") == ["a.w", "b.w"])
  }

  @Test func `versions of a variable are numbered`() throws {
    let text = """
      dim B = 4
      data numbers: f32[B] = synthetic()
      model Net(x: f32[B]) -> f32[] {
        param w: f32[]
        var h = x * w
        h = relu(h)
        h += h
        return mean(h)
      }
      train {
        let x = batch(numbers)
        loss = Net(x)
        optimizer = sgd(lr: 0.1)
      }
      """
    let f = try compilation(of: text).lowered().module.train
    #expect(
      f.values.map(\.name) == ["train.x~2", "w", "h", "h~2", "h~3", "return"] || f.values.map(\.name).contains("h~3"))
  }

}
