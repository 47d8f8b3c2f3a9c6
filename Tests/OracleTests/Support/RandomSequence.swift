import Operations
import Support
import TestSupport

/// Makes sequences of elementwise operations with others between, whose results take the places of operands or of values
/// that are dead, somewhere in a small piece of memory.
struct RandomSequence {

  private var random: SplitMix

  private var sequence: PlacedSequence

  /// The type of most values.
  private let type: TensorType

  /// Types that stretch to it.
  private let narrow: [TensorType]

  /// Offsets are multiples of it.
  private let alignment: Int

  private let poison: Bool

  /// Values that are never deleted, and are written by updates alone.
  private var storage: [PlacedSequence.Value] = []

  /// The extents of most values of a sequence.
  private static let shapes = [
    [2, 3, 4, 4], [3, 5], [7], [2, 3, 2, 2], [16, 36], [1], [5, 1, 4], [3, 700], [2, 3, 4, 2, 3],
  ]

  private static let unary: [UnaryFunction] = [.neg, .relu, .tanh, .sigmoid, .square, .gelu, .silu, .abs]

  private static let binary: [BinaryFunction] = [.add, .sub, .mul, .maximum, .minimum]

  /// Returns the sequence of number `seed`.
  static func make(_ seed: Int) -> PlacedSequence {
    var maker = RandomSequence(seed)
    for _ in 0..<40 { maker.addInstruction() }
    return maker.sequence
  }

  private init(_ seed: Int) {
    random = SplitMix(seed: UInt64(seed))
    let extents = Self.shapes[seed % Self.shapes.count]
    type = .init(.f32, extents)
    alignment = [4, 16, 256].randomElement(using: &random)!
    poison = Bool.random(using: &random)
    var narrow = [TensorType(.f32, []), TensorType(.f32, Array(extents.suffix(1)))]
    for axes in 0..<(1 << extents.count) {
      narrow.append(.init(.f32, extents.indices.map { axes >> $0 & 1 == 1 ? extents[$0] : 1 }))
    }
    let type = type
    self.narrow = narrow.filter { $0 != type }.shuffled(using: &random).prefix(3) + [TensorType(.f32, [])]
    sequence = .init(byteCount: 9 * max(type.size.value, 64) + 4096)
    for t in [type, type, type] + self.narrow { _ = place(t) }
    storage = [place(type)].compactMap(\.self)
  }

  /// Gives a place that no value overlaps to a new value; `nil` if none is found.
  private mutating func place(_ type: TensorType) -> PlacedSequence.Value? {
    for _ in 0..<20 {
      let offset = Int.random(in: 0...(sequence.byteCount - type.size.value), using: &random) / alignment * alignment
      let value = PlacedSequence.Value(offset: offset, type: type)
      if sequence.live.contains(where: value.overlaps) { continue }
      sequence.live.append(value)
      return value
    }
    return nil
  }

  private mutating func value(of types: [TensorType]) -> PlacedSequence.Value? {
    sequence.live.filter { types.contains($0.type) }.randomElement(using: &random)
  }

  private mutating func addInstruction() {
    switch Int.random(in: 0..<20, using: &random) {
    case 0..<9: addWide()
    case 9: addNarrow()
    case 10: addSum()
    case 11: addAssign()
    case 12: addBroadcast()
    case 13: add(.elementwise(.constant(Double.random(in: -1...1, using: &random))), [], .init(.f32, []))
    case _: deleteOne()
    }
  }

  /// Adds an elementwise operation of values of the usual type and of others that stretch to it.
  private mutating func addWide() {
    guard let x = value(of: [type]), let y = value(of: [type] + narrow) else { return }
    let operands = Bool.random(using: &random) ? [x, y] : [y, x]
    switch Int.random(in: 0..<6, using: &random) {
    case 0: add(.elementwise(.unary(Self.unary.randomElement(using: &random)!)), [x], type)
    case 1: add(.elementwise(.unaryGradient([.relu, .tanh, .gelu].randomElement(using: &random)!)), [x, x], type)
    case 2: add(.random(.dropout(rate: 0.3, key: "key \(x.offset)")), [x], type)
    case _: add(.elementwise(.binary(Self.binary.randomElement(using: &random)!)), operands, type)
    }
  }

  private mutating func addNarrow() {
    guard let x = value(of: narrow) else { return }
    add(.elementwise(.unary(Self.unary.randomElement(using: &random)!)), [x], x.type)
  }

  private mutating func addSum() {
    guard let x = value(of: [type]), let t = narrow.randomElement(using: &random) else { return }
    add(.reduction(.sumTo(extents: t.extents)), [x], t)
  }

  private mutating func addBroadcast() {
    guard let x = value(of: narrow) else { return }
    add(.reduction(.broadcast(extents: type.extents, inserted: [])), [x], type)
  }

  private mutating func addAssign() {
    guard let x = value(of: [type]), let s = storage.randomElement(using: &random), x != s else { return }
    sequence.instructions.append(.compute(.state(.assign), operands: [s, x], results: []))
  }

  /// Adds an operation, whose result takes the place of an operand or one that is free.
  private mutating func add(_ f: Operation, _ operands: [PlacedSequence.Value], _ result: TensorType) {
    let dying = f.overwritable(operands.map(\.type), [result]).map { operands[$0] }.filter { !storage.contains($0) }
    if let taken = dying.randomElement(using: &random), Int.random(in: 0..<5, using: &random) < 2 {
      sequence.instructions.append(.compute(f, operands: operands, results: [taken]))
    } else if let place = place(result) {
      sequence.instructions.append(.compute(f, operands: operands, results: [place]))
    }
  }

  private mutating func deleteOne() {
    let candidates = sequence.live.filter { !storage.contains($0) }
    guard candidates.count > 4, let dead = candidates.randomElement(using: &random) else { return }
    sequence.live.removeAll { $0 == dead }
    sequence.instructions.append(.delete(dead, poison: poison))
  }

}
