extension ValueSelector {

  /// `true` iff the value at `path`, computed by `mnemonic`, is selected.
  ///
  /// - Complexity: O(*s*·*p*) for *s* segments and *p* parts of the path.
  package func matches(path: String, mnemonic: String) -> Bool {
    if let operation, operation != mnemonic { return false }
    return matches(parts: path.split(separator: ".", omittingEmptySubsequences: false))
  }

  private func matches(parts: [Substring]) -> Bool {
    // reached[j]: the segments so far match the first j parts
    var reached = [true] + [Bool](repeating: false, count: parts.count)
    for s in segments {
      var next = [Bool](repeating: false, count: parts.count + 1)
      for j in reached.indices {
        if s == .anyDepth {
          next[j] = reached[j] || (j > 0 && next[j - 1])
        } else if j > 0 {
          next[j] = reached[j - 1] && s.matches(parts[j - 1])
        }
      }
      reached = next
    }
    return reached[parts.count]
  }

  /// How exact the selector is: the number of names and ranges, then of single wildcards, then whether it names an operation.
  package var specificity: [Int] {
    var (names, wildcards) = (0, 0)
    for s in segments {
      switch s {
      case .name, .range: names += 1
      case .any, .pattern: wildcards += 1
      case .anyDepth: continue
      }
    }
    return [names, wildcards, operation == nil ? 0 : 1]
  }

}

extension ValueSelector.Segment {

  /// `true` iff the part of a path is this segment, or a version `x~2` of it.
  fileprivate func matches(_ part: Substring) -> Bool {
    switch self {
    case .name(let n): part == n || part.prefix { $0 != "~" } == n
    case .range(let low, let high): Int(part).map { low <= $0 && $0 <= high } ?? false
    case .pattern(let p): Self.matches(part, p) || Self.matches(part.prefix { $0 != "~" }, p)
    case .any, .anyDepth: true
    }
  }

  /// `true` iff `text` is `pattern` with characters in the place of each `*`.
  ///
  /// - Complexity: O(*n*·*m*).
  private static func matches(_ text: Substring, _ pattern: String) -> Bool {
    let text = Array(text.utf8)
    // reached[j]: the pattern so far matches the first j bytes
    var reached = [true] + [Bool](repeating: false, count: text.count)
    for c in pattern.utf8 {
      var next = [Bool](repeating: false, count: text.count + 1)
      for j in reached.indices {
        next[j] =
          c == UInt8(ascii: "*") ? reached[j] || (j > 0 && next[j - 1]) : j > 0 && reached[j - 1] && text[j - 1] == c
      }
      reached = next
    }
    return reached[text.count]
  }

}
