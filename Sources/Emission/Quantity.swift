import Support

/// Figures as people read them.
enum Quantity {

  /// Returns the part that `part` is of `whole` in percent with one digit, as `21.3 %`.
  static func percent(_ part: Int, of whole: Int) -> String {
    if whole == 0 { return "0.0 %" }
    let tenths = Int((Double(part) / Double(whole) * 1000).rounded())
    return "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10) %"
  }

  /// Returns the difference with its sign, as `-6.0 MiB`; `0 B` where there is none.
  static func signed(bytes: Int) -> String {
    bytes == 0 ? "0 B" : (bytes < 0 ? "-" : "+") + "\(ByteCount(abs(bytes)))"
  }

  /// Returns a number of operations, as `1.2 GFLOP`.
  static func flops(_ n: Int) -> String {
    let units: [(name: String, size: Int)] = [
      ("PFLOP", 1_000_000_000_000_000), ("TFLOP", 1_000_000_000_000), ("GFLOP", 1_000_000_000), ("MFLOP", 1_000_000),
      ("kFLOP", 1000),
    ]
    guard let u = units.first(where: { abs(n) >= $0.size }) else { return "\(n) FLOP" }
    let tenths = (abs(n) / (u.size / 10) + (abs(n) % (u.size / 10) * 2 >= u.size / 10 ? 1 : 0))
    return "\(n < 0 ? "-" : "")\(tenths / 10).\(tenths % 10) \(u.name)"
  }

  /// Returns the difference of numbers of operations with its sign.
  static func signed(flops n: Int) -> String { (n > 0 ? "+" : "") + flops(n) }

  /// Returns `n` with commas between groups of three digits.
  static func grouped(_ n: Int) -> String {
    var digits = Array(String(abs(n)))
    var i = digits.count - 3
    while i > 0 {
      digits.insert(",", at: i)
      i -= 3
    }
    return (n < 0 ? "-" : "") + String(digits)
  }

  /// Returns `n` and `noun`, which gets an s unless `n` is one.
  static func count(_ n: Int, _ noun: String) -> String { "\(n) \(noun)\(n == 1 ? "" : "s")" }

}
