package import Support

extension ValueSelector {

  /// Creates the selector that `pattern` writes as rules of a schedule do, without an operation, `h.{0..2}.mlp.**`, or with `*` for some
  /// characters of a part, `h.*.attn.w*`.
  ///
  /// Returns `nil` iff it is none.
  package init?(pattern: String, span: SourceSpan) {
    var segments: [Segment] = []
    var rest = pattern[...]
    while true {
      let part =
        rest.first == "{" ? rest.prefix { $0 != "}" } + (rest.contains("}") ? "}" : "") : rest.prefix { $0 != "." }
      guard let segment = Segment(text: String(part)) else { return nil }
      segments.append(segment)
      rest = rest.dropFirst(part.count)
      if rest.isEmpty { break }
      if rest.removeFirst() != "." { return nil }
    }
    self.init(segments: segments, operation: nil, span: span)
  }

}

extension ValueSelector.Segment {

  /// Creates the segment that `text` writes, or returns `nil` if it is none.
  fileprivate init?(text: String) {
    if text == "*" {
      self = .any
    } else if text == "**" {
      self = .anyDepth
    } else if text.hasPrefix("{") {
      guard let range = Self.range(text.dropFirst().dropLast()), text.hasSuffix("}") else { return nil }
      self = range
    } else {
      guard !text.isEmpty, text.utf8.allSatisfy({ Self.isWord($0) || $0 == UInt8(ascii: "*") }) else { return nil }
      guard !text.contains("**") else { return nil }
      self = text.contains("*") ? .pattern(text) : .name(text)
    }
  }

  private static func range(_ text: Substring) -> Self? {
    guard let dots = text.firstRange(of: ".."), let low = Int(text[..<dots.lowerBound]),
      let high = Int(text[dots.upperBound...]), low >= 0, low <= high
    else { return nil }
    return .range(low, high)
  }

  private static func isWord(_ b: UInt8) -> Bool {
    (b >= 97 && b <= 122) || (b >= 65 && b <= 90) || (b >= 48 && b <= 57) || b == 95
  }

}
