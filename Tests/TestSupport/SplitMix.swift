/// A small seeded generator, so that failures come again.
///
/// - Source: Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014.
package struct SplitMix: RandomNumberGenerator, Sendable {

  private var state: UInt64

  /// Creates the generator of one sequence.
  package init(seed: UInt64) { state = seed }

  /// Returns the next number of the sequence.
  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

}
