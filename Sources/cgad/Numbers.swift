/// Summaries of measured numbers.
extension [Double] {

  /// The value below which the part `p` of the numbers lies, interpolated between neighbours; `nil` if there are none.
  func quantile(_ p: Double) -> Double? {
    if isEmpty { return nil }
    let sorted = sorted()
    let position = p * Double(count - 1)
    let low = Int(position)
    let high = Swift.min(low + 1, count - 1)
    return sorted[low] + (sorted[high] - sorted[low]) * (position - Double(low))
  }

  var median: Double? { quantile(0.5) }

}

extension Double {

  /// The number with `digits` digits after the point.
  func fixed(_ digits: Int) -> String {
    if !isFinite || magnitude > 1e15 { return "\(self)" }
    let scale = (0..<digits).reduce(1.0) { (s, _) in s * 10 }
    let whole = Int((magnitude * scale).rounded())
    let sign = self < 0 && whole > 0 ? "-" : ""
    let text = "\(whole)"
    let padded = String(repeating: "0", count: Swift.max(0, digits + 1 - text.count)) + text
    return digits == 0 ? sign + padded : sign + padded.dropLast(digits) + "." + padded.suffix(digits)
  }

  /// The number with at most about `digits` significant digits, without zeros at the end of a fraction.
  func brief(_ digits: Int) -> String {
    let text = significant(digits)
    if !text.contains(".") || text.contains("e") { return text }
    let end = text.lastIndex { $0 != "0" } ?? text.startIndex
    return String(text[end] == "." ? text[..<end] : text[...end])
  }

  /// The number with about `digits` significant digits.
  func significant(_ digits: Int) -> String {
    if self == 0 || !isFinite { return isFinite ? "0" : "\(self)" }
    var (size, exponent) = (magnitude, 0)
    while size >= 10 { (size, exponent) = (size / 10, exponent + 1) }
    while size < 1 { (size, exponent) = (size * 10, exponent - 1) }
    if exponent < -4 { return (self < 0 ? "-" : "") + size.fixed(digits - 1) + "e\(exponent)" }
    return fixed(Swift.max(0, digits - 1 - exponent))
  }

}
