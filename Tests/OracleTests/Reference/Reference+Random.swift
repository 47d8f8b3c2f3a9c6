import Operations
import Runtime
import Support

extension Reference {

  static func result(of f: RandomOperation, _ x: ReferenceTensor, _ keys: StepKeys) -> ReferenceTensor {
    switch f {
    case .dropout(let rate, let key), .dropoutGradient(let rate, let key):
      let draws = uniforms(x.elements.count, key, keys)
      return .init(
        x.extents, zip(x.elements, draws).map { (e, u) in u < Double(Float(rate)) ? 0 : e / (1 - rate) })
    }
  }

  /// Returns `count` numbers in [0, 1): the upper 24 bits of word i % 4 of block i / 4.
  private static func uniforms(_ count: Int, _ path: String, _ keys: StepKeys) -> [Double] {
    let key = mixed(mixed(keys.seed &+ 0x9e37_79b9_7f4a_7c15) ^ StableHash.fnv1a(path))
    let keyWords = [UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key >> 32)]
    return (0..<count).map { (i) in
      let b = UInt64(i / 4)
      let counter = [
        UInt32(truncatingIfNeeded: b), UInt32(truncatingIfNeeded: b >> 32), keys.step,
        keys.microBatch | keys.replica << 16,
      ]
      return Double(Philox.block(counter, keyWords)[i % 4] >> 8) / 16_777_216
    }
  }

  /// The finalizer of SplitMix64.
  private static func mixed(_ z: UInt64) -> UInt64 {
    let a = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    let b = (a ^ a >> 27) &* 0x94d0_49bb_1331_11eb
    return b ^ b >> 31
  }

}
