import CCUDA
import Testing

@Suite struct FailureTests {

  @Test func `the call that the setting names fails, and no other`() async {
    await #expect(processExitsWith: .success) {
      let s = Simulator(["CGAD_SIM_FAIL": "cuMemAlloc_v2:2:2"])
      var address: Address = 0
      #expect((1...3).map { _ in s.driver.cuMemAlloc_v2(&address, 4) } == [0, 2, 0])
    }
  }

  @Test func `the launch that the setting names ends with a fault`() async {
    await #expect(processExitsWith: .success) {
      let s = Simulator(["CGAD_SIM_FAIL": "launch:2:700"])
      s.load(Kernels.right)
      let x = s.upload([1]), z = s.allocate(1)
      #expect(s.launch("add", threads: 1, [x, x, z], [1]) == 0 && s.synchronize() == 0)
      #expect(s.launch("add", threads: 1, [x, x, z], [1]) == 0 && s.synchronize() == 700)
    }
  }

  /// What is no image of the simulator, and the code with which it is refused.
  static let images: [(String, UInt32)] = [
    ("\u{7f}ELF a cubin", 209),
    (".version 8.5\n.target sm_90\n", 218),
    (".version 99.0\n.target sm_90\n", 222),
    ("something else", 200),
  ]

  @Test(arguments: images) func `other images are refused`(image: String, code: UInt32) async {
    await #expect(processExitsWith: .success) { [image, code] in
      let s = Simulator()
      var module: cgad_cu_module?
      #expect(s.driver.cuModuleLoadData(&module, image) == code)
    }
  }

  @Test func `a text that is wrong is refused with its line`() async {
    await #expect(processExitsWith: .success) {
      let s = Simulator()
      let result = s.compile("\nextern \"C\" __global__ void k(float *y) { y[0] = expf(1.0f); }")
      #expect(result.code == 6)
      #expect(result.log.contains("test.cu:2"))
    }
  }

  @Test func `an option that NVRTC does not know is refused`() async {
    await #expect(processExitsWith: .success) {
      let result = Simulator().compile(Kernels.right, ["--fmadd=false"])
      #expect(result.code == 5)
      #expect(result.log.contains("--fmadd=false"))
    }
  }

  /// 1 + 2⁻¹² squared is 1 + 2⁻¹¹ + 2⁻²⁴, of which the last bit is lost when the product is rounded.
  @Test(arguments: [(["--fmad=false"], 0), ([], 1)]) func `products are rounded unless they may be fused`(
    options: [String], lastBits: Int
  ) async {
    await #expect(processExitsWith: .success) { [options, lastBits] in
      let s = Simulator()
      s.load(
        "extern \"C\" __global__ void k(const float *x, float *y) { y[0] = x[0] * x[0] + x[1]; }", options)
      let x = s.upload([1 + 0x1p-12, -(1 + 0x1p-11)]), y = s.allocate(1)
      #expect(s.launch("k", threads: 1, [x, y]) == 0)
      #expect(s.download(y, 1) == [Float(lastBits) * 0x1p-24])
    }
  }

  @Test func `a launch that no device could run is refused`() async {
    await #expect(processExitsWith: .success) {
      let s = Simulator()
      s.load(Kernels.right)
      let x = s.upload([1])
      #expect(s.launch("exchange", threads: 1025, [x]) == 1)
      #expect(s.launch("exchange", blocks: 0, threads: 64, [x]) == 1)
      #expect(s.launch("exchange", threads: 64, shared: 49153, [x]) == 1)
      #expect(s.launch("absent", threads: 64, [x]) == 500)
    }
  }

}
