import CPUBackend
import Operations
import Runtime
import Testing

/// The CUDA kernels, executed by the simulator, against the processor's and the reference interpreter.
@Suite(.serialized) struct CUDAKernelTests {

  /// The relative error of one operation whose sums have an order of their own.
  private static let tolerance = 1e-5

  private static let keys = StepKeys(seed: 7, step: 3, microBatch: 1)

  @Test(arguments: KernelCase.all, [0, 4])
  func `a kernel gives what the processor gives`(_ c: KernelCase, shift: Int) throws { try Self.check(c, shift) }

  @Test(arguments: KernelCase.largeCases)
  func `a kernel gives what the processor gives of large tensors`(_ c: KernelCase) throws { try Self.check(c, 0) }

  @Test(arguments: KernelCase.patternCases)
  func `a kernel gives what the processor gives of any bits`(_ c: KernelCase) throws { try Self.check(c, 0) }

  private static func check(_ c: KernelCase, _ shift: Int) throws {
    let device = try SimulatedDevice.shared.get()
    let (operands, results) = (values(of: c), try places(of: c))
    #expect(try device.execute(c.operation, operands, results, keys, shift: shift))
    let (expectedOperands, expectedResults) = (values(of: c), try places(of: c))
    let kernel = try CPUBackend(threads: 1).kernel(
      of: c.operation, operands: expectedOperands.map(\.buffer), results: expectedResults.map(\.buffer))
    try kernel(keys)
    var error = WorstError()
    for (a, e) in zip(operands + results, expectedOperands + expectedResults) {
      error.add(a.values.elements, e.values.elements, part: c.part, "value")
      if c.operation.hasProcessorOrder { #expect(a.values.isIdentical(to: e.values), "\(error.place)") }
    }
    #expect(error.value < tolerance, "\(error.place)")
  }

  private static let indexing: [(Indexing, x: [Int], indices: [Int])] = [
    (.gather, [4, 3], [3]), (.scatterAdd(rows: 4), [3, 3], [3]), (.oneHot(classes: 4), [3], [3]),
    (.gatherLast, [3, 4], [3]), (.scatterLast(classes: 4), [3], [3]),
  ]

  @Test(arguments: [-1.0, 4, 2_147_483_647, -2_147_483_648])
  func `the first index out of range is told, and nothing is written`(_ index: Double) throws {
    let device = try SimulatedDevice.shared.get()
    for (f, extents, positions) in Self.indexing {
      let indices = GuardedTensor(.init(.i32, positions), .init([3], [3, index, -7]))
      let x = GuardedTensor(.init(.f32, extents), .init(extents) { (_) in 0 })
      let operands = f.indexOperand == 0 ? [indices] : [x, indices]
      let result = GuardedTensor(try f.resultTypes(operands.map(\.buffer.type))[0])
      let failure = #expect(throws: KernelFailure.self) {
        try device.execute(.indexing(f), operands, [result], Self.keys, shift: 0)
      }
      #expect(
        failure?.description
          == "\(f.mnemonic): index \(Int(index)) at position 1 of the indices is outside [0, 4)")
      #expect(result.values.elements.allSatisfy { $0.isNaN })
    }
  }

  @Test(arguments: [-1.0, 4, 2_147_483_647])
  func `a label outside the classes is refused, and nothing is written`(_ label: Double) throws {
    let device = try SimulatedDevice.shared.get()
    let scores = GuardedTensor(.init(.f32, [2, 4]), .init([2, 4]) { (_) in 0 })
    let labels = GuardedTensor(.init(.i32, [2]), .init([2], [0, label]))
    let (loss, one) = (GuardedTensor(.init(.f32)), GuardedTensor(.init(.f32), .init([], [1])))
    let gradient = GuardedTensor(.init(.f32, [2, 4]))
    for (f, operands, result) in [
      (Classification.crossEntropy, [scores, labels], loss), (.crossEntropyGradient, [scores, labels, one], gradient),
    ] {
      let failure = #expect(throws: KernelFailure.self) {
        try device.execute(.classification(f), operands, [result], Self.keys, shift: 0)
      }
      #expect(failure?.description == "label \(Int(label)) of example 1 of the batch is outside [0, 4)")
      #expect(result.values.elements.allSatisfy { $0.isNaN })
    }
  }

  private static func values(of c: KernelCase) -> [GuardedTensor] {
    zip(c.operands, c.values).map { GuardedTensor($0.type, $1) }
  }

  private static func places(of c: KernelCase) throws -> [GuardedTensor] {
    try c.operation.resultTypes(c.operands.map(\.type)).map { GuardedTensor($0) }
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
