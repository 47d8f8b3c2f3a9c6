import Foundation
import Testing

/// Plans whose products are rounded for tensor cores, compiled, and run on the simulated device.
@Suite struct PrecisionTests {

  /// What schedules must not change.
  private static let keys = ["loss", "metrics", "parameters_digest", "gradients_digest"]

  /// Samples at small sizes, and how far their losses may be from those of f32, relative to these.
  private static let samples: [(name: String, dims: [String])] = [
    ("digits", ["B=70", "Hidden=36"]), ("gpt", ["B=1", "T=70", "D=16", "H=2", "L=2"]),
  ]

  /// Compiles a sample for CUDA and returns the losses, and all that schedules must not change, of two steps.
  private static func trained(
    _ w: Workspace, _ sample: Int, _ policy: String, _ flags: String..., run: String...
  ) throws -> JSONValue {
    let (name, dims) = samples[sample]
    let model = ["compile", "\(Sample.folder)/\(name).cgm", "-o", "p.cgplan"]
    try w.run(.cgadc, model + ["--policy", policy, "--target", "cuda"] + dims.flatMap { ["--dim", $0] } + flags).exits(
      0)
    let command = ["run", "p.cgplan", "--device", "cuda", "--synthetic", "--steps", "2", "--json"] + run
    return try w.cgad(command, with: SimulatedDevice().environment, seconds: 600).exits(0).json
  }

  @Test(arguments: [0, 1], [("tf32", 1e-3), ("bf16", 1e-2)])
  func `samples train with rounded products, to the same bits under all policies`(
    _ sample: Int, _ how: (precision: String, tolerance: Double)
  ) throws {
    let w = Workspace()
    let plain = try Self.trained(w, sample, "none()")
    let kept = try Self.trained(w, sample, "none()", "--matmul-precision", how.precision)
    let recomputed = try Self.trained(
      w, sample, "sqrt()", "--matmul-precision", how.precision, run: "--no-cuda-graph")
    #expect(kept["matmul_precision"] == .string(how.precision) && plain["matmul_precision"] == .string("f32"))
    #expect(recomputed["recomputed_instructions"].integer ?? 0 > 0)
    for k in Self.keys { #expect(kept[k] == recomputed[k], "\(k)") }
    #expect(kept["gradients_digest"] != plain["gradients_digest"], "the operands are not rounded")
    #expect(kept["peak_bytes_measured"] == kept["peak_bytes_planned"])
    for (a, b) in zip(plain["loss"].elements, kept["loss"].elements) {
      let (x, y) = (try #require(a.number), try #require(b.number))
      #expect(abs(x - y) <= how.tolerance * abs(x), "\(x) \(y)")
    }
  }

  /// A folder with a plan `tf32.cgplan`.
  private static func workspace() throws -> Workspace {
    let w = Workspace()
    try w.write("net.cgm", CUDACommandTests.model)
    try w.compile("net.cgm", "--target", "cuda", "--matmul-precision", "tf32", to: "tf32.cgplan")
    try w.compile("net.cgm", "--target", "cuda", "--matmul-precision", "f32", to: "f32.cgplan")
    return w
  }

  @Test func `the plan says what products are rounded to, and nothing where they are not`() throws {
    let w = try Self.workspace()
    try w.compile("net.cgm", "--target", "cuda", to: "plain.cgplan")
    #expect(try w.text("plain.cgplan") == w.text("f32.cgplan"))
    let text = try w.text("tf32.cgplan")
    #expect(text.contains("\nthreads 2\nmatmul_precision tf32\n"))
    func body(_ text: String) -> [Substring] {
      text.split(separator: "\n").filter { !$0.hasPrefix("matmul_precision ") && !$0.hasPrefix("computes ") }
    }
    #expect(try body(text) == body(w.text("plain.cgplan")))
    #expect(try w.cgad("info", "tf32.cgplan").exits(0).results.contains("for cuda, 2 threads, products in tf32\n"))
    #expect(try w.cgad("info", "tf32.cgplan", "--json").exits(0).json["matmul_precision"] == .string("tf32"))
    #expect(try w.cgad("info", "f32.cgplan", "--json").exits(0).json["matmul_precision"] == .string("f32"))
    let difference = try w.cgadc("diff", "f32.cgplan", "tf32.cgplan").exits(1).results
    #expect(difference.contains("matmul_precision: f32 -> tf32"), "\(difference)")
    let run = try w.cuda(SimulatedDevice(), "run", "tf32.cgplan", "--steps", "1").exits(0).results
    #expect(run.contains("1 steps  products in tf32\n"), "\(run)")
    try w.cuda(SimulatedDevice(), "verify", "tf32.cgplan", "--synthetic").exits(0)
  }

  @Test func `a device without such tensor cores is refused, and one that has them is not`() throws {
    let w = try Self.workspace()
    // kernels that are compiled for few launches
    let quick = ["CGAD_SIM_OPTIONS": "-O0", "CGAD_SIM_CHECK": "0"]
    let old = try SimulatedDevice(quick.merging(["CGAD_SIM_ARCHITECTURE": "75"]) { $1 })
    let new = try SimulatedDevice(quick.merging(["CGAD_SIM_ARCHITECTURE": "80"]) { $1 })
    try w.cuda(old, "run", "tf32.cgplan", "--steps", "1")
      .refuses(2, "products of matrices in tf32", "compute capability 8.0", "has 7.5", "--matmul-precision")
    try w.cuda(old, "run", "f32.cgplan", "--steps", "1").exits(0)
    try w.cuda(new, "run", "tf32.cgplan", "--steps", "1").exits(0)
  }

  @Test func `the flag is for CUDA, and takes what there is`() throws {
    let w = Workspace()
    try w.write("net.cgm", CUDACommandTests.model)
    try w.cgadc("compile", "net.cgm", "--matmul-precision", "tf32")
      .refuses(64, "--matmul-precision tf32", "--target cuda")
    try w.cgadc("compile", "net.cgm", "--target", "cuda", "--matmul-precision", "fp8")
      .refuses(64, "fp8", "tf32", "bf16")
    try w.cgadc("compile", "net.cgm", "--matmul-precision", "f32", "-q").exits(0)
  }

  @Test func `a plan of another precision is refused by the line, and for the processor by the verifier`() throws {
    let w = try Self.workspace()
    let text = try w.text("tf32.cgplan")
    try w.write("fp8.cgplan", text.replacing("matmul_precision tf32", with: "matmul_precision fp8"))
    let line = 1 + (text.split(separator: "\n").firstIndex { $0.hasPrefix("matmul_precision") } ?? 0)
    try w.cgad("run", "fp8.cgplan").refuses(2, "fp8.cgplan:\(line):18: unknown precision 'fp8'")
    try w.write("cpu.cgplan", text.replacing("target cuda", with: "target cpu"))
    try w.cgad("run", "cpu.cgplan").refuses(1, "matmul_precision tf32 is for the target cuda alone, not for cpu")
    try w.write("other.cgplan", text.replacing("matmul_precision tf32", with: "matmul_precision bf16"))
    try w.cgad("run", "other.cgplan").refuses(1, "computes ")
  }

  @Test func `a run is resumed with the bits of one run, and with another precision it is said`() throws {
    let w = try Self.workspace()
    let device = try SimulatedDevice()
    let whole = try w.cuda(device, "run", "tf32.cgplan", "--steps", "4", "--json").exits(0).json
    try w.cuda(device, "run", "tf32.cgplan", "--steps", "2", "--save-dir", "saved").exits(0)
    let rest = try w.cuda(device, "run", "tf32.cgplan", "--steps", "4", "--resume", "saved", "--json").exits(0)
    #expect(try rest.json["parameters_digest"] == whole["parameters_digest"])
    #expect(!rest.messages.contains("computes something else"))
    let other = try w.cuda(device, "run", "f32.cgplan", "--steps", "4", "--resume", "saved", "--json").exits(0)
    #expect(try other.json["parameters_digest"] != whole["parameters_digest"])
    #expect(other.messages.contains("computes something else than the one that made the checkpoint"))
  }

}
