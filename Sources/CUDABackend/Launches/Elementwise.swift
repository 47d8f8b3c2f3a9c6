import Operations
import Runtime

extension Work {

  init(_ f: Elementwise, _ operands: [Buffer], _ results: [Buffer]) {
    let y = results[0]
    switch f {
    case .constant(let value):
      self.init(Launch.loop("cgad_cuda_fill", over: 1, [.count(1), .float(Float(value)), y.argument()]))
    case .integer(let value):
      self.init(Launch.loop("cgad_cuda_fill_i32", over: 1, [.count(1), .count(value), y.argument()]))
    case .arange(let count): self.init(Launch.loop("cgad_cuda_arange", over: count, [.count(count), y.argument()]))
    case .unary, .unaryGradient(.neg): self.init(Self.map(f.kernel, operands.suffix(1), y, []))
    case .unaryGradient: self.init(Self.map(f.kernel, operands, y, []))
    case .parametric(let g), .parametricGradient(let g): self.init(Self.map(f.kernel, operands, y, g.constants))
    case .binary: self.init(Self.combine(f.kernel, operands, [], y))
    case .extremumGradient: self.init(Self.combine(f.kernel, Array(operands[..<2]), [operands[2]], y))
    case .compare: self.init(Self.combine("\(f.kernel)_\(operands[0].type.element.rawValue)", operands, [], y))
    case .logic(let g): self.init(Self.combine(f.kernel, [operands[0], operands[g.operandCount - 1]], [], y))
    case .select: self.init(Self.select(operands, y))
    case .cast:
      let kernel = operands[0].type.element == .i32 ? "cgad_cuda_cast_i32" : "cgad_cuda_cast_u8"
      self.init(Self.map(kernel, operands, y, []))
    }
  }

  /// A function of one element of each operand.
  private static func map(
    _ kernel: String, _ operands: [Buffer], _ y: Buffer, _ constants: [Argument]
  ) -> [Launch] {
    let addresses = (operands + [y]).map { $0.argument() }
    return Launch.loop(kernel, over: y.count, [.count(y.count)] + addresses + constants)
  }

  /// A function of one element of each of two operands that are stretched, and of `others`, which are not.
  private static func combine(
    _ kernel: String, _ operands: [Buffer], _ others: [Buffer], _ y: Buffer
  ) -> [Launch] {
    let layout = StridedLayout(operands, to: y.type.extents)
    let isPacked = layout.isPacked() && (operands + [y]).allSatisfy(\.isPacked)
    let addresses = (operands + others + [y]).map { $0.argument() }
    return Launch.loop(
      kernel, over: y.count, [.count(y.count), .flag(isPacked)] + addresses + layout.arguments)
  }

  private static func select(_ operands: [Buffer], _ y: Buffer) -> [Launch] {
    let layout = StridedLayout(operands, to: y.type.extents)
    let addresses = (operands + [y]).map { $0.argument() }
    return Launch.loop("cgad_cuda_where", over: y.count, [.count(y.count)] + addresses + layout.arguments)
  }

}

extension Elementwise {

  /// The name of the kernel, which for comparisons the element type follows.
  fileprivate var kernel: String {
    switch self {
    case .unaryGradient(.neg): "cgad_cuda_neg"
    case .constant, .integer, .arange, .unary, .unaryGradient, .parametric, .parametricGradient, .binary,
      .extremumGradient,
      .compare,
      .logic, .select, .cast:
      "cgad_cuda_\(mnemonic)"
    }
  }

}

extension ParametricFunction {

  /// The kernel's constants.
  fileprivate var constants: [Argument] {
    switch self {
    case .leakyRelu(let slope): [.float(Float(slope))]
    case .elu(let alpha): [.float(Float(alpha))]
    case .pow(let exponent): [.bits(exponent)]
    case .clamp(let low, let high): [.float(Float(low)), .float(Float(high))]
    }
  }

}
