import Foundation
import Testing

/// Plans whose products cuBLASLt computes, for which the simulator stands in.
@Suite struct ProductLibraryTests {

  /// What schedules must not change.
  private static let keys = ["loss", "metrics", "parameters_digest", "gradients_digest"]

  /// A simulated device on which the library is there.
  private static func device(_ further: [String: String] = [:]) throws -> SimulatedDevice {
    var device = try SimulatedDevice(further)
    device.environment["CGAD_LIBCUBLASLT"] = device.environment["CGAD_LIBCUDA"]
    return device
  }

  /// Samples at small sizes.
  private static let samples: [(name: String, dims: [String])] = [
    ("digits", ["B=70", "Hidden=36"]), ("gpt", ["B=1", "T=20", "D=16", "H=2", "L=2"]),
  ]

  /// Compiles a sample and returns what a run of two steps says.
  private static func trained(
    _ w: Workspace, _ sample: Int, _ policy: String, _ flags: [String], run: [String] = []
  ) throws -> JSONValue {
    let (name, dims) = samples[sample]
    let model = ["compile", "\(Sample.folder)/\(name).cgm", "-o", "p.cgplan", "-q", "--policy", policy]
    try w.run(.cgadc, model + dims.flatMap { ["--dim", $0] } + flags).exits(0)
    let command = ["run", "p.cgplan", "--synthetic", "--steps", "2", "--json"] + run
    return try w.cgad(command, with: device().environment, seconds: 600).exits(0).json
  }

  @Test(arguments: [0, 1])
  func `samples train by the library to the same bits under all policies, near the processor's losses`(
    _ sample: Int
  ) throws {
    let w = Workspace()
    let flags = ["--target", "cuda", "--matmul-library", "cublaslt"]
    let own = try Self.trained(w, sample, "none()", ["--target", "cuda"], run: ["--device", "cuda"])
    let kept = try Self.trained(w, sample, "none()", flags, run: ["--device", "cuda"])
    let processor = try Self.trained(w, sample, "none()", [])
    #expect(kept["matmul_library"] == .string("cublaslt") && own["matmul_library"] == .string("cgad"))
    #expect(kept["parameters_digest"] != own["parameters_digest"], "the library adds up in another order")
    #expect(kept["peak_bytes_planned"] == own["peak_bytes_planned"])
    for (policy, mode) in [("sqrt()", ["--no-cuda-graph"]), ("revolve(slots: 3)", [])] {
      let other = try Self.trained(w, sample, policy, flags, run: ["--device", "cuda"] + mode)
      for k in Self.keys { #expect(kept[k] == other[k], "\(k) \(policy)") }
      #expect(other["recomputed_instructions"].integer ?? 0 > 0)
      #expect(other["peak_bytes_measured"] == other["peak_bytes_planned"])
    }
    for (a, b) in zip(processor["loss"].elements, kept["loss"].elements) {
      let (x, y) = (try #require(a.number), try #require(b.number))
      #expect(abs(x - y) <= 1e-5 * abs(x), "\(x) \(y)")
    }
  }

  /// A folder with plans by the library, `lt.cgplan` in f32 and `tf32.cgplan`, and `own.cgplan`.
  private static func workspace() throws -> Workspace {
    let w = Workspace()
    try w.write("net.cgm", CUDACommandTests.model)
    try w.compile("net.cgm", "--target", "cuda", "--matmul-library", "cublaslt", to: "lt.cgplan")
    try w.compile("net.cgm", "--target", "cuda", "--matmul-library", "cgad", to: "own.cgplan")
    try w.compile(
      "net.cgm", "--target", "cuda", "--matmul-library", "cublaslt", "--matmul-precision", "tf32", to: "tf32.cgplan")
    return w
  }

  @Test func `the plan says who computes products, and nothing where cgad does`() throws {
    let w = try Self.workspace()
    try w.compile("net.cgm", "--target", "cuda", to: "plain.cgplan")
    #expect(try w.text("plain.cgplan") == w.text("own.cgplan"))
    let text = try w.text("lt.cgplan")
    #expect(text.contains("\nthreads 2\nmatmul_library cublaslt\n"))
    #expect(try w.text("tf32.cgplan").contains("\nthreads 2\nmatmul_precision tf32\nmatmul_library cublaslt\n"))
    func body(_ text: String) -> [Substring] {
      text.split(separator: "\n").filter { !$0.hasPrefix("matmul_library ") && !$0.hasPrefix("computes ") }
    }
    #expect(try body(text) == body(w.text("plain.cgplan")))
    let digests = try ["own", "lt", "tf32"].map { (name) in
      try w.text("\(name).cgplan").split(separator: "\n").first { $0.hasPrefix("computes ") }
    }
    #expect(Set(digests).count == 3)
    #expect(try w.cgad("info", "lt.cgplan").exits(0).results.contains("for cuda, 2 threads, products by cublaslt\n"))
    #expect(try w.cgad("info", "tf32.cgplan").exits(0).results.contains("products in tf32 by cublaslt\n"))
    #expect(try w.cgad("info", "lt.cgplan", "--json").exits(0).json["matmul_library"] == .string("cublaslt"))
    #expect(try w.cgad("info", "own.cgplan", "--json").exits(0).json["matmul_library"] == .string("cgad"))
    let difference = try w.cgadc("diff", "own.cgplan", "lt.cgplan").exits(1).results
    #expect(difference.contains("matmul_library: cgad -> cublaslt"), "\(difference)")
    let run = try w.cuda(Self.device(), "run", "lt.cgplan", "--steps", "1").exits(0).results
    #expect(run.contains("1 steps  products by cublaslt\n"), "\(run)")
    try w.cuda(Self.device(), "verify", "lt.cgplan", "--synthetic").exits(0)
  }

  @Test func `the flag is for CUDA, and takes what there is`() throws {
    let w = Workspace()
    try w.write("net.cgm", CUDACommandTests.model)
    try w.cgadc("compile", "net.cgm", "--matmul-library", "cublaslt")
      .refuses(64, "--matmul-library cublaslt is for --target cuda; 'cpu' has no such library")
    try w.cgadc("compile", "net.cgm", "--target", "cuda", "--matmul-library", "mkl").refuses(64, "mkl", "cublaslt")
    try w.cgadc("compile", "net.cgm", "--matmul-library", "cgad", "-q").exits(0)
  }

  @Test func `a plan of another library is refused by the line, and for the processor by the verifier`() throws {
    let w = try Self.workspace()
    let text = try w.text("lt.cgplan")
    try w.write("mkl.cgplan", text.replacing("matmul_library cublaslt", with: "matmul_library mkl"))
    let line = 1 + (text.split(separator: "\n").firstIndex { $0.hasPrefix("matmul_library") } ?? 0)
    try w.cgad("run", "mkl.cgplan").refuses(2, "mkl.cgplan:\(line):16: unknown library 'mkl'")
    try w.write("cpu.cgplan", text.replacing("target cuda", with: "target cpu"))
    try w.cgad("run", "cpu.cgplan").refuses(1, "matmul_library cublaslt is for the target cuda alone, not for cpu")
    try w.write("own.cgplan", text.replacing("matmul_library cublaslt\n", with: ""))
    try w.cgad("run", "own.cgplan").refuses(1, "computes ")
  }

  @Test func `a run is resumed with the bits of one run, and by another library it is said`() throws {
    let w = try Self.workspace()
    let device = try Self.device()
    let whole = try w.cuda(device, "run", "lt.cgplan", "--steps", "3", "--json").exits(0).json
    try w.cuda(device, "run", "lt.cgplan", "--steps", "2", "--save-dir", "saved").exits(0)
    let rest = try w.cuda(device, "run", "lt.cgplan", "--steps", "3", "--resume", "saved", "--json").exits(0)
    #expect(try rest.json["parameters_digest"] == whole["parameters_digest"])
    #expect(!rest.messages.contains("computes something else"))
    let other = try w.cuda(device, "run", "own.cgplan", "--steps", "3", "--resume", "saved", "--json").exits(0)
    #expect(other.messages.contains("computes something else than the one that made the checkpoint"))
  }

  @Test func `without the library it is said what was looked for, and other plans run`() throws {
    let w = try Self.workspace()
    let device = try SimulatedDevice(["CGAD_LIBCUBLASLT": "/none/libcublasLt.so"])
    let r = try w.cuda(device, "run", "lt.cgplan", "--steps", "1").exits(2)
    #expect(
      r.messages == """
        cgad: error: cuBLASLt, by which the plan computes products of matrices, was not found; looked for:
          /none/libcublasLt.so: cannot open shared object file: No such file or directory
        it comes with the CUDA toolkit or as 'pip install nvidia-cublas' (nvidia-cublas-cu12 for CUDA 12), whose folder then \
        goes into LD_LIBRARY_PATH; set CGAD_LIBCUBLASLT to its path if it lies elsewhere, or compile without --matmul-library

        """)
    try w.cuda(device, "run", "own.cgplan", "--steps", "1").exits(0)
    let foreign = try SimulatedDevice(["CGAD_LIBCUBLASLT": "libm.so.6"])
    try w.cuda(foreign, "run", "lt.cgplan", "--steps", "1").refuses(2, "libm.so.6: lacks cublasLtCreate")
    let without = try w.cgad(["doctor", "--cuda"], with: device.environment).exits(0).results
    #expect(without.contains("cublaslt  not there, which only plans compiled with --matmul-library cublaslt mind"))
    let with = try w.cgad(["doctor", "--cuda"], with: Self.device().environment).exits(0).results
    #expect(with.contains("cublaslt  version 13.99.9, for plans"), "\(with)")
    let failing = try Self.device(["CGAD_SIM_FAIL": "cublasLtCreate:1:1"]).environment
    let useless = try w.cgad(["doctor", "--cuda"], with: failing).exits(0).results
    #expect(useless.contains(": cublasLtCreate: CUBLAS_STATUS_NOT_INITIALIZED (1)"))
  }

  /// The second product of a step and its place.
  private static let place = "std.nn.cgm:10: program train: repeat.1.linear.return.lhs: "
  private static let product = "for matmul of f32[4,5], f32[5,5] (260 bytes): "
  private static let asked = "; asked for [4, 5] by [5, 5], in f32, within 0 bytes of workspace"

  /// What fails, the exit code, flags, and what is said.
  private static let failures: [(fault: String, code: Int32, flags: [String], message: String)] = [
    (
      "cublasLtCreate:1:1", 2, [],
      "cublasLtCreate: CUBLAS_STATUS_NOT_INITIALIZED (1): the library was not initialized"
    ),
    (
      "algorithms:2:1", 2, [],
      "\(place)cublasLtMatmulAlgoGetHeuristic \(product)CUBLAS_STATUS_NOT_SUPPORTED (15): the library has no algorithm for it"
        + asked
    ),
    (
      "cublasLtMatmulPreferenceSetAttribute:7:7", 2, [],
      "\(place)cublasLtMatmulPreferenceSetAttribute \(product)CUBLAS_STATUS_INVALID_VALUE (7): "
    ),
    (
      "cublasLtMatmul:2:13", 1, [],
      "\(place)cublasLtMatmul \(product)CUBLAS_STATUS_EXECUTION_FAILED (13): the function failed to launch on the GPU"
        + asked
    ),
    (
      "cublasLtMatmul:2:13", 1, ["--no-cuda-graph"],
      "\(place)cublasLtMatmul \(product)CUBLAS_STATUS_EXECUTION_FAILED (13): "
    ),
    (
      "product:2:700", 1, ["--no-cuda-graph"],
      "\(place)cuStreamSynchronize after matmul of f32[4,5], f32[5,5] (260 bytes): "
    ),
  ]

  @Test func `every failure of the library names the operation, its path and line, and what was asked for`() throws {
    let w = try Self.workspace()
    for (fault, code, flags, message) in Self.failures {
      let command = ["run", "lt.cgplan", "--device", "cuda", "--steps", "1"] + flags
      let r = try w.cgad(command, with: Self.device(["CGAD_SIM_FAIL": fault]).environment)
      #expect(r.code == code && r.messages.contains("error: \(message)"), "\(r)")
    }
  }

}
