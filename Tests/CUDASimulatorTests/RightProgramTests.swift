import CCUDA
import Testing

@Suite struct RightProgramTests {

  @Test(arguments: 1...20) func `kernels give the same numbers in every order`(seed: Int) async {
    await #expect(processExitsWith: .success) { [seed = seed as Int] in
      let s = Simulator(seed: seed)
      s.load(Kernels.right)
      let n = 1000
      let x = s.upload((0..<n).map(Float.init)), y = s.upload(.init(repeating: 1, count: n)), z = s.allocate(n)
      #expect(s.launch("add", blocks: 4, threads: 256, [x, y, z], [1000]) == 0)
      let successors = (0..<n).map { (i: Int) -> Float in Float(i + 1) }
      #expect(s.download(z, n) == successors)
      let sums: [Float] = (0..<4).map { (block: Int) -> Float in
        let end: Int = min(n, block * 256 + 256)
        return Float((block * 256..<end).reduce(0, +))
      }
      #expect(s.launch("sum", blocks: 4, threads: 256, [x, z], [1000]) == 0)
      #expect(s.download(z, 4) == sums)
      #expect(s.launch("shuffledSum", blocks: 4, threads: 256, shared: 32, [x, z], [1000]) == 0)
      #expect(s.download(z, 4) == sums)
      #expect(s.launch("exchange", threads: 64, [x]) == 0)
      let neighbours = (0..<64).map { (i: Int) -> Float in Float(i ^ 1) }
      #expect(s.download(x, 64) == neighbours)
      #expect(s.driver.cuMemsetD32Async(z, 0, 2, nil) == 0)
      #expect(s.launch("largest", blocks: 4, threads: 256, [x, z], [1000]) == 0)
      #expect(s.download(z, 1)[0].bitPattern == 999)
      #expect(s.report == "")
    }
  }

  @Test(arguments: 1...20) func `streams that wait for each other give the same numbers in every order`(seed: Int) async
  {
    await #expect(processExitsWith: .success) { [seed = seed as Int] in
      let s = Simulator(seed: seed)
      s.load(Kernels.right)
      let (first, second, there, back) = (s.stream(), s.stream(), s.event(), s.event())
      let x = s.upload([1]), y = s.upload([2]), z = s.allocate(1)
      for _ in 0..<3 {
        #expect(s.launch("add", threads: 1, [x, y, z], [1], on: first) == 0)
        #expect(s.record(there, first) == 0 && s.wait(second, for: there) == 0)
        #expect(s.launch("add", threads: 1, [z, y, x], [1], on: second) == 0)
        #expect(s.record(back, second) == 0 && s.wait(first, for: back) == 0)
      }
      #expect(s.driver.cuStreamSynchronize(first) == 0)
      #expect(s.download(x, 1) == [13])
      #expect(s.report == "")
    }
  }

  @Test(arguments: 1...20) func `a captured graph does what its streams would have done`(seed: Int) async {
    await #expect(processExitsWith: .success) { [seed = seed as Int] in
      let s = Simulator(seed: seed)
      s.load(Kernels.right)
      let (first, second, fork, join) = (s.stream(), s.stream(), s.event(), s.event())
      let x = s.upload([1]), y = s.upload([2]), z = s.allocate(1), w = s.allocate(1)
      let (code, graph) = s.capture(first) {
        #expect(s.record(fork, first) == 0 && s.wait(second, for: fork) == 0)
        #expect(s.launch("add", threads: 1, [x, y, z], [1], on: first) == 0)
        #expect(s.launch("add", threads: 1, [y, y, w], [1], on: second) == 0)
        #expect(s.record(join, second) == 0 && s.wait(first, for: join) == 0)
        #expect(s.launch("add", threads: 1, [z, w, x], [1], on: first) == 0)
      }
      var executable: cgad_cu_graph_exec?
      #expect(code == 0 && s.driver.cuGraphInstantiateWithFlags(&executable, graph, 0) == 0)
      #expect(s.download(x, 1) == [1])
      for _ in 0..<3 { #expect(s.driver.cuGraphLaunch(executable, first) == 0) }
      #expect(s.driver.cuStreamSynchronize(first) == 0)
      #expect(s.download(x, 1) == [19])
      #expect(s.report == "")
    }
  }

  @Test(arguments: [("fragments", 8), ("halfFragments", 16)])
  func `fragments are multiplied as their lanes hold them`(_ kernel: String, _ inner: Int) async {
    await #expect(processExitsWith: .success) { [kernel = kernel as String, inner = inner as Int] in
      let s = Simulator(seed: 3)
      s.load(Kernels.right)
      // whole numbers of few bits, so that everything is exact
      let a = (0..<16 * inner).map { Float($0 * 7 % 61 - 30) }, b = (0..<inner * 8).map { Float($0 * 5 % 53 - 26) }
      let c = s.allocate(128)
      #expect(s.launch(kernel, threads: 32, [s.upload(a), s.upload(b), c]) == 0)
      let expected = (0..<128).map { (at: Int) -> Float in
        (0..<inner).reduce(Float(0)) { $0 + a[at / 8 * inner + $1] * b[$1 * 8 + at % 8] }
      }
      #expect(s.download(c, 128) == expected)
      #expect(s.report == "")
    }
  }

  @Test func `kernels that are not observed give the same numbers`() async {
    await #expect(processExitsWith: .success) {
      let s = Simulator(["CGAD_SIM_CHECK": "0"])
      s.load(Kernels.right)
      let x = s.upload((0..<256).map(Float.init)), y = s.allocate(1)
      #expect(s.launch("sum", threads: 256, [x, y], [256]) == 0)
      #expect(s.download(y, 1) == [255 * 128])
    }
  }

}
