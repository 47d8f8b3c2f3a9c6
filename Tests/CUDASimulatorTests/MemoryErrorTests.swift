import CCUDA
import Testing

@Suite struct MemoryErrorTests {

  @Test func `reading what nothing has written is found`() async {
    await #expect(processExitsWith: .success) {
      let s = Simulator()
      s.load(Kernels.right)
      let x = s.upload([1]), y = s.allocate(1), z = s.allocate(1)
      #expect(s.launch("add", threads: 1, [x, y, z], [1]) == 0)
      #expect(s.synchronize() == 719)
      #expect(s.report.contains("that nothing has written"))
    }
  }

  @Test func `reading what has ended is found, and writing it again is right`() async {
    await #expect(processExitsWith: .success) {
      let s = Simulator()
      s.load(Kernels.right)
      let x = s.upload([1]), y = s.upload([2]), z = s.allocate(1)
      #expect(s.poison(x, 4) == 0)
      #expect(s.launch("add", threads: 1, [y, y, x], [1]) == 0)
      #expect(s.launch("add", threads: 1, [x, y, z], [1]) == 0)
      #expect(s.download(z, 1) == [6])
      #expect(s.poison(x, 4) == 0)
      #expect(s.launch("add", threads: 1, [x, y, z], [1]) == 0)
      #expect(s.synchronize() == 719)
    }
  }

  @Test func `memory that was given back is not accessed`() async {
    await #expect(processExitsWith: .success) {
      let s = Simulator()
      s.load(Kernels.right)
      let x = s.upload([1]), z = s.allocate(1)
      #expect(s.launch("add", threads: 1, [x, x, z], [1]) == 0)
      #expect(s.driver.cuMemFree_v2(x) == 0)
      #expect(s.synchronize() == 700)
    }
  }

  @Test func `copies stay within allocations`() async {
    await #expect(processExitsWith: .success) {
      let s = Simulator()
      let x = s.upload([1, 2])
      var values: [Float] = [0, 0, 0]
      #expect(s.driver.cuMemcpyDtoHAsync_v2(&values, x, 12, nil) == 1)
      #expect(s.driver.cuMemcpyHtoDAsync_v2(x + 4, values, 8, nil) == 1)
      #expect(s.driver.cuMemcpyDtoHAsync_v2(&values, x + 4, 4, nil) == 0)
      #expect(values == [2, 0, 0])
    }
  }

  @Test func `an event that is missing between streams is found in every order`() async {
    for seed in 1...5 {
      await #expect(processExitsWith: .success) { [seed = seed as Int] in
        let s = Simulator(seed: seed)
        s.load(Kernels.right)
        let x = s.upload([1]), z = s.upload([0]), w = s.allocate(1)
        #expect(s.launch("add", threads: 1, [x, x, z], [1], on: s.stream()) == 0)
        #expect(s.launch("add", threads: 1, [z, x, w], [1], on: s.stream()) == 0)
        #expect(s.synchronize() == 719)
        #expect(s.report.contains("of another stream"), "\(s.report)")
      }
    }
  }

  @Test func `a copy that nothing orders is found`() async {
    await #expect(processExitsWith: .success) {
      let s = Simulator()
      s.load(Kernels.right)
      let x = s.upload([1]), z = s.upload([0]), values: [Float] = [3]
      #expect(s.launch("add", threads: 1, [x, x, z], [1], on: s.stream()) == 0)
      #expect(s.driver.cuMemcpyHtoDAsync_v2(x, values, 4, s.stream()) == 0)
      #expect(s.synchronize() == 719)
      #expect(s.report.contains("which races with"))
    }
  }

  @Test func `page-locked memory has nothing of a copy before something waits for it`() async {
    await #expect(processExitsWith: .success) {
      let s = Simulator()
      let x = s.upload([1]), stream = s.stream()
      var memory: UnsafeMutableRawPointer?
      #expect(s.driver.cuMemHostAlloc(&memory, 4, 0) == 0)
      let value = memory!.assumingMemoryBound(to: Float.self)
      #expect(s.driver.cuMemcpyDtoHAsync_v2(value, x, 4, stream) == 0)
      #expect(value.pointee.isNaN)
      #expect(s.driver.cuStreamSynchronize(stream) == 0)
      #expect(value.pointee == 1)
    }
  }

  @Test func `page-locked memory has nothing of a graph's copy before something waits for it`() async {
    await #expect(processExitsWith: .success) {
      let s = Simulator(), stream = s.stream(), x = s.upload([1])
      var memory: UnsafeMutableRawPointer?
      #expect(s.driver.cuMemHostAlloc(&memory, 4, 0) == 0)
      let value = memory!.assumingMemoryBound(to: Float.self)
      let (_, graph) = s.capture(stream) { #expect(s.driver.cuMemcpyDtoHAsync_v2(value, x, 4, stream) == 0) }
      var executable: cgad_cu_graph_exec?
      #expect(s.driver.cuGraphInstantiateWithFlags(&executable, graph, 0) == 0)
      value.pointee = 0
      #expect(s.driver.cuGraphLaunch(executable, stream) == 0)
      #expect(value.pointee.isNaN)
      #expect(s.driver.cuStreamSynchronize(stream) == 0)
      #expect(value.pointee == 1)
    }
  }

  @Test func `memory ends where the setting says`() async {
    await #expect(processExitsWith: .success) {
      let s = Simulator(["CGAD_SIM_MEMORY": "4096"])
      var address: Address = 0
      #expect(s.driver.cuMemAlloc_v2(&address, 4097) == 2)
      #expect(s.driver.cuMemAlloc_v2(&address, 2048) == 0)
      var other: Address = 0
      #expect(s.driver.cuMemAlloc_v2(&other, 2049) == 2)
      #expect(s.driver.cuMemFree_v2(address) == 0)
      #expect(s.driver.cuMemAlloc_v2(&other, 4096) == 0)
    }
  }

}
