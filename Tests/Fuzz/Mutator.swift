/// Makes inputs: the same for the same seed and index.
struct Mutator {

  /// The most bytes of an input but for rare long ones.
  private static let sizeLimit = 64 << 10

  private let seeds: [[UInt8]]

  var random = SplitMix(seed: 0)

  /// The input being made.
  var bytes: [UInt8] = []

  init(_ seeds: Seeds) { self.seeds = seeds.texts }

  /// Returns the input `index` of the sequence `seed`.
  mutating func input(seed: UInt64, index: UInt64) -> [UInt8] {
    random = .init(seed: seed, index: index)
    bytes = start()
    for _ in 0..<random.pick([1, 1, 1, 2, 3, 5]) { mutate() }
    if bytes.count > Self.sizeLimit { bytes.removeSubrange(Self.sizeLimit...) }
    return bytes
  }

  /// Returns what is mutated: mostly a seed, sometimes noise.
  private mutating func start() -> [UInt8] {
    switch random.below(40) {
    case 0: (0..<random.below(300)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    case 1: noise(of: Vocabulary.tokens, between: " ")
    case 2: noise(of: Vocabulary.tokens + Vocabulary.numbers + Vocabulary.damage, between: "")
    case _: seed()
    }
  }

  private mutating func noise(of pieces: [[UInt8]], between blank: String) -> [UInt8] {
    (0..<random.below(200)).flatMap { _ in random.pick(pieces) + Array(blank.utf8) }
  }

  /// Returns a seed.
  mutating func seed() -> [UInt8] { seeds.isEmpty ? Array("dim B = 1\n".utf8) : random.pick(seeds) }

  private mutating func mutate() {
    switch random.below(24) {
    case 0: mutateByte()
    case 1: insert(random.pick(Vocabulary.damage))
    case 2...4: mutateToken()
    case 5...11: mutateWord()
    case 12...14: mutateLine()
    case 15: splice()
    case 16...19: mutateNumber()
    case 20: nest()
    case _: mutateGroup()
    }
  }

  /// Puts `part` somewhere.
  mutating func insert(_ part: [UInt8]) { bytes.insert(contentsOf: part, at: random.below(bytes.count + 1)) }

  private mutating func mutateByte() {
    switch random.below(4) {
    case 0: insert([UInt8(truncatingIfNeeded: random.next())])
    case 1: bytes.removeSubrange(random.range(within: bytes.count, atMost: 8))
    case 2: insert(Array(bytes[random.range(within: bytes.count, atMost: 30)]))
    case _: if !bytes.isEmpty { bytes[random.below(bytes.count)] ^= 1 << UInt8(random.below(8)) }
    }
  }

  /// Goes on with another seed from somewhere.
  private mutating func splice() {
    let other = seed()
    let lines = (mine: Pieces.lines(of: bytes), other: Pieces.lines(of: other))
    guard !lines.mine.isEmpty, !lines.other.isEmpty else { return }
    let cut = random.pick(lines.mine).lowerBound
    bytes = Array(bytes[..<cut]) + Array(other[random.pick(lines.other).lowerBound...])
  }

}
