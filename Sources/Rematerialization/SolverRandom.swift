/// A generator of random numbers that gives the same ones on every machine.
///
/// - Source: Steele, Lea, Flood, Fast splittable pseudorandom number generators, 2014 (SplitMix64).
struct SolverRandom {

  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// Returns the next number.
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    return Self.finalized(state)
  }

  private static func finalized(_ state: UInt64) -> UInt64 {
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// Returns another word for every word, such that sums of a few are likely different.
  static func mixed(_ word: Int) -> Int {
    Int(truncatingIfNeeded: finalized(UInt64(truncatingIfNeeded: word) &+ 0x9e37_79b9_7f4a_7c15))
  }

  /// Returns a number from 0 to less than `bound`, which is positive.
  mutating func below(_ bound: Int) -> Int { Int(truncatingIfNeeded: next() >> 33) % bound }

  /// Returns a number from 0 to less than 1.
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

}
