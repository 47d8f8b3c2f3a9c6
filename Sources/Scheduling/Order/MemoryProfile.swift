/// The bytes at the steps of a stretch of an order.
struct MemoryProfile: Hashable, Comparable {

  /// The most bytes at a step, workspace included, and the first step that needs them.
  var peak = Int.min
  var peakPosition = 0

  /// The bytes at all steps.
  var sum = 0

  /// A lower peak is better; of equals what needs less all the time.
  static func < (l: MemoryProfile, r: MemoryProfile) -> Bool { l.peak != r.peak ? l.peak < r.peak : l.sum < r.sum }

}

extension OrderModel {

  /// Returns the bytes of the steps `range`, counted from what is live before them, if `items` are executed there and
  /// values have `bytes`.
  ///
  /// `position` tells for every item its step, those of `items` as they stand in it.
  ///
  /// - Complexity: O(*n*) where *n* is the number of holders of the values that `items` touch.
  func profile(
    _ items: some Sequence<Int>, in range: Range<Int>, _ position: [Int], _ bytes: [Int]
  ) -> MemoryProfile {
    var (profile, live) = (MemoryProfile(), 0)
    for (t, i) in zip(range, items) {
      let item = self.items[i]
      var (ending, taken) = (0, 0)
      for v in item.touched where dies(v, at: t, position) { ending += bytes[v] }
      if let v = item.overwritable.first(where: { dies($0, at: t, position) }) { taken = bytes[v] }
      for r in item.results { live += bytes[r] }
      let needed = live - taken + item.workspace
      if needed > profile.peak { (profile.peak, profile.peakPosition) = (needed, t) }
      profile.sum += needed
      live -= ending
    }
    return profile
  }

  /// `true` iff the life of `v` ends with step `t`.
  private func dies(_ v: Int, at t: Int, _ position: [Int]) -> Bool {
    guard let all = holders[v] else { return false }
    return all.allSatisfy { position[$0] <= t }
  }

}
