import Testing

/// A model that is wrong, and what is said of it.
struct WrongModel: Sendable, CustomTestStringConvertible {

  let name: String

  /// What is replaced in a right model.
  let right: String

  let wrong: String

  /// The line and column.
  let place: String

  let code: String

  /// A part of the message.
  let message: String

  var testDescription: String { name }

}

@Suite struct RejectedModelTests {

  /// Mistakes in `Models.chain()`, whose lines count from 1: dims, data, model, parameter, …
  static let mistakes: [WrongModel] = [
    .init(
      name: "a bracket that is not closed", right: "f32[B, D] {", wrong: "f32[B, D {", place: "3:39", code: "CG0108",
      message: "']'"),
    .init(
      name: "an unknown name", right: "x @ weight", wrong: "x @ weigth", place: "5:15", code: "CG02",
      message: "weight"),
    .init(
      name: "an unknown dim", right: "param weight: f32[D, D]", wrong: "param weight: f32[D, E]", place: "4:24",
      code: "CG02", message: "E"),
    .init(
      name: "dims that disagree", right: "param weight: f32[D, D]", wrong: "param weight: f32[B, D]", place: "5:13",
      code: "CG02", message: "B"),
    .init(
      name: "an unknown setting", right: "optimizer", wrong: "optimiser", place: "15:3", code: "CG",
      message: "optimizer"
    ),
    .init(
      name: "an unknown operation", right: "relu(h)", wrong: "rleu(h)", place: "8:9", code: "CG02", message: "relu"),
    .init(
      name: "a feature to come", right: "(f32[B, D], f32[B, D])", wrong: "(f32[B, D], u8[B, D])", place: "2:28",
      code: "CG",
      message: "not supported yet"),
  ]

  @Test(arguments: mistakes, ["check", "compile"])
  func `a mistake has its place, its code and its line`(_ mistake: WrongModel, _ command: String) throws {
    let w = Workspace()
    let text = Models.chain()
    try #require(text.contains(mistake.right))
    let wrong = text.replacing(mistake.right, with: mistake.wrong, maxReplacements: 1)
    try w.write("chain.cgm", wrong)
    let r = try w.cgadc(command, "chain.cgm")
    try r.refuses(1, "chain.cgm:\(mistake.place): error: ", "[\(mistake.code)", mistake.message)
    let line = mistake.place.split(separator: ":")[0]
    #expect(r.messages.contains("\n\(line) | ") && r.messages.contains("`- error"), "\(r)")
    #expect(try w.names == ["chain.cgm"])
  }

  @Test func `all mistakes of a file are reported in one run`() throws {
    let w = Workspace()
    let text = Models.chain().replacing("relu(h)", with: "rleu(h)").replacing("tanh(h)", with: "tahn(h)")
    try w.write("chain.cgm", text)
    try w.cgadc("check", "chain.cgm").refuses(1, "chain.cgm:7:9: error", "chain.cgm:8:9: error")
  }

  @Test func `a rule that matches nothing is an error`() throws {
    let w = Workspace()
    try w.write("chain.cgm", Models.chain() + "schedule {\n  save h.*.hh\n}\n")
    try w.cgadc("compile", "chain.cgm").refuses(1, "chain.cgm:20:", "[CG05")
  }

  @Test(arguments: [
    ("evry(k: 3)", "every"), ("every(k: 0)", "every(k: INT)"), ("every()", "every(k: INT)"), ("none(k: 1)", "none()"),
  ])
  func `a policy that does not exist is an error`(_ policy: String, _ hint: String) throws {
    try Workspace().cgadc("compile", Sample.digits.path, "--policy", policy).refuses(1, "[CG05", hint)
  }

  @Test(arguments: [["--dim", "Z=3"], ["--schedule", "tight"]])
  func `a flag that names nothing of the model is an error`(_ flags: [String]) throws {
    try Workspace().run(.cgadc, ["compile", Sample.digits.path] + flags).refuses(1, "error", "[CG")
  }

  @Test(arguments: [
    ("empty", ""), ("a comment", "// nothing\n"), ("a dim", "dim B = 3\n"),
    (
      "no parameters",
      """
      dim B = 4
      data d: (f32[B], f32[B]) = synthetic()
      model M(x: f32[B]) -> f32[B] { return x }
      train {
        let (x, y) = batch(d)
        loss = mse(M(x), y)
        optimizer = sgd(lr: 0.1)
        steps = 1
        seed = 1
      }

      """
    ),
  ])
  func `A11: a model with nothing to train is a clean error`(_ name: String, _ text: String) throws {
    let w = Workspace()
    try w.write("model.cgm", text)
    for command in ["check", "compile"] { try w.cgadc(command, "model.cgm").refuses(1, "model.cgm", "[CG04") }
    #expect(try w.names == ["model.cgm"])
  }

}
