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
  func `a kernel gives what the processor gives`(_ c: KernelCase, shift: Int) throws {
    let device = try SimulatedDevice.shared.get()
    let (operands, results) = (Self.operands(of: c), try Self.results(of: c))
    #expect(try device.execute(c.operation, operands, results, Self.keys, shift: shift))
    let (expectedOperands, expectedResults) = (Self.operands(of: c), try Self.results(of: c))
    let kernel = try CPUBackend(threads: 1).kernel(
      of: c.operation, operands: expectedOperands.map(\.buffer), results: expectedResults.map(\.buffer))
    try kernel(Self.keys)
    var error = WorstError()
    for (a, e) in zip(operands + results, expectedOperands + expectedResults) {
      error.add(a.values.elements, e.values.elements, part: c.part, "value")
      if c.operation.hasProcessorOrder { #expect(a.values.isIdentical(to: e.values), "\(error.place)") }
    }
    #expect(error.value < Self.tolerance, "\(error.place)")
  }

  private static func operands(of c: KernelCase) -> [GuardedTensor] {
    zip(c.operands, c.values).map { GuardedTensor($0.type, $1) }
  }

  private static func results(of c: KernelCase) throws -> [GuardedTensor] {
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
