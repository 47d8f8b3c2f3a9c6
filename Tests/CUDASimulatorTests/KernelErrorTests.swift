import CCUDA
import Testing

@Suite struct KernelErrorTests {

  /// A launch of a wrong kernel, the code it must end with, and a part of what the simulator must say.
  struct Case: Codable, Sendable, CustomTestStringConvertible {
    var kernel: String
    var blocks = 1
    var threads = 64
    var shared = 0
    var inputs = 0
    var code: Int32
    var text: String
    var testDescription: String { kernel }
  }

  static let cases = [
    Case(kernel: "unbounded", threads: 65, inputs: 1, code: 700, text: "past the end of the 256 bytes"),
    Case(kernel: "missingBarrier", code: 719, text: "of shared memory (offset"),
    Case(kernel: "missingWarpBarrier", threads: 32, code: 719, text: "of shared memory (offset"),
    Case(kernel: "warpBarrierForBlock", code: 719, text: "of shared memory (offset"),
    Case(kernel: "missingSecondBarrier", inputs: 1, code: 719, text: "a barrier is missing"),
    Case(kernel: "divergent", threads: 32, code: 719, text: "16 threads ended"),
    Case(kernel: "twoBarriers", threads: 32, code: 719, text: "divergent barrier"),
    Case(kernel: "absentLane", threads: 32, code: 719, text: "in a warp operation"),
    Case(kernel: "fewFragments", threads: 33, code: 719, text: "fewer than 32 threads"),
    Case(kernel: "absentFragment", threads: 32, code: 719, text: "in a warp operation"),
    Case(kernel: "sameElement", code: 719, text: "which races with the write by thread"),
    Case(kernel: "sameElementOfBlocks", blocks: 2, code: 719, text: "which races with the write by thread 0 of block"),
    Case(kernel: "unwrittenShared", code: 719, text: "that no thread has written"),
    Case(kernel: "pastShared", shared: 63 * 4, code: 700, text: "past the end of shared memory"),
    Case(kernel: "misaligned", inputs: 1, code: 716, text: "not a multiple"),
    Case(kernel: "trap", code: 715, text: "traps"),
  ]

  @Test(arguments: cases) func `a wrong kernel is found, whatever the order`(c: Case) async {
    for seed in 1...3 {
      await #expect(processExitsWith: .success) { [c = c as Case, seed = seed as Int] in
        let s = Simulator(seed: seed)
        s.load(Kernels.wrong)
        let inputs = (0..<c.inputs).map { _ in s.upload(.init(repeating: 1, count: 128)) }
        let result = s.allocate(64)
        #expect(s.launch(c.kernel, blocks: c.blocks, threads: c.threads, shared: c.shared, inputs + [result]) == 0)
        #expect(s.synchronize() == c.code)
        #expect(s.report.contains("kernel '\(c.kernel)'") && s.report.contains(c.text), "\(s.report)")
      }
    }
  }

  @Test func `a fault stays until the context ends`() async {
    await #expect(processExitsWith: .success) {
      let s = Simulator()
      s.load(Kernels.wrong)
      let result = s.allocate(64)
      #expect(s.launch("trap", threads: 1, [result]) == 0)
      #expect(s.synchronize() == 715)
      #expect(s.launch("trap", threads: 1, [result]) == 715)
      #expect(s.driver.cuMemFree_v2(result) == 715)
      #expect(s.driver.cuDevicePrimaryCtxRelease_v2(0) == 0)
      var context: OpaquePointer?
      #expect(s.driver.cuDevicePrimaryCtxRetain(&context, 0) == 0)
      #expect(s.driver.cuMemFree_v2(result) == 0)
    }
  }

}
