import Operations
import Runtime
import Support

extension ElementwiseStep {

  /// The most elements that a result may have: positions are counted in 32 bits.
  private static let countLimit = 1 << 31 - 1

  /// The step that does what `operation` does with the given buffers; `nil` if runs cannot do it.
  ///
  /// - Requires: the buffers' types pass the operation's shape rule.
  init?(_ operation: Operation, _ operands: [Buffer], _ results: [Buffer]) {
    switch operation {
    case .elementwise(let f): self.init(f, operands, results[0])
    case .random(.dropout(let rate, let key)), .random(.dropoutGradient(let rate, let key)):
      self.init(.dropout, operands, results[0], DropoutConstants(rate: rate).all, path: StableHash.fnv1a(key))
    case .layout(.reshape):
      self.init(.copy, [operands[0]], results[0], as: operands[0].type.extents)
    case .layout(.slice(let starts, _)):
      let strides = operands[0].denseStrides
      let start = zip(starts, strides).reduce(0) { $0 + $1.0 * $1.1 }
      self.init(copying: operands[0], from: start, strides, to: results[0])
    case .reduction(.broadcast(_, let inserted)):
      let (x, y) = (operands[0], results[0])
      guard let expanded = Reduction.expand(x.type.extents, rank: y.type.rank, inserted: inserted) else { return nil }
      self.init(copying: x, from: 0, Broadcasting.strides(of: expanded, as: y.type.extents), to: y)
    case .state(.assign): self.init(.copy, [operands[1]], operands[0])
    case .reduction, .layout, .indexing, .linear, .classification, .convolution, .pooling, .attention, .normalization,
      .update, .state:
      return nil
    }
  }

  private init?(_ f: Elementwise, _ operands: [Buffer], _ y: Buffer) {
    switch f {
    case .constant(let value): self.init(.constant, [], y, [Float(value)])
    case .unary(let g): self.init(RunFunction(g), operands, y)
    case .unaryGradient(.neg): self.init(.neg, operands.suffix(1), y)
    case .unaryGradient(let g): self.init(RunFunction(gradientOf: g), operands, y)
    case .parametric(.leakyRelu(let slope)): self.init(.leakyRelu, operands, y, [Float(slope)])
    case .parametricGradient(.leakyRelu(let slope)): self.init(.leakyReluGradient, operands, y, [Float(slope)])
    case .parametric(.clamp(let low, let high)): self.init(.clamp, operands, y, [Float(low), Float(high)])
    case .parametricGradient(.clamp(let low, let high)):
      self.init(.clampGradient, operands, y, [Float(low), Float(high)])
    case .binary(let g): self.init(RunFunction(g), operands, y)
    case .integer, .arange, .parametric, .parametricGradient, .extremumGradient, .compare, .logic, .select, .cast:
      return nil
    }
  }

  /// The step of a function of operands that are stretched to the result, whose extents, or others of as many elements,
  /// are `extents`; `nil` if there is no function, a type is not f32, or runs know no such layout.
  private init?(
    _ function: RunFunction?, _ operands: [Buffer], _ y: Buffer, _ constants: [Float] = [], path: UInt64 = 0,
    as extents: [Int]? = nil
  ) {
    guard let function, Self.isUsable(y) else { return nil }
    var found: [Operand] = []
    for x in operands {
      let strides = Broadcasting.strides(of: x.type.extents, as: extents ?? y.type.extents)
      guard let o = Operand(x, from: 0, extents ?? y.type.extents, strides) else { return nil }
      found.append(o)
    }
    self.init(
      function, found, result: y.deviceAddress, count: y.count, constants: constants, path: path)
  }

  /// The copy of elements of `x`, from the one at `start` on, addressed by `strides`.
  private init?(copying x: Buffer, from start: Int, _ strides: [Int], to y: Buffer) {
    guard Self.isUsable(y), let o = Operand(x, from: start, y.type.extents, strides) else { return nil }
    self.init(.copy, [o], result: y.deviceAddress, count: y.count)
  }

  private static func isUsable(_ y: Buffer) -> Bool {
    y.type.element == .f32 && (1...countLimit).contains(y.count) && y.deviceAddress % 4 == 0
  }

}

extension ElementwiseStep.Operand {

  /// The elements of `x` from the one at `start` on, addressed by `strides`, for a result of the given extents; `nil` if
  /// they are not f32, or runs know no such layout.
  fileprivate init?(_ x: Buffer, from start: Int, _ extents: [Int], _ strides: [Int]) {
    guard x.type.element == .f32, x.count < 1 << 31 else { return nil }
    let joined = StridedLayout(extents, [strides])
    if joined.extents.count > OperandLayout.axisLimit { return nil }
    let isDense = joined.extents.count == 1 && (joined.strides[0][0] == 1 || joined.extents[0] == 1)
    self.init(
      address: x.deviceAddress + UInt64(4 * start), range: .init(start: x.deviceAddress, byteCount: x.byteCount),
      layout: isDense ? nil : .init(joined.extents, joined.strides[0]))
  }

}

/// What an element is compared with and multiplied by when some are zeroed at random.
struct DropoutConstants {

  /// Elements whose number in `[0, 1)` is less become 0.
  let rate: Float

  /// What the others are multiplied by.
  let factor: Float

  init(rate: Double) {
    self.rate = Float(rate)
    factor = self.rate < 1 ? Float(1 / (1 - Double(self.rate))) : 0
  }

  var all: [Float] { [rate, factor] }

}
