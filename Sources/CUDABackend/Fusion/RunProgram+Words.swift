/// The form in which the kernel reads programs: `program_of` in kernels/runs.cuh.
extension RunProgram {

  /// The codes of operands: the step before, the first slot, the first place, nothing.
  private static let (before, slots, places, nothing) = (UInt64(0), UInt64(1), UInt64(16), UInt64(255))

  /// The program in 64-bit words: their counts, three for each step, two for each place, eight for each layout.
  ///
  /// - Requires: it fits.
  var words: [UInt64] {
    let placesBegin = 1 + 3 * steps.count
    let layoutsBegin = placesBegin + 2 * places.count
    let sizes = UInt64(steps.count) | UInt64(placesBegin) << 16 | UInt64(layoutsBegin) << 32
    // a place without layout looks at the first one, and does not use it
    let known = layouts.isEmpty ? [OperandLayout([1], [0])] : layouts
    return [sizes] + steps.indices.flatMap(words(ofStep:)) + places.flatMap(words(of:)) + known.flatMap(Self.words(of:))
  }

  private func words(ofStep i: Int) -> [UInt64] {
    let s = steps[i]
    var word = UInt64(s.function.rawValue)
    for k in 0..<2 {
      word |= (k < s.operands.count ? code(of: s.operands[k], in: i) : Self.nothing) << (8 + 8 * UInt64(k))
    }
    word |= UInt64(s.slot.map { $0 + 1 } ?? 0) << 24 | UInt64(s.target.map { $0 + 1 } ?? 0) << 32
    let numbers = (s.constants + [0, 0]).prefix(2).map { UInt64($0.bitPattern) }
    return [word, numbers[0] | numbers[1] << 32, s.path]
  }

  private func code(of operand: Source, in step: Int) -> UInt64 {
    switch operand {
    case .place(let p): return Self.places + UInt64(p)
    case .step(step - 1): return Self.before
    case .step(let s):
      guard let slot = steps[s].slot else { preconditionFailure("a result that is used later has no slot") }
      return Self.slots + UInt64(slot)
    }
  }

  private func words(of place: ElementwiseStep.Operand) -> [UInt64] {
    let layout = place.layout.flatMap(layouts.firstIndex).map { $0 + 1 } ?? 0
    return [place.address, UInt64(layout) | (place.isPacked ? 1 << 32 : 0)]
  }

  /// The axes from the innermost one on, two words each.
  private static func words(of layout: OperandLayout) -> [UInt64] {
    let axes = Array(zip(layout.extents, layout.strides).reversed())
    return (0..<OperandLayout.axisLimit).flatMap { (i) in
      let (extent, stride) = i < axes.count ? axes[i] : (1, 0)
      let divisor = Divisor(extent)
      return [UInt64(extent) | UInt64(divisor.factor) << 32, UInt64(divisor.shift) | UInt64(stride) << 32]
    }
  }

}

/// A divisor as a factor and a shift: for `n` below 2³¹ the quotient is `n · factor >> shift`, in 64 bits.
///
/// Source: Granlund and Montgomery, "Division by invariant integers using multiplication", 1994: a factor of
/// ⌈2^(31 + l) / d⌉, where 2^l is not less than d, is great enough.
package struct Divisor: Hashable, Sendable {

  package let factor: UInt32

  /// At least 31.
  package let shift: UInt32

  /// - Requires: `divisor` is at least 1 and below 2³¹.
  package init(_ divisor: Int) {
    let bits = divisor == 1 ? 0 : Int.bitWidth - (divisor - 1).leadingZeroBitCount
    shift = UInt32(31 + bits)
    factor = UInt32(((1 << (31 + bits)) + divisor - 1) / divisor)
  }

}
