extension BrokenText {

  static let recomputation: [BrokenText] = [
    .init(
      "recompute of a different operation", "h.act'2 = recompute relu", "h.act'2 = recompute tanh",
      "program train, instruction 24 (line 57): h.act'2 is recomputed by tanh h.sum'2, but instruction 3 is relu h.sum"),
    .init(
      "recompute with different attributes", "h.pre'2 = recompute matmul train.image, w1",
      "h.pre'2 = recompute matmul train.image, w1 {transpose_right: true}",
      "program train, instruction 21 (line 54): h.pre'2 is recomputed by matmul train.image, w1 {transpose_right: true}, but instruction 0 is matmul train.image, w1"
    ),
    .init(
      "recompute of different operands", "h.act'2 = recompute relu h.sum'2", "h.act'2 = recompute relu grad(h.act)",
      "program train, instruction 24 (line 57): h.act'2 is recomputed by relu grad(h.act), but instruction 3 is relu h.sum"
    ),
    .init(
      "recompute of what was never computed",
      [("h.pre'2 = rec", "h.prx'2 = rec"), ("add h.pre'2", "add h.prx'2"), ("delete h.pre'2", "delete h.prx'2")],
      "program train, instruction 21 (line 54): h.prx'2 recomputes h.prx, which no instruction before computes"),
    .init(
      "a version out of order",
      [("h.pre'2 = rec", "h.pre'3 = rec"), ("add h.pre'2", "add h.pre'3"), ("delete h.pre'2", "delete h.pre'3")],
      "program train, instruction 21 (line 54): h.pre'3 is out of order; the next version is '2"),
    .init(
      "a recomputation without a version",
      [("h.pre'2 = rec", "h.again = rec"), ("add h.pre'2", "add h.again"), ("delete h.pre'2", "delete h.again")],
      "program train, instruction 21 (line 54): h.again is recomputed, but its name has no version such as '2"),
    .init(
      "a first computation with a version", "h.pre'2 = recompute", "h.pre'2 =",
      "program train, instruction 21 (line 54): h.pre'2 is computed for the first time under the name of a recomputed value"
    ),
    .init(
      "an effect recomputed", "h.pre'2 = recompute matmul train.image, w1",
      "h.pre'2 = recompute sgd w1, w1, w1 \(rate)",
      "program train, instruction 21 (line 54): sgd changes persistent storage and must not be recomputed"),
    .init(
      "a parameter recomputed",
      [("h.pre'2 = rec", "w1'2 = rec"), ("add h.pre'2", "add w1'2"), ("delete h.pre'2", "delete w1'2")],
      "program train, instruction 21 (line 54): w1'2 recomputes w1, which no instruction before computes"),
    .init(
      "dropout of another draw", "dropout_grad grad(h.drop) {rate: 0.5, key: \"h.drop\"}",
      "dropout_grad grad(h.drop) {rate: 0.5, key: \"h.other\"}",
      "program train, instruction 19 (line 52): the random key \"h.other\" belongs to no dropout before of this rate and type"
    ),
    .init(
      "dropout of another rate", "dropout_grad grad(h.drop) {rate: 0.5", "dropout_grad grad(h.drop) {rate: 0.25",
      "program train, instruction 19 (line 52): the random key \"h.drop\" belongs to no dropout before of this rate and type"
    ),
    .init(
      "an empty key", "dropout h.act {rate: 0.5, key: \"h.drop\"}", "dropout h.act {rate: 0.5, key: \"\"}",
      "program train, instruction 5 (line 37): dropout has an empty key"),
    .init(
      "a key drawn twice", "h.sum = add h.pre, b1 : f32[16,8] @512\(site18)",
      "h.sum = dropout h.pre {rate: 0.5, key: \"h.drop\"} : f32[16,8] @512\(site18)",
      "program train, instruction 5 (line 37): the random key \"h.drop\" is drawn twice"),
  ]

  static let effects: [BrokenText] = [
    .init(
      "an effect twice", "  delete grad(w2)\(site19)",
      "  update w2, velocity(w2) = sgd grad(w2) \(rate)\(site19)  delete grad(w2)\(site19)",
      "program train, instruction 18 (line 51): w2 was updated by instruction 17"),
    .init(
      "an effect computed", "h.sum = add h.pre, b1", "h.sum = sgd w1, w1, w1 \(rate)",
      "program train, instruction 1 (line 33): sgd changes persistent storage and must be an update"),
    .init(
      "an update by what is none", "update w2, velocity(w2) = sgd grad(w2) \(rate)",
      "update w2, velocity(w2) = relu grad(w2)", "program train, instruction 17 (line 50): relu is no update"),
    .init(
      "an update of another's slot", "update w1, velocity(w1)", "update w1, velocity(w2)",
      "program train, instruction 34 (line 67): the update writes velocity(w2), not slot velocity(w1)"),
    .init(
      "an update of a slot as parameter", "update w1, velocity(w1)", "update velocity(w1), velocity(w1)",
      "program train, instruction 34 (line 67): the update writes velocity(w1), not param velocity(w1)"),
    .init(
      "an update of an input", "update b1, velocity(b1)", "update grad(b1), velocity(b1)",
      "program train, instruction 32 (line 65): the update writes grad(b1), not param grad(b1)"),
    .init(
      "an update without its slot", "update b1, velocity(b1)", "update b1",
      "program train, instruction 32 (line 65): sgd takes 3 operands, not 2"),
    .init(
      "an update from storage", "sgd grad(w1)", "sgd w1",
      "program train, instruction 34 (line 67): the gradient w1 is persistent, not a value in the arena"),
    .init(
      "an update from two gradients", "sgd grad(w2)", "sgd grad(w2), grad(w2)",
      "program train, instruction 17 (line 50): sgd takes a factor f32[], not f32[8,4]"),
    .init(
      "an update from a deleted gradient",
      [("  delete grad(w1)\(site18)", ""), ("  update w1", "  delete grad(w1)\(site18)  update w1")],
      "program train, instruction 35 (line 68): grad(w1) is read after instruction 34 deleted it"),
    .init(
      "a parameter that is never updated",
      "  update w1, velocity(w1) = sgd grad(w1) \(rate)\(site18)", "",
      "program train: w1 is never updated"),
    .init(
      "an update in eval", "  delete hit\(site19)",
      "  update b1, velocity(b1) = sgd hit \(rate)\(site19)  delete hit\(site19)",
      "program eval, instruction 13 (line 88): an update outside of train"),
  ]

}
