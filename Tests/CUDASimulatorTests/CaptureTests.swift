import CCUDA
import Testing

@Suite struct CaptureTests {

  static let global = 0

  @Test func `memory cannot be allocated while a stream captures for all`() async {
    await #expect(processExitsWith: .success) {
      let s = Simulator(), stream = s.stream()
      var address: Address = 0
      let (code, graph) = s.capture(stream, mode: CaptureTests.global) {
        #expect(s.driver.cuMemAlloc_v2(&address, 4) == 900)
      }
      #expect(code == 901 && graph == nil)
      #expect(s.driver.cuMemAlloc_v2(&address, 4) == 0)
    }
  }

  @Test func `memory can be allocated in a relaxed capture`() async {
    await #expect(processExitsWith: .success) {
      let s = Simulator(), stream = s.stream()
      var address: Address = 0
      let (code, _) = s.capture(stream) { #expect(s.driver.cuMemAlloc_v2(&address, 4) == 0) }
      #expect(code == 0)
    }
  }

  @Test func `a stream that captures cannot be waited for`() async {
    await #expect(processExitsWith: .success) {
      let s = Simulator(), stream = s.stream()
      let (code, _) = s.capture(stream) { #expect(s.driver.cuStreamSynchronize(stream) == 900) }
      #expect(code == 901)
    }
  }

  @Test func `work of another stream must be joined`() async {
    await #expect(processExitsWith: .success) {
      let s = Simulator()
      s.load(Kernels.right)
      let (first, second, fork) = (s.stream(), s.stream(), s.event())
      let x = s.upload([1]), z = s.allocate(1)
      let (code, _) = s.capture(first) {
        #expect(s.record(fork, first) == 0 && s.wait(second, for: fork) == 0)
        #expect(s.launch("add", threads: 1, [x, x, z], [1], on: second) == 0)
      }
      #expect(code == 904)
    }
  }

  @Test func `a capture does not wait for what was recorded before it`() async {
    await #expect(processExitsWith: .success) {
      let s = Simulator(), (first, second, event) = (s.stream(), s.stream(), s.event())
      #expect(s.record(event, second) == 0)
      let (code, _) = s.capture(first) { #expect(s.wait(first, for: event) == 905) }
      #expect(code == 901)
    }
  }

  @Test func `a missing edge of a graph is found`() async {
    for seed in 1...5 {
      await #expect(processExitsWith: .success) { [seed = seed as Int] in
        let s = Simulator(seed: seed)
        s.load(Kernels.right)
        let (first, second, fork, join) = (s.stream(), s.stream(), s.event(), s.event())
        let x = s.upload([1]), z = s.upload([0]), w = s.allocate(1)
        let (code, graph) = s.capture(first) {
          #expect(s.record(fork, first) == 0 && s.wait(second, for: fork) == 0)
          #expect(s.launch("add", threads: 1, [x, x, z], [1], on: first) == 0)
          #expect(s.launch("add", threads: 1, [z, x, w], [1], on: second) == 0)
          #expect(s.record(join, second) == 0 && s.wait(first, for: join) == 0)
        }
        var executable: cgad_cu_graph_exec?
        #expect(code == 0 && s.driver.cuGraphInstantiateWithFlags(&executable, graph, 0) == 0)
        #expect(s.driver.cuGraphLaunch(executable, first) == 0)
        #expect(s.driver.cuStreamSynchronize(first) == 719)
        #expect(s.report.contains("which races with"))
      }
    }
  }

}
