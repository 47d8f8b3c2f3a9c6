import Operations
import Runtime
import Testing

/// Products of matrices by cuBLASLt, for which the simulator stands in.
@Suite struct ProductLibraryTests {

  /// Operands of a product, before either is transposed, and whether the products of the batch are summed.
  struct Case: Sendable, CustomTestStringConvertible {

    let pair: MatrixPair

    var isSummed = false

    var testDescription: String { "\(pair.left) \(pair.right)\(isSummed ? ", summed" : "")" }

    /// The operation and the types of its operands, `l` and `r` saying which are stored transposed.
    func operation(_ l: Bool, _ r: Bool) -> (f: LinearAlgebra, types: [TensorType]) {
      let extents = pair.stored(transposedLeft: l, transposedRight: r)
      let f: LinearAlgebra =
        isSummed ? .matmulSum(transposeLeft: l, transposeRight: r) : .matmul(transposeLeft: l, transposeRight: r)
      return (f, [extents.left, extents.right].map { TensorType(.f32, $0) })
    }

  }

  /// What the library computes whatever is transposed: one product, many, many by one, one by many, and such whose inner index
  /// is cut into parts; a sum of one product.
  static let cases: [Case] = [
    .init(pair: .init([], 1, 1, 1, [])), .init(pair: .init([], 5, 17, 3, [])), .init(pair: .init([], 33, 20, 18, [])),
    .init(pair: .init([], 9, 1031, 10, [])), .init(pair: .init([2, 3], 5, 7, 9, [2, 3])),
    .init(pair: .init([3], 4, 6, 5, [])), .init(pair: .init([], 4, 6, 5, [3])), .init(pair: .init([2], 3, 600, 4, [2])),
    .init(pair: .init([1], 4, 6, 5, [1]), isSummed: true),
  ]

  private static let transposes = [(false, false), (false, true), (true, false), (true, true)]

  @Test(arguments: cases, MatrixPrecision.allCases)
  func `products are those of the rounded operands, with what is added apart or in place`(
    _ c: Case, _ precision: MatrixPrecision
  ) async throws {
    for (l, r) in Self.transposes {
      let (f, types) = c.operation(l, r)
      var numbers = Numbers("\(c.testDescription) \(l) \(r)")
      let operands = types.map { ($0, numbers.tensor($0.extents, .any)) }
      let result = try f.resultTypes(types)[0]
      let addend = (result, numbers.tensor(result.extents, .any))
      try await Self.check(f, operands, precision)
      let apart = try await Self.check(f, operands + [addend], precision)
      let inPlace = try await Self.check(f, operands + [addend], precision, isInPlace: true)
      #expect(apart == inPlace, "\(l) \(r)")
    }
  }

  /// Compares a product with that of the rounded operands in f64, by k · 2⁻²⁴ · Σ |a·b|, *k* being the number of terms of a
  /// sum: each of them rounds once; returns it.
  @discardableResult
  private static func check(
    _ f: LinearAlgebra, _ operands: [(TensorType, ReferenceTensor)], _ precision: MatrixPrecision,
    isInPlace: Bool = false
  ) async throws -> [Double] {
    #expect(f.batchedProduct(operands.map(\.0)) != nil)
    let outcome = try await SimulatedDevice.shared.get().outcome(
      of: .linear(f), operands, .init(seed: 1), products: .init(precision, by: .cublaslt), isInPlace: isInPlace)
    #expect(outcome.isIntact && outcome.failure == nil)
    let rounded = operands.enumerated().map { (i, x) in
      i == 2 ? x.1 : ReferenceTensor(x.1.extents, x.1.elements.map { Double(precision.rounded(Float($0))) })
    }
    let exact = Reference.result(of: f, rounded).elements
    let sums = Reference.result(of: f, rounded.map { (x) in ReferenceTensor(x.extents, x.elements.map(abs)) }).elements
    let found = try #require(outcome.tensors.last).elements
    let (a, b) = (operands[0].1.elements.count, found.count)
    let bound = Double(a + b + 1) * 0x1p-24  // the inner extent is at most that of all of an operand
    #expect(found.count == exact.count)
    let worst = found.indices.first { !(abs(found[$0] - exact[$0]) <= bound * sums[$0]) }
    if let worst { Issue.record("element \(worst) is \(found[worst]), not \(exact[worst]); \(f)") }
    return found
  }

  // MARK: What is the library's

  /// The types of operands, the operation's name with `n` and `t` for its operands, and what the library is asked for: rows,
  /// inner extent, columns, number of products, and the distances of the operands' matrices; nothing where cgad computes it.
  private static let choices: [(types: String, operation: String, asked: [Int]?)] = [
    ("[6, 3] [3, 4]", "nn", [6, 3, 4, 1, 0, 0]), ("[8, 5, 3] [3, 4]", "nn", [40, 3, 4, 1, 0, 0]),
    ("[8, 5, 3] [4, 3]", "nt", [40, 3, 4, 1, 0, 0]), ("[8, 3, 5] [3, 4]", "tn", [5, 3, 4, 8, 15, 0]),
    ("[8, 5, 3] [8, 3, 4]", "nn", [5, 3, 4, 8, 15, 12]), ("[2, 4, 5, 3] [2, 4, 3, 4]", "nn", [5, 3, 4, 8, 15, 12]),
    ("[5, 3] [8, 3, 4]", "nn", [5, 3, 4, 8, 0, 12]), ("[2, 4, 5, 3] [4, 3, 4]", "nn", nil),
    ("[2, 1, 5, 3] [1, 6, 3, 4]", "nn", nil), ("[1, 4, 5, 3] [1, 4, 3, 4]", "nn", [5, 3, 4, 4, 15, 12]),
    ("[0, 3] [3, 4]", "nn", nil), ("[6, 0] [0, 4]", "nn", nil), ("[0, 5, 3] [0, 3, 4]", "nn", nil),
    ("[8, 5, 3] [8, 5, 4]", "sum tn", [3, 40, 4, 1, 0, 0]),
    ("[2, 4, 5, 3] [2, 4, 5, 4]", "sum tn", [3, 40, 4, 1, 0, 0]),
    ("[8, 5, 3] [8, 3, 4]", "sum nn", nil), ("[8, 3, 5] [8, 4, 5]", "sum nt", nil),
    ("[8, 5, 3] [5, 4]", "sum tn", nil), ("[1, 5, 3] [3, 4]", "sum nn", [5, 3, 4, 1, 0, 0]),
    ("[2147483648, 0] [0, 1]", "nn", nil),
  ]

  @Test func `the types alone say what the library is asked for`() throws {
    for c in Self.choices {
      let types = c.types.dropFirst().dropLast().split(separator: "] [").map { (t) in
        TensorType(.f32, t.split(separator: ", ").compactMap { Int($0) })
      }
      let (l, r) = (c.operation.dropLast().hasSuffix("t"), c.operation.hasSuffix("t"))
      let f: LinearAlgebra =
        c.operation.hasPrefix("sum")
        ? .matmulSum(transposeLeft: l, transposeRight: r) : .matmul(transposeLeft: l, transposeRight: r)
      let p = f.batchedProduct(types)
      #expect(p.map { [$0.m, $0.k, $0.n, $0.count, $0.leftStride, $0.rightStride] } == c.asked, "\(c)")
      let addend = try f.resultTypes(types)
      #expect(f.batchedProduct(types + addend) == p, "a value that is added changes what is asked for: \(c)")
    }
  }

  @Test func `what the library does not take is computed by cgad's kernels, to their bits`() async throws {
    let device = try SimulatedDevice.shared.get()
    let shared = [([2, 1, 5, 3], [1, 6, 3, 4]), ([3, 5, 4], [3, 4, 2]), ([2, 0], [0, 3])]
    for (i, (left, right)) in shared.enumerated() {
      let f: LinearAlgebra =
        i == 1
        ? .matmulSum(transposeLeft: false, transposeRight: false) : .matmul(transposeLeft: false, transposeRight: false)
      var numbers = Numbers("\(left)")
      let operands = [left, right].map { (TensorType(.f32, $0), numbers.tensor($0, .any)) }
      let by = try await device.outcome(
        of: .linear(f), operands, .init(seed: 1), products: .init(.tf32, by: .cublaslt))
      let own = try await device.outcome(of: .linear(f), operands, .init(seed: 1), products: .init(.tf32))
      #expect(by.tensors.last?.elements == own.tensors.last?.elements)
      #expect(try await device.chosenAlgorithms(for: f, operands.map(\.0), .tf32) == 0)
    }
  }

  @Test func `an algorithm is chosen once for each product, whatever is added`() async throws {
    // extents that no other test has
    let (m, k, n) = (11, 13, 19)
    let types = [[m, k], [k, n]].map { TensorType(.f32, $0) }
    let device = try SimulatedDevice.shared.get()
    func chosen(_ f: LinearAlgebra, _ types: [TensorType], _ precision: MatrixPrecision) async throws -> Int {
      try await device.chosenAlgorithms(for: f, types, precision)
    }
    let plain = LinearAlgebra.matmul(transposeLeft: false, transposeRight: false)
    #expect(try await chosen(plain, types, .f32) == 1)
    #expect(try await chosen(plain, types, .f32) == 0)
    #expect(try await chosen(plain, types + [.init(.f32, [m, n])], .f32) == 0)
    // the rows of one matrix, as the types say, are those of several
    let folded = [TensorType(.f32, [1, m, k]), types[1]]
    #expect(try await chosen(plain, folded, .f32) == 0)
    #expect(try await chosen(plain, types, .tf32) == 1)
    #expect(try await chosen(plain, types, .bf16) == 1)
    let transposed = LinearAlgebra.matmul(transposeLeft: false, transposeRight: true)
    #expect(try await chosen(transposed, [types[0], .init(.f32, [n, k])], .f32) == 1)
    #expect(try await chosen(plain, [.init(.f32, [2, m, k]), .init(.f32, [2, k, n])], .f32) == 1)
  }

}

extension SimulatedDevice {

  /// Executes an operation on zeros by the library, and returns how many algorithms it chose for it; no other test chooses one
  /// in between.
  func chosenAlgorithms(for f: LinearAlgebra, _ types: [TensorType], _ precision: MatrixPrecision) throws -> Int {
    let before = algorithmCount
    let zeros = types.map { ($0, ReferenceTensor($0.extents, .init(repeating: 0, count: $0.count))) }
    _ = try outcome(of: .linear(f), zeros, .init(seed: 1), products: .init(precision, by: .cublaslt))
    return algorithmCount - before
  }

}
