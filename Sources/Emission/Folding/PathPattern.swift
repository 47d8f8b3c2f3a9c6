/// A path with the numbers of its layers taken out: `h.*.mlp.up` and 3 for `h.3.mlp.up`.
///
/// A number is that of a layer iff it is a part of its own and another part follows: the `1` of `h.attn.1` tells results
/// of one instruction apart.
package struct PathPattern: Hashable, Sendable {

  /// The path with `*` in the place of each number.
  package let text: String

  /// The numbers in order.
  package let indices: [Int]

  /// - Parameter isInstance: whether `path` is of an instance, so that its last part may be a number, too.
  package init(_ path: String, isInstance: Bool = false) {
    var (text, indices) = ([UInt8](), [Int]())
    var number: Int?
    var isStart = true
    text.reserveCapacity(path.utf8.count)
    func flush(_ isLayer: Bool) {
      guard let n = number else { return }
      if isLayer { indices.append(n) }
      text += isLayer ? [UInt8(ascii: "*")] : Array(String(n).utf8)
      number = nil
    }
    for c in path.utf8 {
      let digit = Int(c) - 48
      if 0...9 ~= digit, isStart || number != nil, number ?? 0 < 1 << 40, number != 0 {
        number = (number ?? 0) * 10 + digit
        isStart = false
        continue
      }
      flush(c == UInt8(ascii: "."))
      text.append(c)
      isStart = c == UInt8(ascii: ".") || c == UInt8(ascii: "(")
    }
    flush(isInstance)
    self.text = String(decoding: text, as: UTF8.self)
    self.indices = indices
  }

}
