import CostProfiles
import Operations
import Testing

@Suite struct CostCurveTests {

  @Test(arguments: [
    (0, 10), (99, 10), (100, 10), (150, 25), (199, 39), (200, 40), (600, 40), (1000, 40), (1500, 60), (2000, 80),
  ])
  func `between points times are on a line, below the first as there, beyond the last in proportion`(
    _ work: Int, _ time: Int
  ) {
    let curve = CostCurve([
      .init(work: 100, nanoseconds: 10), .init(work: 200, nanoseconds: 40), .init(work: 1000, nanoseconds: 40),
    ])
    #expect(curve.nanoseconds(of: work) == time)
  }

  @Test func `great numbers saturate`() {
    let curve = CostCurve([.init(work: 1, nanoseconds: CostCurve.greatest)])
    #expect(curve.nanoseconds(of: .max) == .max)
  }

  @Test func `a measured time that is less than one of less work counts as that`() {
    let curve = CostCurve(measured: [
      .init(work: 1, nanoseconds: 50), .init(work: 2, nanoseconds: 30), .init(work: 3, nanoseconds: 60),
    ])
    #expect(curve.points.map(\.nanoseconds) == [50, 50, 60])
  }

  @Test func `a class takes what the slower of FLOPs and bytes takes, and others what others take`() {
    let profile = CostProfile(
      name: "m", target: "cpu", threads: 1,
      classes: [
        .init(
          name: "matmul", flops: .init([.init(work: 1000, nanoseconds: 1000)]),
          bytes: .init([.init(work: 1000, nanoseconds: 2000)])),
        .init(name: "*", bytes: .init([.init(work: 100, nanoseconds: 1)])),
      ])
    let product = Operation.linear(.matmul(transposeLeft: false, transposeRight: false))
    func time(_ m: Int, _ k: Int, _ n: Int) -> Int {
      profile.nanoseconds(of: product, [.init(.f32, [m, k]), .init(.f32, [k, n])], [.init(.f32, [m, n])])
    }
    #expect(time(100, 100, 100) == 2_000_000)  // 2·100³ FLOPs, against 120,000 bytes
    #expect(time(100, 1, 100) == 81_600)  // 20,000 FLOPs, against 4·(100 + 100 + 10,000) = 40,800 bytes
    let x = TensorType(.f32, [50])
    #expect(profile.nanoseconds(of: .elementwise(.unary(.neg)), [x], [x]) == 4)  // 400 bytes
  }

  @Test func `samples ascend in work and are of every mnemonic once for FLOPs or bytes`() throws {
    var seen: Set<String> = []
    for ladder in OperationSample.ladders {
      #expect(seen.insert("\(ladder.mnemonic) \(ladder.measure)").inserted)
      let work = try ladder.samples.map { (s) in ladder.measure == .flops ? try s.work().flops : try s.work().bytes }
      #expect(work == work.sorted() && Set(work).count == work.count, "\(ladder.mnemonic): \(work)")
      #expect(ladder.samples.allSatisfy { $0.operation.mnemonic == ladder.mnemonic })
    }
  }

}
