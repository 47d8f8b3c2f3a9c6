/// Hashes that are the same on every machine and in every run, unlike Swift's own.
package enum StableHash {

  /// Returns the 64-bit FNV-1a hash of the UTF-8 of `text`.
  ///
  /// - Source: Fowler, Noll, Vo; offset basis 0xcbf29ce484222325, prime 0x100000001b3.
  package static func fnv1a(_ text: some StringProtocol) -> UInt64 {
    var h: UInt64 = 0xcbf2_9ce4_8422_2325
    for b in text.utf8 { h = (h ^ UInt64(b)) &* 0x100_0000_01b3 }
    return h
  }

}
