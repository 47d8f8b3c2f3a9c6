/// Two whole numbers: along the vertical axis and along the horizontal one.
package struct Pair: Hashable, Sendable {

  package let y: Int

  package let x: Int

  package init(_ y: Int, _ x: Int) {
    self.y = y
    self.x = x
  }

  /// The pair as an attribute: `[y, x]`.
  var value: AttributeValue { .integers([y, x]) }

}

/// How a window moves along one axis.
struct WindowAxis {

  /// The greatest number that describes a window.
  static let limit = Int(Int32.max)

  let stride: Int

  /// The elements that are added on each side.
  let padding: Int

  let dilation: Int

  /// Returns how often a window of `window` elements fits in `extent` elements.
  ///
  /// The windows start `stride` elements apart, the first one `padding` elements before the axis; the elements of a window
  /// are `dilation` apart.
  ///
  /// - Throws: if a number is out of bounds or the window is larger than the padded axis.
  func count(of window: Int, in extent: Int, for mnemonic: String) throws(ShapeError) -> Int {
    try Self.require(extent, "an extent", atLeast: 1, for: mnemonic)
    try Self.require(window, "a window", atLeast: 1, for: mnemonic)
    try Self.require(stride, "a stride", atLeast: 1, for: mnemonic)
    try Self.require(padding, "a padding", atLeast: 0, for: mnemonic)
    try Self.require(dilation, "a dilation", atLeast: 1, for: mnemonic)
    let (span, padded) = (dilation * (window - 1) + 1, extent + 2 * padding)
    guard span <= padded else {
      throw .init("\(mnemonic): a window that spans \(span) elements does not fit in \(extent) padded to \(padded)")
    }
    return (padded - span) / stride + 1
  }

  private static func require(
    _ number: Int, _ name: String, atLeast low: Int, for mnemonic: String
  ) throws(ShapeError) {
    if number < low || number > limit { throw .init("\(mnemonic): \(name) of \(number) is not in \(low) … \(limit)") }
  }

}
