/// Mutations that know of tokens, lines, numbers and brackets.
extension Mutator {

  /// Replaces, removes, doubles or inserts a token.
  mutating func mutateToken() {
    let ranges = Pieces(bytes).ranges
    if ranges.isEmpty { return }
    let r = random.pick(ranges)
    switch random.below(5) {
    case 0: bytes.removeSubrange(r)
    case 1: bytes.insert(contentsOf: random.pick(Vocabulary.tokens), at: r.lowerBound)
    case 2: bytes.replaceSubrange(r, with: random.pick(Vocabulary.tokens))
    case 3: bytes.insert(contentsOf: Array(bytes[r]), at: random.pick(ranges).lowerBound)
    case _: bytes.replaceSubrange(r, with: foreignToken())
    }
  }

  private mutating func foreignToken() -> [UInt8] {
    let other = seed()
    return Array(other[random.pick(Pieces(other).ranges)])
  }

  /// Exchanges two words, or puts one in the place of another.
  mutating func mutateWord() {
    let ranges = Pieces(bytes).ranges.filter { Pieces.isWord(bytes[$0.lowerBound]) }
    if ranges.isEmpty { return }
    let (a, b) = (random.pick(ranges), random.pick(ranges))
    let (first, second) = a.lowerBound < b.lowerBound ? (a, b) : (b, a)
    let (x, y) = (Array(bytes[first]), Array(bytes[second]))
    bytes.replaceSubrange(second, with: x)
    if first != second, random.below(2) == 0 { bytes.replaceSubrange(first, with: y) }
  }

  /// Removes, doubles, moves or replaces lines.
  mutating func mutateLine() {
    let lines = Pieces.lines(of: bytes)
    if lines.isEmpty { return }
    let r = random.pick(lines)
    let text = Array(bytes[r])
    switch random.below(4) {
    case 0: bytes.removeSubrange(r)
    case 1: bytes.insert(contentsOf: text, at: random.pick(lines).lowerBound)
    case 2:
      let other = seed()
      bytes.insert(contentsOf: other[random.pick(Pieces.lines(of: other))], at: r.lowerBound)
    case _:
      bytes.insert(contentsOf: text, at: lines[lines.count - 1].upperBound)
      bytes.removeSubrange(r)
    }
  }

  /// Replaces a number by one that is at a border, or changes a digit.
  mutating func mutateNumber() {
    let numbers = Pieces(bytes).numbers
    if numbers.isEmpty { return insert(random.pick(Vocabulary.numbers)) }
    let r = random.pick(numbers)
    switch random.below(4) {
    case 0: bytes.replaceSubrange(r, with: Array("-".utf8) + random.pick(Vocabulary.numbers))
    case 1: bytes[r.lowerBound] = UInt8(ascii: "0") + UInt8(random.below(10))
    case _: bytes.replaceSubrange(r, with: random.pick(Vocabulary.numbers))
    }
  }

  /// Puts many brackets, bodies or operators around a part of the text.
  mutating func nest() {
    let ranges = Pieces(bytes).ranges
    if ranges.isEmpty { return }
    let r = random.pick(ranges)
    let (open, close) = random.pick(Vocabulary.nesting)
    let count = random.pick([2, 10, 50, 99, 100, 101, 300, 2000])
    bytes.insert(contentsOf: repeated(close, count), at: r.upperBound)
    bytes.insert(contentsOf: repeated(open, count), at: r.lowerBound)
  }

  /// Returns `text` many times, now and then on several lines.
  private mutating func repeated(_ text: String, _ count: Int) -> [UInt8] {
    let hasLines = random.below(2) == 0
    return (0..<count).flatMap { (i) in Array(text.utf8) + (hasLines && i % 50 == 49 ? [UInt8(ascii: "\n")] : []) }
  }

  /// Removes, doubles or replaces what stands between brackets.
  mutating func mutateGroup() {
    let groups = Pieces(bytes).groups
    if groups.isEmpty { return mutateToken() }
    let r = random.pick(groups)
    switch random.below(5) {
    case 0: bytes.removeSubrange(r)
    case 1: bytes.replaceSubrange((r.lowerBound + 1)..<(r.upperBound - 1), with: [])
    case 2: bytes.insert(contentsOf: Array(bytes[r]), at: r.upperBound)
    case 3: bytes.replaceSubrange(random.pick(groups), with: Array(bytes[r]))
    case _:
      let other = seed()
      let others = Pieces(other).groups
      if !others.isEmpty { bytes.replaceSubrange(r, with: other[random.pick(others)]) }
    }
  }

}
