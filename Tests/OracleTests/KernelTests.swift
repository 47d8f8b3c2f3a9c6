import CPUBackend
import Differentiation
import IR
import Operations
import Runtime
import Testing

/// The kernels of the processor against the reference interpreter.
@Suite struct KernelOracleTests {

  /// The relative error of one operation.
  private static let tolerance = 1e-5

  private static let keys = StepKeys(seed: 7, step: 3, microBatch: 1)

  @Test(arguments: KernelCase.all)
  func `a kernel computes what the reference does`(_ c: KernelCase) throws {
    let backend = try CPUBackend(threads: 2)
    let operands = zip(c.operands, c.values).map { GuardedTensor($0.type, $1) }
    let results = try c.operation.resultTypes(c.operands.map(\.type)).map { GuardedTensor($0) }
    let kernel = backend.kernel(of: c.operation, operands: operands.map(\.buffer), results: results.map(\.buffer))
    try kernel(Self.keys)
    var error = WorstError()
    for (e, a) in zip(Self.expected(c), c.operation.effect == .update ? operands : results) {
      #expect(a.buffer.type.extents == e.extents)
      error.add(a.values.elements, e.elements, part: c.part, "result")
    }
    #expect(error.value < Self.tolerance, "\(error.place)")
    #expect((operands + results).allSatisfy { $0.isIntact })
    Figures.report("kernel \(c.testDescription)", "\(error.value)")
  }

  @Test func `convolutions need the workspace that the plan gives them, to the byte, and no other kernel needs any`()
    throws
  {
    var sizes: Set<Int> = []
    for threads in [1, 2, 3] {
      let backend = try CPUBackend(threads: threads)
      for c in KernelCase.all {
        let bytes = backend.workspaceModel.bytes(of: c.operation, c.operands.map(\.type))
        if bytes == 0 { continue }
        guard case .convolution = c.operation else { Issue.record("\(c.testDescription)"); continue }
        sizes.insert(bytes)
        let operands = zip(c.operands, c.values).map { GuardedTensor($0.type, $1) }
        let results = try c.operation.resultTypes(c.operands.map(\.type)).map { GuardedTensor($0) }
        for size in [bytes - 1, bytes] {
          let work = GuardedTensor(.init(.u8, [size]))
          let kernel = backend.kernel(
            of: c.operation, operands: operands.map(\.buffer), results: results.map(\.buffer),
            workspace: work.buffer.bytes)
          if size < bytes {
            #expect(throws: KernelFailure.self, "\(c.testDescription)") { try kernel(Self.keys) }
          } else {
            try kernel(Self.keys)
          }
          #expect((operands + results + [work]).allSatisfy { $0.isIntact }, "\(c.testDescription)")
        }
      }
    }
    #expect(sizes.count > 10)
  }

  @Test func `a result in the place of an operand has the same bits`() throws {
    let backend = try CPUBackend(threads: 2)
    var count = 0
    for c in KernelCase.all {
      let types = try c.operation.resultTypes(c.operands.map(\.type))
      for position in c.operation.overwritable(c.operands.map(\.type), types) {
        let apart = try Self.executed(c, types, nil, on: backend)
        #expect(try Self.executed(c, types, position, on: backend) == apart, "\(c.testDescription), \(position)")
        count += 1
      }
    }
    #expect(count > 200)
  }

  /// Returns the bytes of the one result, written in the place of the operand at `position`, or in its own.
  private static func executed(
    _ c: KernelCase, _ types: [TensorType], _ position: Int?, on backend: CPUBackend
  ) throws -> [UInt8] {
    let operands = zip(c.operands, c.values).map { GuardedTensor($0.type, $1) }
    let own = GuardedTensor(types[0])
    let place = position.map { Buffer(address: operands[$0].buffer.address, type: types[0]) } ?? own.buffer
    try backend.kernel(of: c.operation, operands: operands.map(\.buffer), results: [place])(keys)
    let bytes = Array(place.bytes)
    #expect((operands + [own]).allSatisfy { $0.isIntact })  // and thus still there when the bytes are read
    return bytes
  }

  /// Returns the results, or the operands after an update.
  private static func expected(_ c: KernelCase) -> [ReferenceTensor] {
    switch c.operation {
    case .update(let optimizer): Reference.updated(by: optimizer, c.values, keys)
    case .state(.assign): [c.values[1]]
    case .state(.accumulate): [keys.microBatch == 0 ? c.values[1] : c.values[0].combined(c.values[1], +)]
    case .layout, .indexing, .elementwise, .reduction, .linear, .classification, .convolution, .pooling, .attention,
      .normalization, .random:
      Reference.results(of: c.operation, c.values, keys)
    }
  }

  @Test(arguments: GradientCase.all)
  func `forward, backward and update on the processor equal the reference`(_ c: GradientCase) throws {
    let (module, storage) = try c.module()
    let function = try module.differentiated().train
    var reference = ReferenceInterpreter(storage: storage, keys: Self.keys)
    let expected = reference.execute(function)
    let processor = CPUFunction(function, storage: storage, on: try CPUBackend(threads: 2))
    try processor.execute(Self.keys)
    var error = WorstError()
    for (i, v) in function.values.enumerated() {
      let e =
        switch v.origin {
        case .storage(let s): reference.storage[s.index]
        case .instruction: try #require(expected[i])
        }
      error.add(processor.values(of: .init(i)).elements, e.elements, floor: Self.floor(of: e), v.name)
    }
    #expect(error.value < Self.tolerance, "\(error.place)")
    #expect(processor.isIntact)
    Figures.report("function \(c.name)", "\(error.value)")
  }

  /// Returns what errors of `t` are relative to at least: a tenth of its greatest element; for a single number, which may
  /// be what terms of magnitude 1 leave of each other, a tenth of 1.
  private static func floor(of t: ReferenceTensor) -> Double {
    let greatest = t.elements.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
    return max(0.1 * greatest, t.elements.count == 1 ? 0.1 : .leastNormalMagnitude)
  }

  private static let indexing: [(Indexing, x: [Int], indices: [Int])] = [
    (.gather, [4, 3], [2]), (.scatterAdd(rows: 4), [2, 3], [2]), (.oneHot(classes: 4), [2], [2]),
    (.gatherLast, [2, 4], [2]), (.scatterLast(classes: 4), [2], [2]),
  ]

  @Test(arguments: [-1.0, 4, 2_147_483_647, -2_147_483_648])
  func `an index out of range is refused, and nothing is written`(_ index: Double) throws {
    let backend = try CPUBackend(threads: 2)
    for (f, extents, positions) in Self.indexing {
      let indices = GuardedTensor(.init(.i32, positions), .init([2], [3, index]))
      let x = GuardedTensor(.init(.f32, extents), .init(extents) { (_) in 0 })
      let operands = f.indexOperand == 0 ? [indices] : [x, indices]
      let result = GuardedTensor(try f.resultTypes(operands.map(\.buffer.type))[0])
      let kernel = backend.kernel(
        of: .indexing(f), operands: operands.map(\.buffer), results: [result.buffer])
      let failure = #expect(throws: KernelFailure.self) { try withExtendedLifetime(operands) { try kernel(Self.keys) } }
      #expect(
        failure?.description
          == "\(f.mnemonic): index \(Int(index)) at position 1 of the indices is outside [0, 4)")
      #expect(result.isIntact && result.values.elements.allSatisfy(\.isNaN))
    }
  }

  @Test(arguments: GradientCase.headCases)
  func `attention gives the same bits on any number of threads`(_ c: GradientCase) throws {
    let (module, storage) = try c.module()
    let function = try module.differentiated().train
    let runs = try [1, 2, 3].map { (threads) in
      let processor = CPUFunction(function, storage: storage, on: try CPUBackend(threads: threads))
      try processor.execute(Self.keys)
      return function.values.indices.map { processor.values(of: .init($0)).elements.map(\.bitPattern) }
    }
    #expect(runs[0] == runs[1])
    #expect(runs[0] == runs[2])
  }

  @Test(arguments: [-1.0, 4, 2_147_483_647])
  func `a label outside the classes is refused`(_ label: Double) throws {
    let backend = try CPUBackend(threads: 2)
    let scores = GuardedTensor(.init(.f32, [2, 4]), .init([2, 4]) { (_) in 0 })
    let labels = GuardedTensor(.init(.i32, [2]), .init([2], [0, label]))
    let loss = GuardedTensor(.init(.f32))
    let kernel = backend.kernel(
      of: .classification(.crossEntropy), operands: [scores.buffer, labels.buffer], results: [loss.buffer])
    #expect(throws: KernelFailure.self) { try kernel(Self.keys) }
  }

}
