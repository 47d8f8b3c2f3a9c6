import Foundation
import Testing

/// Plans for CUDA on the simulated device.
@Suite struct CUDACommandTests {

  /// A network with dropout, two micro-batches, shuffled data, slots and clipping.
  static let model = """
    import std.nn (Linear)
    dim B = 4, In = 6, Hidden = 5, Classes = 3
    data train_set: (f32[B, In], i32[B]) = synthetic(count: 29)
    data test_set:  (f32[B, In], i32[B]) = synthetic(count: 8)
    model Net(x: f32[B, In]) -> f32[B, Classes] {
      var y = x
      repeat 2 { y = dropout(relu(Linear(y, Out: Hidden)), rate: 0.2) }
      return Linear(y, Out: Classes) as output
    }
    train {
      let (x, label) = batch(train_set)
      let scores = Net(x)
      loss            = cross_entropy(scores, label)
      metric accuracy = mean(argmax(scores) == label)
      optimizer  = adamw(lr: cosine(peak: 1e-2, warmup: 2, total: 40), decay: 0.01)
      clip       = 1.0
      accumulate = 2
      steps      = 8
      seed       = 3
      eval       = every(4 steps, on: test_set)
      save       = every(3 steps)
    }

    """

  /// Returns a folder with the model compiled to `cpu.cgplan`, `none.cgplan` and `sqrt.cgplan`, the last two for CUDA.
  static func workspace() throws -> Workspace {
    let w = Workspace()
    try w.write("net.cgm", model)
    try w.compile("net.cgm", "--policy", "none()", to: "cpu.cgplan")
    for policy in ["none", "sqrt"] {
      try w.compile("net.cgm", "--policy", "\(policy)()", "--target", "cuda", to: "\(policy).cgplan")
    }
    return w
  }

  /// What schedules must not change.
  private static let keys = ["loss", "metrics", "parameters_digest", "gradients_digest"]

  @Test func `the plan's offsets are multiples of 256`() throws {
    let text = try Self.workspace().text("none.cgplan")
    let offsets = text.split(separator: "\n").compactMap { (line) in
      line.firstIndex(of: "@").flatMap { Int(line[line.index(after: $0)...].prefix { $0.isNumber }) }
    }
    #expect(offsets.count > 20 && offsets.allSatisfy { $0 % 256 == 0 })
    #expect(text.contains("\ntarget cuda\n"))
  }

  @Test func `losses are those of the processor, and the same bits under all policies and without a graph`() throws {
    let w = try Self.workspace()
    let device = try SimulatedDevice()
    let cpu = try w.train("cpu.cgplan")
    let graph = try w.cuda(device, "run", "none.cgplan", "--json").exits(0).json
    #expect(graph["loss"].elements.count == 8)
    for (a, b) in zip(cpu["loss"].elements, graph["loss"].elements) {
      let (x, y) = (try #require(a.number), try #require(b.number))
      #expect(abs(x - y) <= 1e-5 * abs(x), "\(x) \(y)")
    }
    #expect(graph["peak_bytes_measured"] == graph["peak_bytes_planned"])
    let recomputing = try w.cuda(device, "run", "sqrt.cgplan", "--json").exits(0).json
    let eager = try w.cuda(device, "run", "sqrt.cgplan", "--json", "--no-cuda-graph").exits(0).json
    #expect(recomputing["recomputed_instructions"].integer ?? 0 > 0)
    for k in Self.keys {
      #expect(graph[k] == recomputing[k], "\(k)")
      #expect(graph[k] == eager[k], "\(k)")
    }
  }

  /// Samples whose steps have many elementwise operations, with dims that make them small.
  private static let samples = [
    ("resnet18", ["B=2", "Y=16", "X=16", "Width=4"]), ("unet", ["B=2", "Width=2"]), ("lstm", ["B=6", "Hidden=7"]),
    ("llama", ["B=2", "T=6", "D=12", "H=2", "L=2"]), ("gpt", ["B=1", "T=70", "D=16", "H=2", "L=1"]),
  ]

  @Test(arguments: samples)
  func `a sample has the same bits as a graph, whose elementwise operations are joined, and without`(
    _ name: String, _ dims: [String]
  ) throws {
    let (w, device) = (Workspace(), try SimulatedDevice())
    let flags = dims.flatMap { ["--dim", $0] } + ["--policy", "sqrt()", "--target", "cuda", "-o", "model.cgplan"]
    try w.run(.cgadc, ["compile", "\(Sample.folder)/\(name).cgm"] + flags).exits(0)
    let options = ["model.cgplan", "--synthetic", "--steps", "2", "--json", "--device", "cuda"]
    let graph = try w.cgad(["run"] + options, with: device.environment).exits(0).json
    let single = try w.cgad(["run"] + options + ["--no-cuda-graph"], with: device.environment).exits(0).json
    for k in Self.keys { #expect(graph[k] == single[k], "\(k)") }
  }

  @Test func `the order of blocks and threads does not matter`() throws {
    let w = try Self.workspace()
    let results = try ["1", "2", "3"].map { (seed) in
      try w.cuda(.init(["CGAD_SIM_SEED": seed]), "run", "sqrt.cgplan", "--json").exits(0).json
    }
    for k in Self.keys { #expect(results.allSatisfy { $0[k] == results[0][k] }, "\(k)") }
  }

  @Test func `a plan passes its verification`() throws {
    let w = try Self.workspace()
    for flag in ["--cuda-graph", "--no-cuda-graph"] {
      let r = try w.cuda(.init(), "verify", "sqrt.cgplan", "--json", flag).exits(0).json
      #expect(r["bitwise_equal"] == .bool(true) && r["effects_once"] == .bool(true) && r["peak_ok"] == .bool(true))
      #expect(r["joined_equal"] == (flag == "--cuda-graph" ? .bool(true) : .null))
    }
  }

  @Test func `steps before and after a checkpoint are those of one run`() throws {
    let w = try Self.workspace()
    let device = try SimulatedDevice()
    let whole = try w.cuda(device, "run", "none.cgplan", "--json").exits(0).json
    try w.cuda(device, "run", "none.cgplan", "--steps", "5", "--save-dir", "saved").exits(0)
    let rest = try w.cuda(device, "run", "sqrt.cgplan", "--resume", "saved", "--json").exits(0).json
    #expect(rest["parameters_digest"] == whole["parameters_digest"])
    #expect(rest["loss"].elements == Array(whole["loss"].elements.dropFirst(5)))
  }

  @Test func `plans are measured`() throws {
    let w = try Self.workspace()
    let r = try w.cuda(
      .init(), "bench", "none.cgplan", "sqrt.cgplan", "--synthetic", "--steps", "2", "--warmup", "1", "--json")
    #expect(try r.exits(0).json.elements.count == 2)
  }

  @Test func `a plan for one device is refused on the other, with advice`() throws {
    let w = try Self.workspace()
    try w.cuda(.init(), "run", "cpu.cgplan").refuses(2, "'cpu'", "'cuda'", "--target cuda")
    try w.cgad("run", "none.cgplan").refuses(2, "'cuda'", "'cpu'", "--target cpu", "--device cuda")
  }

  @Test func `the device is described`() throws {
    let r = try Workspace().cgad(["doctor", "--cuda"], with: SimulatedDevice().environment).exits(0)
    for part in ["CUDA simulator", "compute capability 9.0", "kernels"] { #expect(r.results.contains(part), "\(r)") }
  }

  @Test func `kernels compiled ahead of time need no compiler`() throws {
    let w = try Self.workspace()
    let device = try SimulatedDevice()
    let made = try w.cgad(["kernels", "--arch", "90", "-o", "images"], with: device.environment).exits(0)
    #expect(made.results.contains("images/"), "\(made)")
    let further = ["CGAD_LIBNVRTC": "/none", "CGAD_CUDA_CACHE": w.file("cache"), "CGAD_CUDA_IMAGES": w.file("images")]
    try w.cuda(.init(further), "run", "none.cgplan", "--steps", "1").exits(0)
    let wrong = ["CGAD_LIBNVRTC": "/none", "CGAD_CUDA_CACHE": w.file("cache"), "CGAD_CUDA_IMAGES": w.path]
    try w.cuda(.init(wrong), "run", "none.cgplan", "--steps", "1").refuses(2, "NVRTC", "/none")
  }

}
