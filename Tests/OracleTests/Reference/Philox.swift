/// The counter-based generator Philox 4×32 with 10 rounds, written from the paper.
///
/// - Source: Salmon, Moraes, Dror, Shaw, Parallel random numbers: as easy as 1, 2, 3, SC 2011.
enum Philox {

  /// Returns the block of four words for `counter` and `key`.
  static func block(_ counter: [UInt32], _ key: [UInt32]) -> [UInt32] {
    var (c, k) = (counter, key)
    for _ in 0..<10 {
      let p = c[0].multipliedFullWidth(by: 0xd251_1f53)
      let q = c[2].multipliedFullWidth(by: 0xcd9e_8d57)
      c = [q.high ^ c[1] ^ k[0], q.low, p.high ^ c[3] ^ k[1], p.low]
      k = [k[0] &+ 0x9e37_79b9, k[1] &+ 0xbb67_ae85]
    }
    return c
  }

}
