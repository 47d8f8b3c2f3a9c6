import CKernels
import Operations
import Runtime

extension CPUBackend {

  func binary(_ code: cgad_binary, _ mnemonic: String, _ l: Buffer, _ r: Buffer, _ y: Buffer) -> Kernel {
    let (pool, shape, a, b, out) = (pool, BroadcastShape([l, r], to: y), l.f32, r.f32, y.f32)
    return { (_) throws(KernelFailure) in
      try check(
        cgad_binary_apply(pool, code, shape.rank, shape.extents, a, shape.strides[0], b, shape.strides[1], out),
        mnemonic, [l, r])
    }
  }

  /// `operands` are the two of the maximum and the gradient of its result.
  func extremumGradient(_ isMaximum: Bool, _ mnemonic: String, _ operands: [Buffer], _ dx: Buffer) -> Kernel {
    let (pool, shape) = (pool, BroadcastShape(Array(operands[..<2]), to: dx))
    let (a, b, dz, out) = (operands[0].f32, operands[1].f32, operands[2].f32, dx.f32)
    return { (_) throws(KernelFailure) in
      try check(
        cgad_extremum_gradient(
          pool, isMaximum, shape.rank, shape.extents, a, shape.strides[0], b, shape.strides[1], dz, out),
        mnemonic, operands)
    }
  }

  func compare(_ code: cgad_comparison, _ mnemonic: String, _ l: Buffer, _ r: Buffer, _ y: Buffer) -> Kernel {
    let (pool, shape, out) = (pool, BroadcastShape([l, r], to: y), y.u8)
    if l.type.element == .i32 {
      let (a, b) = (l.i32, r.i32)
      return { (_) throws(KernelFailure) in
        try check(
          cgad_compare_i32(pool, code, shape.rank, shape.extents, a, shape.strides[0], b, shape.strides[1], out),
          mnemonic, [l, r])
      }
    }
    let (a, b) = (l.f32, r.f32)
    return { (_) throws(KernelFailure) in
      try check(
        cgad_compare_f32(pool, code, shape.rank, shape.extents, a, shape.strides[0], b, shape.strides[1], out),
        mnemonic, [l, r])
    }
  }

  func logic(_ code: cgad_logic, _ mnemonic: String, _ l: Buffer, _ r: Buffer, _ y: Buffer) -> Kernel {
    let (pool, shape, a, b, out) = (pool, BroadcastShape([l, r], to: y), l.u8, r.u8, y.u8)
    return { (_) throws(KernelFailure) in
      try check(
        cgad_logic_apply(pool, code, shape.rank, shape.extents, a, shape.strides[0], b, shape.strides[1], out),
        mnemonic, [l, r])
    }
  }

  func select(_ condition: Buffer, _ x: Buffer, _ y: Buffer, _ z: Buffer) -> Kernel {
    let (pool, shape, c) = (pool, BroadcastShape([condition, x, y], to: z), condition.u8)
    let (a, b, out) = (x.address, y.address, z.address)
    return { (_) throws(KernelFailure) in
      try check(
        cgad_where(
          pool, shape.rank, shape.extents, c, shape.strides[0], a, shape.strides[1], b, shape.strides[2], out),
        "where", [condition, x, y])
    }
  }

}

/// The strides with which operands are read as values of the result's extents.
private struct BroadcastShape {

  let rank: Int32

  let extents: [Int]

  /// Those of each operand.
  let strides: [[Int]]

  init(_ operands: [Buffer], to y: Buffer) {
    let extents = y.type.extents
    self.extents = extents
    rank = Int32(extents.count)
    strides = operands.map { Broadcasting.strides(of: $0.type.extents, as: extents) }
  }

}

extension BinaryFunction {

  /// The kernel's name for the function.
  var code: cgad_binary {
    switch self {
    case .add: .add
    case .sub: .sub
    case .mul: .mul
    case .div: .div
    case .maximum: .maximum
    case .minimum: .minimum
    case .pow: .pow
    }
  }

}

extension Comparison {

  /// The kernel's name for the relation.
  var code: cgad_comparison {
    switch self {
    case .equal: .eq
    case .notEqual: .ne
    case .less: .lt
    case .lessEqual: .le
    case .greater: .gt
    case .greaterEqual: .ge
    }
  }

}

extension LogicFunction {

  /// The kernel's name for the function.
  var code: cgad_logic {
    switch self {
    case .and: .and
    case .or: .or
    case .equal: .equal
    case .xor: .xor
    case .not: .not
    }
  }

}
