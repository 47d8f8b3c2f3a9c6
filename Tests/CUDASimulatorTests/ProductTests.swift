import CCUDA
import Testing

/// What stands in for cuBLASLt: that it computes, and that it refuses what the library may.
@Suite struct ProductTests {

  /// A matrix for which a layout is made.
  private struct Matrix {

    var rows = 4

    var columns = 4

    var leading = 4

  }

  /// A product of one shape, as it is described to the library.
  private final class Product {

    let s: Simulator

    var handle: cgad_lt_handle?

    var operation: cgad_lt_operation?

    var layouts: [cgad_lt_layout?] = []

    var preference: cgad_lt_preference?

    private var found = cgad_lt_heuristic()

    init(_ s: Simulator, _ a: Matrix = .init(), _ b: Matrix = .init(), _ c: Matrix = .init(), workspace: UInt64 = 0) {
      self.s = s
      let f = s.cublasLt
      precondition(f.cublasLtCreate(&handle) == 0 && f.cublasLtMatmulPreferenceCreate(&preference) == 0)
      precondition(f.cublasLtMatmulDescCreate(&operation, UInt32(CGAD_LT_COMPUTE_32F_PEDANTIC), 0) == 0)
      for m in [a, b, c] {
        var layout: cgad_lt_layout?
        precondition(
          f.cublasLtMatrixLayoutCreate(&layout, 0, UInt64(m.rows), UInt64(m.columns), Int64(m.leading)) == 0)
        layouts.append(layout)
      }
      precondition(prefer(CGAD_LT_PREFERENCE_WORKSPACE, workspace) == 0)
      precondition(prefer(CGAD_LT_PREFERENCE_REDUCTIONS, UInt32(CGAD_LT_REDUCTION_COMPUTE_TYPE)) == 0)
    }

    func prefer<T: FixedWidthInteger>(_ attribute: Int, _ value: T) -> UInt32 {
      var value = value
      return s.cublasLt.cublasLtMatmulPreferenceSetAttribute(
        preference, UInt32(attribute), &value, MemoryLayout<T>.size)
    }

    func choose() -> UInt32 {
      var count: Int32 = 0
      return s.cublasLt.cublasLtMatmulAlgoGetHeuristic(
        handle, operation, layouts[0], layouts[1], layouts[2], layouts[2], preference, 1, &found, &count)
    }

    /// The bytes that the chosen algorithm works in.
    var workspaceBytes: Int { found.workspace_bytes }

    func multiply(
      _ a: Address, _ b: Address, _ d: Address, workspace: Address = 0, bytes: Int = 0, on stream: Stream? = nil
    ) -> UInt32 {
      var (one, zero): (Float, Float) = (1, 0)
      func pointer(_ a: Address) -> UnsafeMutableRawPointer? { .init(bitPattern: UInt(a)) }
      return s.cublasLt.cublasLtMatmul(
        handle, operation, &one, pointer(a), layouts[0], pointer(b), layouts[1], &zero, pointer(d), layouts[2],
        pointer(d), layouts[2], &found.algorithm, pointer(workspace), bytes, stream)
    }

  }

  private static let identity: [Float] = (0..<16).map { $0 % 5 == 0 ? 1 : 0 }

  private static let numbers: [Float] = (0..<16).map { Float($0) }

  /// The product of the numbers, which lie by columns, by themselves.
  private static let square: [Float] = (0..<16).map { (at) -> Float in
    let (i, j) = (at % 4, at / 4)
    var sum: Float = 0
    for l in 0..<4 { sum += numbers[i + 4 * l] * numbers[l + 4 * j] }
    return sum
  }

  @Test func `a product is computed, also in a graph that is launched again`() async {
    await #expect(processExitsWith: .success) {
      let s = Simulator()
      let (a, b, d) = (s.upload(Self.numbers), s.upload(Self.identity), s.allocate(16))
      let p = Product(s)
      #expect(p.choose() == 0 && p.workspaceBytes == 0)
      #expect(p.multiply(a, b, d) == 0)
      #expect(s.download(d, 16) == Self.numbers)
      let stream = s.stream()
      #expect(s.driver.cuStreamBeginCapture_v2(stream, UInt32(CGAD_CU_CAPTURE_RELAXED)) == 0)
      #expect(p.multiply(a, b, d, on: stream) == 0 && p.multiply(d, d, a, on: stream) == 0)
      var (graph, executable): (cgad_cu_graph?, cgad_cu_graph_exec?)
      #expect(s.driver.cuStreamEndCapture(stream, &graph) == 0)
      #expect(s.download(a, 16) == Self.numbers)  // nothing was executed yet
      #expect(s.driver.cuGraphInstantiateWithFlags(&executable, graph, 0) == 0)
      #expect(s.driver.cuGraphLaunch(executable, stream) == 0 && s.synchronize() == 0)
      #expect(s.download(a, 16) == Self.square && s.report.isEmpty)
    }
  }

  @Test func `parts are put into the workspace, all of which is overwritten`() async {
    await #expect(processExitsWith: .success) {
      let s = Simulator()
      let (a, b) = (Matrix(rows: 2, columns: 600, leading: 2), Matrix(rows: 600, columns: 3, leading: 600))
      let p = Product(s, a, b, .init(rows: 2, columns: 3, leading: 2), workspace: 3 * 24)
      #expect(p.choose() == 0 && p.workspaceBytes == 2 * 24)
      let (x, y, d) = (
        s.upload(.init(repeating: 1, count: 1200)), s.upload(.init(repeating: 2, count: 1800)), s.allocate(6)
      )
      let work = s.upload(.init(repeating: 5, count: 20))
      #expect(p.multiply(x, y, d, workspace: work, bytes: 47) == 7)
      #expect(p.multiply(x, y, d, workspace: 0, bytes: 48) == 7)
      #expect(p.multiply(x, y, d, workspace: work, bytes: 3 * 24) == 0)
      #expect(s.download(d, 6) == .init(repeating: 1200, count: 6))
      let left = s.download(work, 20)
      #expect(left[..<12].allSatisfy { $0 == 600 } && left[12..<18].allSatisfy(\.isNaN) && left[18...] == [5, 5])
    }
  }

  @Test func `what does not fit together is refused`() async {
    await #expect(processExitsWith: .success) {
      let s = Simulator()
      let odd: [(Matrix, Matrix, Matrix)] = [
        (.init(columns: 5), .init(), .init()), (.init(rows: 5, leading: 5), .init(), .init()),
        (.init(), .init(columns: 3), .init()), (.init(leading: 3), .init(), .init()),
        (.init(), .init(), .init(leading: 3)), (.init(rows: 0), .init(), .init(rows: 0)),
      ]
      for (a, b, c) in odd { #expect(Product(s, a, b, c).choose() == 7) }
      let p = Product(s)
      #expect(p.prefer(CGAD_LT_PREFERENCE_WORKSPACE, UInt32(0)) == 7 && p.prefer(2, UInt32(0)) == 7)
      #expect(p.prefer(CGAD_LT_PREFERENCE_ALIGNMENT_A, UInt64(256)) == 7)
      var number: Int32 = 2
      #expect(s.cublasLt.cublasLtMatmulDescSetAttribute(p.operation, 3, &number, 4) == 7)
      #expect(s.cublasLt.cublasLtMatmulDescSetAttribute(p.operation, 5, &number, 4) == 7)
      #expect(s.cublasLt.cublasLtMatrixLayoutSetAttribute(p.layouts[0], 6, &number, 4) == 7)
      var layout: cgad_lt_layout?
      #expect(s.cublasLt.cublasLtMatrixLayoutCreate(&layout, 2, 4, 4, 4) == 7)
      p.handle = nil
      #expect(p.choose() == 1)
    }
  }

  @Test func `an algorithm is for its product and its alignment`() async {
    await #expect(processExitsWith: .success) {
      let s = Simulator()
      let (a, d) = (s.upload(.init(repeating: 1, count: 200)), s.allocate(200))
      let p = Product(s)
      #expect(p.multiply(a, a, d) == 7)  // none was chosen
      #expect(p.choose() == 0 && p.multiply(a + 256, a, d) == 0)
      #expect(p.multiply(a + 16, a, d) == 7 && p.multiply(a, a, d + 128) == 7)
      #expect(p.prefer(CGAD_LT_PREFERENCE_ALIGNMENT_A, UInt32(16)) == 0)
      #expect(p.choose() == 0 && p.multiply(a + 16, a, d) == 0)
      var transposed: Int32 = 1
      #expect(s.cublasLt.cublasLtMatmulDescSetAttribute(p.operation, 3, &transposed, 4) == 0)
      #expect(p.multiply(a, a, d) == 7)
      #expect(s.synchronize() == 0 && s.report.isEmpty)
    }
  }

  @Test func `a product that reads what another stream writes is found in every order`() async {
    for seed in 1...3 {
      await #expect(processExitsWith: .success) { [seed = seed as Int] in
        let s = Simulator(seed: seed)
        let (a, b, d) = (s.upload(Self.numbers), s.upload(Self.identity), s.allocate(16))
        let p = Product(s)
        #expect(p.choose() == 0 && p.multiply(a, b, d, on: s.stream()) == 0)
        #expect(p.multiply(b, b, a, on: s.stream()) == 0)
        #expect(s.synchronize() == 719 && s.report.hasPrefix("product: "), "\(s.report)")
      }
    }
  }

  @Test func `a result in the place of an operand, and reading what nothing has written, are found`() async {
    for isUnwritten in [true, false] {
      await #expect(processExitsWith: .success) { [isUnwritten = isUnwritten as Bool] in
        let s = Simulator()
        let (a, b) = (s.upload(Self.numbers), s.allocate(16))
        let p = Product(s)
        #expect(p.choose() == 0 && p.multiply(a, isUnwritten ? b : a, isUnwritten ? s.allocate(16) : a) == 0)
        #expect(s.synchronize() == 719)
        let text = isUnwritten ? "that nothing has written" : "results lie where an operand or the workspace does"
        #expect(s.report.contains(text), "\(s.report)")
      }
    }
  }

}
