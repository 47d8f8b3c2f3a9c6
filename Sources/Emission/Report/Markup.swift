/// Text of HTML and SVG.
enum Markup {

  /// Returns `text` with what has a meaning in HTML escaped.
  static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }

  /// Returns a coordinate with at most one digit behind the point.
  static func number(_ x: Double) -> String {
    let tenths = Int((x * 10).rounded())
    let digits = "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10)"
    return tenths % 10 == 0 ? digits : digits + ".\(abs(tenths) % 10)"
  }

  /// Returns a line of a figure.
  static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) -> String {
    "<line x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" y2=\"\(number(y2))\" class=\"\(style)\"/>\n"
  }

  /// Returns text in a figure; `anchor` is `start`, `middle` or `end`.
  static func text(_ x: Double, _ y: Double, _ text: String, _ style: String = "label", anchor: String = "start")
    -> String
  {
    "<text x=\"\(number(x))\" y=\"\(number(y))\" class=\"\(style)\" text-anchor=\"\(anchor)\">\(escaped(text))</text>\n"
  }

}
