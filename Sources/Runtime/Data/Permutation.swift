import CKernels

/// Orders of examples that depend on a seed and an epoch alone.
package enum Permutation {

  /// Returns the numbers below `count` in the order of `epoch`.
  ///
  /// Every order is equally likely: the Fisher–Yates shuffle, with indices drawn without bias.
  ///
  /// - Complexity: O(`count`).
  /// - Source: R. Durstenfeld, "Algorithm 235: Random permutation", 1964; D. Lemire, "Fast random integer generation in an
  ///   interval", 2019.
  package static func shuffled(_ count: Int, seed: UInt64, epoch: Int) -> [Int64] {
    var order = Array(0..<Int64(count))
    let key = cgad_split_mix(seed, UInt64(truncatingIfNeeded: epoch))
    var counter: UInt64 = 0
    var i = count - 1
    while i > 0 {
      order.swapAt(i, Int(below(UInt64(i) + 1, key, &counter)))
      i -= 1
    }
    return order
  }

  /// Returns a number below `bound`, drawing from the sequence of `key` and counting the draws.
  private static func below(_ bound: UInt64, _ key: UInt64, _ counter: inout UInt64) -> UInt64 {
    let rejected = (0 &- bound) % bound
    while true {
      let (high, low) = cgad_split_mix(key, counter).multipliedFullWidth(by: bound)
      counter += 1
      if low >= rejected { return high }
    }
  }

}
