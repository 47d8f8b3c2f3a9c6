import Operations
import Runtime
import Testing

/// Products of rounded operands, by the kernels for tensor cores, which the simulator executes.
@Suite struct TensorCoreTests {

  /// Operands of a product, before either is transposed, and whether the products of the batch are summed.
  struct Case: Sendable, CustomTestStringConvertible {

    let pair: MatrixPair

    var isSummed = false

    /// The product is added to a value.
    var isAdded = false

    var testDescription: String {
      "\(pair.left) \(pair.right)\(isSummed ? ", summed" : "")\(isAdded ? ", added" : "")"
    }

  }

  /// Inner extents of less and more than a panel, of several, and of parts; rows and columns of less and more than a tile;
  /// batches of matrices, also stretched ones.
  static let cases: [Case] = [
    .init(pair: .init([], 1, 1, 1, [])), .init(pair: .init([], 16, 8, 8, [])), .init(pair: .init([], 5, 17, 3, [])),
    .init(pair: .init([], 70, 33, 66, [])), .init(pair: .init([], 64, 64, 64, [])),
    .init(pair: .init([], 20, 100, 132, [])), .init(pair: .init([], 9, 1031, 10, [])),
    .init(pair: .init([], 12, 2048, 8, [])),
    .init(pair: .init([2, 1, 3], 20, 33, 10, [4, 1])), .init(pair: .init([3], 24, 36, 12, [])),
    .init(pair: .init([5], 7, 19, 9, [5]), isSummed: true), .init(pair: .init([3], 68, 40, 12, [3]), isSummed: true),
    .init(pair: .init([], 70, 33, 66, []), isAdded: true), .init(pair: .init([], 9, 1031, 11, []), isAdded: true),
    .init(pair: .init([5], 7, 19, 9, [5]), isSummed: true, isAdded: true),
  ]

  /// So many tiles that the greatest are taken.
  static let large = Case(pair: .init([], 1405, 37, 1534, []))

  private static let transposes = [(false, false), (false, true), (true, false), (true, true)]

  @Test(arguments: cases, [MatrixPrecision.tf32, .bf16])
  func `products are those of the rounded operands, to the rounding of sums`(
    _ c: Case, _ precision: MatrixPrecision
  ) async throws {
    for (l, r) in Self.transposes {
      for shift in [0, 4] { try await Self.check(c, l, r, precision, shift: shift) }
    }
  }

  /// Each form of operands with one of the precisions, whose kernels share all but the rounding.
  @Test(arguments: [(0, MatrixPrecision.tf32), (1, .bf16), (2, .bf16), (3, .tf32)])
  func `great products are those of the rounded operands`(_ form: Int, _ precision: MatrixPrecision) async throws {
    let (l, r) = Self.transposes[form]
    try await Self.check(Self.large, l, r, precision, shift: 0)
  }

  /// Compares a product with that of the rounded operands in f64, by k · 2⁻²⁴ · Σ |a·b|, *k* being the number of terms of a
  /// sum: each of them rounds once.
  private static func check(_ c: Case, _ l: Bool, _ r: Bool, _ precision: MatrixPrecision, shift: Int) async throws {
    let extents = c.pair.stored(transposedLeft: l, transposedRight: r)
    var numbers = Numbers("\(c.testDescription) \(l) \(r)")
    let operands = [extents.left, extents.right].map { numbers.tensor($0, .any) }
    let f: LinearAlgebra =
      c.isSummed ? .matmulSum(transposeLeft: l, transposeRight: r) : .matmul(transposeLeft: l, transposeRight: r)
    var given = operands.map { (TensorType(.f32, $0.extents), $0) }
    let addend =
      c.isAdded ? try f.resultTypes(given.map(\.0)).first.map { ($0, numbers.tensor($0.extents, .any)) } : nil
    if let addend { given.append(addend) }
    let outcome = try await SimulatedDevice.shared.get().outcome(
      of: .linear(f), given, .init(seed: 1), shift: shift, products: .init(precision))
    #expect(outcome.isIntact && outcome.failure == nil)
    let rounded = operands.map { (x) in
      ReferenceTensor(x.extents, x.elements.map { Double(precision.rounded(Float($0))) })
    }
    let magnitudes = rounded.map { (x) in ReferenceTensor(x.extents, x.elements.map(abs)) }
    let rest = addend.map { [$0.1] } ?? []
    let exact = Reference.result(of: f, rounded + rest)
    let sums = Reference.result(of: f, magnitudes + rest.map { (x) in ReferenceTensor(x.extents, x.elements.map(abs)) })
    let inner = c.pair.left[c.pair.left.count - 1] * (c.isSummed ? c.pair.left[0] : 1) + rest.count
    let found = try #require(outcome.tensors.last).elements
    #expect(found.count == exact.elements.count)
    let bound = Double(inner) * 0x1p-24
    let worst = found.indices.first { !(abs(found[$0] - exact.elements[$0]) <= bound * sums.elements[$0]) }
    if let worst {
      Issue.record("element \(worst) is \(found[worst]), not \(exact.elements[worst]); \(l) \(r) \(shift)")
    }
    #expect(found != Reference.result(of: f, operands + rest).elements.map { Double(Float($0)) } || inner == 1)
  }

  /// Numbers and what they are rounded to: in the middle between two, a little to the one and the other side of it, and such
  /// that have no neighbours.
  private static let roundings: [(Float, tf32: Float, bf16: Float)] = [
    (1 + 0x1p-12, 1, 1), (1 + 0x1p-11, 1 + 0x1p-10, 1), (-1 - 0x1p-11, -1 - 0x1p-10, -1),
    (1 + 0x1p-11 - 0x1p-23, 1, 1), (1 + 0x1p-8, 1 + 0x1p-8, 1), (1 + 0x3p-8, 1 + 0x3p-8, 1 + 0x1p-6),
    (1 + 0x1p-8 + 0x1p-23, 1 + 0x1p-8, 1 + 0x1p-7), (-1 - 0x3p-8, -1 - 0x3p-8, -1 - 0x1p-6), (2 - 0x1p-23, 2, 2),
    (0x1p-126 + 0x1p-149, 0x1p-126, 0x1p-126), (3, 3, 3), (0, 0, 0), (.infinity, .infinity, .infinity),
    (.greatestFiniteMagnitude, .infinity, .infinity), (.nan, .nan, .nan),
  ]

  @Test(arguments: [MatrixPrecision.tf32, .bf16])
  func `either operand is rounded, as f32 would not be`(_ precision: MatrixPrecision) async throws {
    let device = try SimulatedDevice.shared.get()
    for (x, tf32, bf16) in Self.roundings {
      let expected = precision == .tf32 ? tf32 : bf16
      let (number, one) = (ReferenceTensor([1, 1], [Double(x)]), ReferenceTensor([1, 1], [1]))
      let type = TensorType(.f32, [1, 1])
      for operands in [[(type, number), (type, one)], [(type, one), (type, number)]] {
        let f = Operation.linear(.matmul(transposeLeft: false, transposeRight: false))
        let outcome = try await device.outcome(of: f, operands, .init(seed: 1), products: .init(precision))
        let plain = try await device.outcome(of: f, operands, .init(seed: 1))
        let (found, kept) = (Float(outcome.tensors[2].elements[0]), Float(plain.tensors[2].elements[0]))
        #expect(found == expected || (found.isNaN && expected.isNaN), "\(x): \(found), not \(expected)")
        #expect(kept == x || (kept.isNaN && x.isNaN), "\(x): \(kept)")
      }
    }
  }

}

extension MatrixPrecision {

  /// Returns `x` with so many bits, by arithmetic alone: the neighbours' distance is added and taken off again.
  func rounded(_ x: Float) -> Float {
    if x == 0 || !x.isFinite { return x }
    switch self {
    case .f32: return x
    case .tf32:
      let unit = x.ulp * 0x1p13
      return (x / unit).rounded(.toNearestOrAwayFromZero) * unit
    case .bf16:
      let unit = x.ulp * 0x1p16
      return (x / unit).rounded(.toNearestOrEven) * unit
    }
  }

}
