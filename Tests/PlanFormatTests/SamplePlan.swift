import Operations
import PlanFormat
import Support

/// A plan written by hand: 16 examples of 8 numbers, a hidden layer of 8 with dropout, 4 classes, SGD with momentum.
///
/// Sizes in bytes: `f32[16,8]` 512, `f32[16,4]` 256, `f32[8,8]` 256, `f32[8,4]` 128, `i32[16]` 64, `f32[8]` 32, `f32[]` 4.
enum SamplePlan {

  static let sgd = Operation.update(.sgd(rate: 0.05, momentum: 0.9, nesterov: false, decay: 0, decoupled: false))

  static let dropout = Operation.random(.dropout(rate: 0.5, key: "h.drop"))

  static let dropoutGradient = Operation.random(.dropoutGradient(rate: 0.5, key: "h.drop"))

  static let relu = Operation.elementwise(.unary(.relu))

  static let add = Operation.elementwise(.binary(.add))

  static func matmul(_ left: Bool = false, _ right: Bool = false) -> Operation {
    .linear(.matmul(transposeLeft: left, transposeRight: right))
  }

  static let plan = Plan(
    header: .init(
      source: "mlp.cgm", model: "Classifier", policy: "every(k: 3)", budget: 3072,
      dims: [.init(name: "B", size: 16), .init(name: "Hidden", size: 8)]),
    totals: totals,
    training: .init(length: .init(5, .epochs), seed: 1, evaluation: .init(1, .epochs), evaluationBatches: 20),
    data: [data("train_set", line: 6), data("test_set", line: 7)], storage: storage, programs: [train, evaluation])

  static let text = plan.text

  static var totals: PlanTotals {
    var t = PlanTotals()
    t.persistentBytes = 1408 + 64  // `label`, the last of the storage
    t.arenaBytes = 1088 + 512  // `h.sum'2`
    t.peakBytes = 1472 + 1600
    t.liveLowerBoundBytes = 1472 + (3 * 512 + 4)  // grad(h.act), h.pre'2, h.sum'2, loss
    t.activationPeakBytes = 3 * 512  // the same without the loss
    t.savedBytes = 512 + 256  // h.drop and logits; nothing reads the loss
    let forward = 2 * 16 * 8 * 8 + 128 + 128 + 12 * 128 + 2 * 16 * 8 * 4 + 15 * 64
    let backward = 18 * 64 + 2 * 8 * 16 * 4 + 2 * 16 * 4 * 8 + 12 * 128 + 2 * 128 + 128 + 2 * 8 * 16 * 8
    t.stepFlops = forward + backward + 4 * 32 + 4 * 8 + 4 * 64
    t.recomputeFlops = 2 * 16 * 8 * 8 + 128 + 128  // h.pre'2, h.sum'2, h.act'2
    return t
  }

  private static func data(_ name: String, line: Int) -> DataDeclaration {
    .init(
      name: name, types: [.init(.f32, [16, 8]), .init(.i32, [16])], source: .idx,
      arguments: [.init("images", .string("\(name).gz")), .init("labels", .string("labels \"1\".gz"))],
      site: .init(file: "mlp.cgm", line: line))
  }

  private static var storage: [PlacedStorage] {
    [
      place(.parameter, "w1", .init(.f32, [8, 8]), .kaiming, at: 0),
      place(.parameter, "w2", .init(.f32, [8, 4]), .normal(mean: 0, std: 0.02), at: 256),
      place(.parameter, "b1", .init(.f32, [8]), .zeros, at: 384),
      place(.slot, "velocity(w1)", .init(.f32, [8, 8]), .zeros, at: 448),
      place(.slot, "velocity(w2)", .init(.f32, [8, 4]), .zeros, at: 704),
      place(.slot, "velocity(b1)", .init(.f32, [8]), .zeros, at: 832),
      place(.input, "train.image", .init(.f32, [16, 8]), nil, at: 896),
      place(.input, "train.label", .init(.i32, [16]), nil, at: 1408),
    ]
  }

  private static func place(
    _ kind: Storage.Kind, _ name: String, _ type: TensorType, _ initializer: Initializer?, at offset: Int
  ) -> PlacedStorage {
    .init(.init(kind, name, type, initializer, site: .init(file: "mlp.cgm", line: 12)), offset: offset)
  }

  private static var train: PlanProgram {
    var p = ProgramSketch("train", storage)
    p.bind("train.image", "train_set", 0)
    p.bind("train.label", "train_set", 1)
    p.line = 18
    p.compute("h.pre", matmul(), ["train.image", "w1"], [16, 8], at: 0)
    p.compute("h.sum", add, ["h.pre", "b1"], [16, 8], at: 512)
    p.delete("h.pre", note: "last use")
    p.compute("h.act", relu, ["h.sum"], [16, 8], at: 0)
    p.delete("h.sum", note: "last use before the backward part")
    p.compute("h.drop", dropout, ["h.act"], [16, 8], at: 512)
    p.delete("h.act", note: "last use before the backward part")
    p.line = 19
    p.compute("logits", matmul(), ["h.drop", "w2"], [16, 4], at: 0)
    p.compute("train.loss", .classification(.crossEntropy), ["logits", "train.label"], [], at: 1024)
    p.backward()
    addBackwardOfOutput(to: &p)
    p.line = 18
    addBackwardOfHidden(to: &p)
    p.loss("train.loss")
    return p.program
  }

  private static func addBackwardOfOutput(to p: inout ProgramSketch) {
    p.compute("grad(train.loss)", .elementwise(.constant(1)), [], [], at: 1088)
    p.compute(
      "grad(logits)", .classification(.crossEntropyGradient), ["logits", "train.label", "grad(train.loss)"], [16, 4],
      at: 256)
    p.delete("logits")
    p.delete("grad(train.loss)")
    p.compute("grad(w2)", matmul(true), ["h.drop", "grad(logits)"], [8, 4], at: 0)
    p.delete("h.drop")
    p.compute("grad(h.drop)", matmul(false, true), ["grad(logits)", "w2"], [16, 8], at: 512)
    p.delete("grad(logits)")
    p.update(sgd, ["w2", "velocity(w2)", "grad(w2)"])
    p.delete("grad(w2)")
  }

  private static func addBackwardOfHidden(to p: inout ProgramSketch) {
    p.compute("grad(h.act)", dropoutGradient, ["grad(h.drop)"], [16, 8], at: 0)
    p.delete("grad(h.drop)")
    p.recompute("h.pre'2", matmul(), ["train.image", "w1"], [16, 8], at: 512, note: "for the gradient of h.sum")
    p.recompute("h.sum'2", add, ["h.pre'2", "b1"], [16, 8], at: 1088, note: "for the gradient of h.sum")
    p.delete("h.pre'2")
    p.recompute("h.act'2", relu, ["h.sum'2"], [16, 8], at: 512, note: "for the gradient of h.sum")
    p.delete("h.sum'2")
    p.compute("grad(h.sum)", .elementwise(.unaryGradient(.relu)), ["h.act'2", "grad(h.act)"], [16, 8], at: 1088)
    p.delete("h.act'2")
    p.delete("grad(h.act)")
    p.compute("grad(b1)", .reduction(.reduce(.sum, axes: [0], keep: false)), ["grad(h.sum)"], [8], at: 0)
    p.compute("grad(w1)", matmul(true), ["train.image", "grad(h.sum)"], [8, 8], at: 64)
    p.delete("grad(h.sum)")
    p.update(sgd, ["b1", "velocity(b1)", "grad(b1)"])
    p.delete("grad(b1)")
    p.update(sgd, ["w1", "velocity(w1)", "grad(w1)"])
    p.delete("grad(w1)")
  }

  private static var evaluation: PlanProgram {
    var p = ProgramSketch("eval", storage)
    p.bind("train.image", "test_set", 0)
    p.bind("train.label", "test_set", 1)
    p.line = 18
    p.compute("h.pre", matmul(), ["train.image", "w1"], [16, 8], at: 0)
    p.compute("h.sum", add, ["h.pre", "b1"], [16, 8], at: 512)
    p.delete("h.pre")
    p.compute("h.act", relu, ["h.sum"], [16, 8], at: 0)
    p.delete("h.sum")
    p.line = 19
    p.compute("logits", matmul(), ["h.act", "w2"], [16, 4], at: 512)
    p.delete("h.act")
    p.compute("loss", .classification(.crossEntropy), ["logits", "train.label"], [], at: 0)
    p.compute("class", .reduction(.argmax), ["logits"], [16], at: 64, element: .i32)
    p.delete("logits")
    p.compute("hit", .elementwise(.compare(.equal)), ["class", "train.label"], [16], at: 128, element: .bool)
    p.delete("class")
    p.compute("accuracy", .reduction(.reduce(.mean, axes: [0], keep: false)), ["hit"], [], at: 192)
    p.delete("hit")
    p.loss("loss")
    p.metric("accuracy", "accuracy")
    return p.program
  }

}
