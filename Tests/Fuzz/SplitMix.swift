/// A small seeded generator, so that every input comes again.
///
/// - Source: Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014.
struct SplitMix: RandomNumberGenerator {

  private var state: UInt64

  /// Creates the generator of the input `index` of the sequence `seed`.
  init(seed: UInt64, index: UInt64 = 0) {
    state = seed &* 0xd134_2543_de82_ef95 &+ index
    state = next()
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// Returns a number from 0 that is less than `count`.
  ///
  /// - Requires: `count` is positive.
  mutating func below(_ count: Int) -> Int { Int(truncatingIfNeeded: next() % UInt64(count)) }

  /// Returns one of `elements`.
  ///
  /// - Requires: there is one.
  mutating func pick<T>(_ elements: [T]) -> T { elements[below(elements.count)] }

  /// Returns a range within `0..<count`, of at most `limit`.
  mutating func range(within count: Int, atMost limit: Int) -> Range<Int> {
    let start = below(count + 1)
    return start..<min(count, start + below(limit + 1))
  }

}
