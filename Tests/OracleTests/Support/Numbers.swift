import Operations
import Support

/// Which numbers an operand may have.
enum Domain: Hashable, Sendable {

  /// In ±2.
  case any

  /// In ±0.5.
  case small

  /// In [0.3, 2.3).
  case positive

  /// In ±0.9, where the inverses of sine and hyperbolic tangent are.
  case fraction

  /// In [1.3, 3.3), where the inverse of the hyperbolic cosine is.
  case aboveOne

  /// All different, 0.25 apart at least, so that a finite difference does not change which is the greatest.
  case distinct

  /// Of magnitude at least 0.2, so that a finite difference does not meet a kink or a pole at 0.
  case awayFromZero

  /// In ±40, to meet saturation.
  case wide

  /// Whole numbers in [0, classes).
  case labels(classes: Int)

  /// 0 or 1.
  case truth

  /// A few whole numbers, so that many are equal.
  case steps

}

/// Numbers that are the same in every run.
struct Numbers {

  private var state: UInt64

  /// Creates a sequence that depends on `name` alone.
  init(_ name: String) { state = StableHash.fnv1a(name) }

  /// Returns the next number in [0, 1), exact in f32.
  ///
  /// - Source: Steele, Lea, Flood, Fast splittable pseudorandom number generators, 2014.
  mutating func unit() -> Double {
    state = state &+ 0x9e37_79b9_7f4a_7c15
    let a = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
    let b = (a ^ a >> 27) &* 0x94d0_49bb_1331_11eb
    return Double((b ^ b >> 31) >> 40) / 16_777_216
  }

  /// Returns the next number of `domain`, exact in f32.
  mutating func next(_ domain: Domain) -> Double {
    let u = unit()
    let x =
      switch domain {
      case .any: 4 * u - 2
      case .small: u - 0.5
      case .positive: 0.3 + 2 * u
      case .awayFromZero: u < 0.5 ? -(0.2 + 2 * u) : 0.2 + 2 * (u - 0.5)
      case .fraction: 1.8 * u - 0.9
      case .aboveOne: 1.3 + 2 * u
      case .distinct: 4 * u - 2
      case .wide: 80 * u - 40
      case .labels(let classes): (u * Double(classes)).rounded(.down)
      case .truth: u < 0.5 ? 0.0 : 1.0
      case .steps: (5 * u).rounded(.down) - 2
      }
    return Double(Float(x))
  }

  /// Returns a tensor of the next numbers of `domain`.
  mutating func tensor(_ extents: [Int], _ domain: Domain) -> ReferenceTensor {
    if domain == .distinct { return distinct(extents) }
    return .init(extents, (0..<extents.reduce(1, *)).map { (_) in next(domain) })
  }

  /// Returns quarters around 0, shuffled.
  private mutating func distinct(_ extents: [Int]) -> ReferenceTensor {
    let count = extents.reduce(1, *)
    let keys = (0..<count).map { (_) in unit() }
    let order = keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
    return .init(extents, order.map { 0.25 * Double($0 - count / 2) })
  }

}
