import Foundation
import Testing

@Suite struct CheckpointCommandTests {

  /// A network with dropout, state, two micro-batches, shuffled data, and slots.
  private static let model = """
    import std.nn (BatchNorm, Conv, Linear)
    dim B = 4, C = 1, Y = 6, X = 6, F = 3, Classes = 5
    data train_set: (f32[B, C, Y, X], i32[B]) = synthetic(count: 29)
    data test_set:  (f32[B, C, Y, X], i32[B]) = synthetic(count: 8)
    model Net(image: f32[B, C, Y, X]) -> f32[B, Classes] {
      var x = relu(BatchNorm(Conv(image, Out: F, kernel: 3) as conv) as norm)
      x = dropout(x, rate: 0.2)
      return Linear(reshape(x, [B, F * Y * X]), Out: Classes) as output
    }
    train {
      let (image, label) = batch(train_set)
      let scores = Net(image)
      loss            = cross_entropy(scores, label)
      metric accuracy = mean(argmax(scores) == label)
      optimizer  = adamw(lr: cosine(peak: 1e-2, warmup: 5, total: 40), decay: 0.01)
      clip       = 1.0
      accumulate = 2
      steps      = 20
      seed       = 3
      eval       = every(7 steps, on: test_set)
      save       = every(4 steps, keep: 2)
    }

    """

  /// Returns a folder with the model compiled to `none.cgplan` and `sqrt.cgplan`.
  private func workspace() throws -> Workspace {
    let w = Workspace()
    try w.write("net.cgm", Self.model)
    for policy in ["none", "sqrt"] { try w.compile("net.cgm", "--policy", "\(policy)()", to: "\(policy).cgplan") }
    return w
  }

  private func files(_ w: Workspace, _ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: w.file(folder)).sorted()
  }

  @Test(arguments: [("none", "sqrt"), ("sqrt", "none"), ("sqrt", "sqrt")])
  func `ten steps and ten resumed ones are twenty steps`(_ first: String, _ second: String) throws {
    let w = try workspace()
    let whole = try w.train("none.cgplan")
    let half = try w.train("\(first).cgplan", "--steps", "10", "--save-dir", "saved")
    #expect(half["checkpoint"] == .string("saved/step-000010.cgck"))
    let r = try w.cgad("run", "\(second).cgplan", "--resume", "saved", "--json").exits(0)
    let rest = try r.json
    #expect(r.messages.contains("resumed from saved/step-000010.cgck, after step 10"), "\(r)")
    #expect(!r.messages.contains("something else"), "\(r)")
    #expect(half["loss"].elements + rest["loss"].elements == whole["loss"].elements)
    #expect(rest["loss"].elements.count == 10 && rest["steps"] == .number(20))
    for key in ["parameters_digest", "gradients_digest", "metrics"] { #expect(rest[key] == whole[key], "\(key)") }
    #expect(half["parameters_digest"] != whole["parameters_digest"])
  }

  @Test func `checkpoints are written as the plan says and at the end`() throws {
    let w = try workspace()
    _ = try w.train("none.cgplan", "--steps", "3", "--save-dir", "a/b")
    #expect(try files(w, "a/b") == ["step-000003.cgck"])
    _ = try w.train("none.cgplan", "--steps", "11", "--save-dir", "saved")
    #expect(try files(w, "saved") == ["step-000008.cgck", "step-000011.cgck"])
    _ = try w.train("none.cgplan", "--steps", "12", "--resume", "saved/step-000011.cgck", "--save-dir", "saved")
    #expect(try files(w, "saved") == ["step-000011.cgck", "step-000012.cgck"])
  }

  @Test func `without a folder nothing is saved, and that is said`() throws {
    let w = try workspace()
    let before = try w.names
    let r = try w.cgad("run", "none.cgplan", "--steps", "8").exits(0)
    #expect(r.messages.contains("the plan saves every 4 steps, but without --save-dir"), "\(r)")
    #expect(try w.names == before)
  }

  @Test func `a run does not mix its checkpoints with later ones`() throws {
    let w = try workspace()
    _ = try w.train("none.cgplan", "--steps", "9", "--save-dir", "saved")
    let before = try files(w, "saved")
    let r = try w.cgad("run", "none.cgplan", "--save-dir", "saved").exits(1)
    #expect(r.messages.contains("step-000009.cgck"), "\(r)")
    try w.cgad("run", "none.cgplan", "--resume", "saved/step-000008.cgck", "--save-dir", "saved").exits(1)
    #expect(try files(w, "saved") == before)
  }

  @Test func `a damaged checkpoint is skipped, and a folder without a sound one refused`() throws {
    let w = try workspace()
    _ = try w.train("none.cgplan", "--steps", "6", "--save-dir", "saved")
    let bytes = try Data(contentsOf: URL(fileURLWithPath: w.file("saved/step-000006.cgck")))
    try w.write("saved/step-000006.cgck", bytes.dropLast(5))
    let r = try w.cgad("run", "none.cgplan", "--steps", "7", "--resume", "saved").exits(0)
    #expect(r.messages.contains("skipped saved/step-000006.cgck: truncated"), "\(r)")
    #expect(r.messages.contains("resumed from saved/step-000004.cgck"), "\(r)")
    try w.cgad("run", "none.cgplan", "--resume", "saved/step-000006.cgck").exits(2)
    try w.makeFolder("empty")
    #expect(try w.cgad("run", "none.cgplan", "--resume", "empty").exits(2).messages.contains("holds no checkpoint"))
    try w.cgad("run", "none.cgplan", "--resume", "absent").exits(2)
    let i = try w.cgad("info", "saved/step-000006.cgck").exits(2)
    #expect(i.results.isEmpty)
  }

  @Test func `another seed, another model and weights alone are refused`() throws {
    let w = try workspace()
    _ = try w.train("none.cgplan", "--steps", "2", "--save-dir", "saved")
    let r = try w.cgad("run", "none.cgplan", "--resume", "saved", "--seed", "4").exits(1)
    #expect(r.messages.contains("made with seed 3, but this run has 4"), "\(r)")
    try w.write("wide.cgm", Self.model.replacingOccurrences(of: "F = 3", with: "F = 4"))
    try w.compile("wide.cgm", to: "wide.cgplan")
    let m = try w.cgad("run", "wide.cgplan", "--resume", "saved").exits(1)
    #expect(m.messages.contains("'conv.weight' is f32[3,1,3,3], the plan has f32[4,1,3,3]"), "\(m)")
    try w.write("rate.cgm", Self.model.replacingOccurrences(of: "peak: 1e-2", with: "peak: 1e-3"))
    try w.compile("rate.cgm", to: "rate.cgplan")
    let n = try w.cgad("run", "rate.cgplan", "--resume", "saved").exits(0)
    #expect(n.messages.contains("note: the plan computes something else"), "\(n)")
    try w.cgad("run", "none.cgplan", "--resume", "saved", "--init", "x").exits(64)
    try w.cgad("run", "none.cgplan", "--init-partial").exits(64)
  }

  @Test func `a run starts with the weights of a checkpoint`() throws {
    let w = try workspace()
    _ = try w.train("none.cgplan", "--steps", "20", "--save-dir", "saved")
    let cold = try w.train("none.cgplan", "--steps", "1")
    let warm = try w.train("none.cgplan", "--steps", "1", "--init", "saved/step-000020.cgck")
    let losses = try [cold, warm].map { try #require($0["loss"].elements.first?.number) }
    #expect(losses[1] < losses[0])
    #expect(warm["resumed_steps"] == .number(0))
  }

  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func `an interrupted run is saved and goes on`(_ signal: Int32, _ code: Int32) throws {
    let w = try workspace()
    let arguments = ["run", "none.cgplan", "--json", "--steps", "100000000", "--save-dir", "saved"]
    let r = try w.run(.cgad, arguments, interruption: (signal, "epoch 2 "))
    try r.exits(code)
    let steps = try #require(try r.json["steps"].integer)
    let name = "saved/step-\(String(repeating: "0", count: 6 - "\(steps)".count))\(steps).cgck"
    #expect(r.messages.contains("interrupted after step \(steps), saved in \(name)"), "\(r)")
    let on = try w.cgad("run", "none.cgplan", "--json", "--steps", "\(steps + 1)", "--resume", "saved").exits(0)
    #expect(on.messages.contains("resumed from \(name)"), "\(on)")
    #expect(try on.json["loss"].elements.count == 1)
  }

  @Test func `a file that is not there is said to be missing, with advice where there is an option for it`() throws {
    let w = try workspace()
    let info = try w.cgad("info", "gone.npz").exits(2)
    #expect(info.messages.contains("gone.npz: cannot be read: No such file or directory"), "\(info)")
    #expect(!info.messages.contains("--data"), "\(info)")
    let weights = try w.cgad("run", "none.cgplan", "--init", "gone.safetensors").exits(2)
    #expect(
      weights.messages.contains("No such file or directory") && !weights.messages.contains("--data"), "\(weights)")
  }

  @Test func `an epoch that a run was resumed in says which steps its means are of`() throws {
    let w = try workspace()
    // 29 examples in batches of 4 are 7 batches, 3 steps of two an epoch
    _ = try w.train("none.cgplan", "--steps", "4", "--save-dir", "saved")
    let on = try w.cgad("run", "none.cgplan", "--steps", "9", "--resume", "saved").exits(0)
    let lines = on.messages.split(separator: "\n").filter { $0.hasPrefix("epoch") && !$0.contains("evaluation") }
    #expect(lines.count == 2, "\(on)")
    #expect(lines.first?.hasSuffix("(of steps 5 to 6, since the run was resumed)") ?? false, "\(lines)")
    #expect(lines.last?.contains("resumed") == false && lines.last?.contains("  lr 0.00") == true, "\(lines)")
  }

  @Test func `info says what a checkpoint holds`() throws {
    let w = try workspace()
    _ = try w.train("none.cgplan", "--steps", "2", "--save-dir", "saved")
    let text = try w.cgad("info", "saved/step-000002.cgck").exits(0).results
    for part in ["checkpoint, 21 tensors", "conv.weight", "moment1(conv.weight)", "norm.mean", "f32[108,5]"] {
      #expect(text.contains(part), "\(text)")
    }
    let json = try w.cgad("info", "saved/step-000002.cgck", "--json").exits(0).json
    #expect(json["kind"] == .string("checkpoint"))
    #expect(json["metadata"]["step"] == .string("2") && json["metadata"]["seed"] == .string("3"))
    #expect(json["tensors"].elements.count == 21)
    #expect(json["tensors"].elements[0]["type"] == .string("f32[3,1,3,3]"))
    #expect(try w.cgad("info", "none.cgplan", "--json").exits(0).json["kind"] == .string("plan"))
  }

}
