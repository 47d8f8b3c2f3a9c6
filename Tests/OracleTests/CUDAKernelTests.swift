import CPUBackend
import Operations
import Runtime
import Testing

/// The CUDA kernels, executed by the simulator, against the processor's and the reference interpreter.
@Suite struct CUDAKernelTests {

  /// The relative error of one operation whose sums have an order of their own.
  private static let tolerance = 1e-5

  private static let keys = StepKeys(seed: 7, step: 3, microBatch: 1)

  @Test(arguments: KernelCase.all)
  func `a kernel gives what the processor gives`(_ c: KernelCase) async throws {
    try await Self.check(c, 0)
  }

  @Test(arguments: KernelCase.all.enumerated().filter { $0.offset % 3 == 0 }.map(\.element))
  func `a kernel gives what the processor gives where no four elements lie in one pack`(_ c: KernelCase) async throws {
    try await Self.check(c, 4)
  }

  @Test(arguments: KernelCase.largeCases)
  func `a kernel gives what the processor gives of large tensors`(_ c: KernelCase) async throws {
    try await Self.check(c, 0)
  }

  @Test(arguments: KernelCase.patternCases)
  func `a kernel gives what the processor gives of any bits`(_ c: KernelCase) async throws {
    try await Self.check(c, 0)
  }

  private static func check(_ c: KernelCase, _ shift: Int) async throws {
    let values = zip(c.operands, c.values).map { ($0.type, $1) }
    let outcome = try await SimulatedDevice.shared.get().outcome(of: c.operation, values, keys, shift: shift)
    if let failure = outcome.failure { throw failure }
    #expect(outcome.isIntact)
    let operands = values.map { GuardedTensor($0, $1) }
    let results = try c.operation.resultTypes(c.operands.map(\.type)).map { GuardedTensor($0) }
    let kernel = try CPUBackend(threads: 1).kernel(
      of: c.operation, operands: operands.map(\.buffer), results: results.map(\.buffer))
    try kernel(keys)
    var error = WorstError()
    for (a, e) in zip(outcome.tensors, (operands + results).map(\.values)) {
      error.add(a.elements, e.elements, part: c.part, "value")
      if c.operation.hasProcessorOrder { #expect(a.isIdentical(to: e), "\(error.place)") }
    }
    #expect(error.value < tolerance, "\(error.place)")
  }

  private static let indexing: [(Indexing, x: [Int], indices: [Int])] = [
    (.gather, [4, 3], [3]), (.scatterAdd(rows: 4), [3, 3], [3]), (.oneHot(classes: 4), [3], [3]),
    (.gatherLast, [3, 4], [3]), (.scatterLast(classes: 4), [3], [3]),
  ]

  @Test(arguments: [-1.0, 4, 2_147_483_647, -2_147_483_648])
  func `the first index out of range is told, and nothing is written`(_ index: Double) async throws {
    let device = try SimulatedDevice.shared.get()
    for (f, extents, positions) in Self.indexing {
      let indices = (TensorType(.i32, positions), ReferenceTensor([3], [3, index, -7]))
      let x = (TensorType(.f32, extents), ReferenceTensor(extents) { (_) in 0 })
      let operands = f.indexOperand == 0 ? [indices] : [x, indices]
      let outcome = try await device.outcome(of: .indexing(f), operands, Self.keys)
      #expect(
        outcome.failure?.description
          == "\(f.mnemonic): index \(Int(index)) at position 1 of the indices is outside [0, 4)")
      #expect(outcome.tensors.last?.elements.allSatisfy(\.isNaN) ?? false)
    }
  }

  @Test(arguments: [-1.0, 4, 2_147_483_647])
  func `a label outside the classes is refused, and nothing is written`(_ label: Double) async throws {
    let device = try SimulatedDevice.shared.get()
    let scores = (TensorType(.f32, [2, 4]), ReferenceTensor([2, 4]) { (_) in 0 })
    let labels = (TensorType(.i32, [2]), ReferenceTensor([2], [0, label]))
    let one = (TensorType(.f32), ReferenceTensor([], [1]))
    for (f, operands) in [
      (Classification.crossEntropy, [scores, labels]), (.crossEntropyGradient, [scores, labels, one]),
    ] {
      let outcome = try await device.outcome(of: .classification(f), operands, Self.keys)
      #expect(outcome.failure?.description == "label \(Int(label)) of example 1 of the batch is outside [0, 4)")
      #expect(outcome.tensors.last?.elements.allSatisfy(\.isNaN) ?? false)
    }
  }

}

extension ReferenceTensor {

  /// `true` iff all elements have the same bits, or are NaN in both.
  fileprivate func isIdentical(to other: ReferenceTensor) -> Bool {
    elements.count == other.elements.count
      && zip(elements, other.elements).allSatisfy { $0.bitPattern == $1.bitPattern || ($0.isNaN && $1.isNaN) }
  }

}

extension Operation {

  /// `true` iff devices compute it in the processor's order, and so give the same bits: all but products of matrices,
  /// convolution and attention.
  fileprivate var hasProcessorOrder: Bool {
    switch self {
    case .linear, .convolution, .attention(.attention), .attention(.gradient): false
    case .elementwise, .reduction, .layout, .indexing, .classification, .pooling, .attention(.causalMask),
      .attention(.causalMaskGradient), .normalization, .random, .update, .state:
      true
    }
  }

}
