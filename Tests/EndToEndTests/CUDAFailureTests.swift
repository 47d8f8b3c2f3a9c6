import Foundation
import Testing

/// What happens where CUDA is missing or fails.
@Suite struct CUDAFailureTests {

  @Test func `without a driver it is said what was looked for`() throws {
    let w = try CUDACommandTests.workspace()
    let nothing = ["CGAD_LIBCUDA": "/none/libcuda.so"]
    for command in [["run", "none.cgplan"], ["verify", "none.cgplan"], ["bench", "none.cgplan"]] {
      let r = try w.cgad(command + ["--device", "cuda"], with: nothing)
      try r.refuses(2, "the CUDA driver was not found", "/none/libcuda.so: cannot open", "CGAD_LIBCUDA", "--device cpu")
    }
    try w.cgad(["doctor", "--cuda"], with: nothing).refuses(2, "/none/libcuda.so")
  }

  @Test func `a driver that lacks a function is refused by its name`() throws {
    let w = try CUDACommandTests.workspace()
    let library = ["CGAD_LIBCUDA": "libm.so.6"]
    try w.cgad(["run", "none.cgplan", "--device", "cuda"], with: library).refuses(2, "libm.so.6: lacks cuInit")
  }

  @Test func `a step that does not fit the device is refused`() throws {
    let w = try CUDACommandTests.workspace()
    // Plans of this size take a few KiB more.
    let small = try SimulatedDevice(["CGAD_SIM_MEMORY": "4096"])
    let r = try w.cuda(small, "run", "none.cgplan")
    #expect(r.code == 2 || r.code == 3, "\(r)")
    #expect(r.messages.contains("CUDA_ERROR_OUT_OF_MEMORY") || r.messages.contains("cannot allocate"), "\(r)")
  }

  @Test(arguments: 1...6) func `each allocation may fail`(_ call: Int) throws {
    let w = try CUDACommandTests.workspace()
    let r = try w.cuda(.init(["CGAD_SIM_FAIL": "cuMemAlloc_v2:\(call):2"]), "run", "none.cgplan", "--steps", "1")
    #expect([0, 2, 3].contains(r.code) && !r.messages.contains("Fatal error"), "\(r)")
    if call <= 3 { #expect(r.code != 0, "\(r)") }
  }

  @Test(arguments: [209, 218]) func `an image that the device does not take is replaced by text`(_ code: Int) throws {
    let w = try CUDACommandTests.workspace()
    let r = try w.cuda(.init(["CGAD_SIM_FAIL": "cuModuleLoadData:1:\(code)"]), "run", "none.cgplan", "--steps", "1")
    try r.exits(0)
  }

  @Test(arguments: ["cuStreamBeginCapture_v2", "cuStreamEndCapture", "cuGraphInstantiateWithFlags", "cuGraphLaunch"])
  func `a graph that cannot be made or launched ends the run`(_ function: String) throws {
    let w = try CUDACommandTests.workspace()
    let r = try w.cuda(.init(["CGAD_SIM_FAIL": "\(function):1:901"]), "run", "none.cgplan").exits(1)
    #expect(r.messages.contains("program train: cu") && r.messages.contains("(901)"), "\(r)")
  }

  @Test func `a fault of a kernel ends the run and leaves the last checkpoint sound`() throws {
    let w = try CUDACommandTests.workspace()
    let device = try SimulatedDevice()
    let whole = try w.cuda(device, "run", "none.cgplan", "--json").exits(0).json
    // A step has less than a hundred launches: the 500th is behind the checkpoint of step 3, and before the last step, whose
    // gradients are looked at and which is no graph.
    let failing = try SimulatedDevice(["CGAD_SIM_FAIL": "launch:500:700"])
    let r = try w.cuda(failing, "run", "none.cgplan", "--save-dir", "saved")
    try #require(r.code == 1, "\(r)")
    #expect(r.messages.contains("CUDA_ERROR_ILLEGAL_ADDRESS (700)") && r.messages.contains("--no-cuda-graph"), "\(r)")
    let resumed = try w.cuda(device, "run", "none.cgplan", "--resume", "saved", "--json").exits(0).json
    #expect(resumed["resumed_steps"].integer ?? 0 >= 3)
    #expect(resumed["parameters_digest"] == whole["parameters_digest"])
  }

  @Test func `without a graph a fault names its operation and line`() throws {
    let w = try CUDACommandTests.workspace()
    let failing = try SimulatedDevice(["CGAD_SIM_FAIL": "launch:3:700"])
    let r = try w.cuda(failing, "run", "none.cgplan", "--no-cuda-graph").exits(1)
    let line = try #require(r.messages.split(separator: "\n").last { $0.contains("(700)") })
    #expect(line.contains("net.cgm:") && line.contains(": program train: ") && line.contains(" bytes)"), "\(r)")
  }

}
