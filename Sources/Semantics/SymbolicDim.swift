/// A size with the expression over declared dims that it stands for.
///
/// Dims are nominal: two are equal iff their expanded expressions are, whatever their sizes. Expressions are kept in a
/// canonical form, sums of products of powers of declared dims, so that `H * (D / H)` is `D`.
struct SymbolicDim: Hashable, Sendable {

  /// A declared dim, or an expression that cannot be taken apart, to some power.
  struct Factor: Hashable, Sendable {
    let atom: String
    var exponent: Int
  }

  /// A rational number times a product of factors, which are in order of their atoms.
  struct Term: Hashable, Sendable {
    var numerator: Int
    var denominator: Int
    var factors: [Factor]
  }

  /// The canonical form: terms in order of their factors' text, none zero.
  let terms: [Term]

  /// The number of elements.
  let size: Int

  /// A number without a name.
  init(literal size: Int) {
    terms = size == 0 ? [] : [.init(numerator: size, denominator: 1, factors: [])]
    self.size = size
  }

  /// The dim called `name`.
  init(named name: String, size: Int) {
    terms = [.init(numerator: 1, denominator: 1, factors: [.init(atom: name, exponent: 1)])]
    self.size = size
  }

  private init(terms: [Term], size: Int) {
    self.terms = terms
    self.size = size
  }

  /// The number, if no dim occurs.
  var literal: Int? { terms.allSatisfy { $0.factors.isEmpty } ? size : nil }

  /// `true` iff it is the literal 1, which stretches.
  var isOne: Bool { size == 1 && literal != nil }

  /// Two dims are equal iff their canonical forms are.
  static func == (l: Self, r: Self) -> Bool { l.terms == r.terms }

  func hash(into hasher: inout Hasher) { hasher.combine(terms) }

}

extension SymbolicDim {

  /// Why arithmetic on dims has no result.
  enum ArithmeticFailure: Error, Hashable {
    case overflow
    case notWhole
    case divisionByZero

    /// There are more terms or factors than people write.
    case tooLong
  }

  /// The most terms of a sum, factors of a product, and bytes of a sum that divides.
  private static let lengthLimit = 64

  func adding(_ other: SymbolicDim, negated: Bool) throws(ArithmeticFailure) -> SymbolicDim {
    let (sum, overflow) =
      negated ? size.subtractingReportingOverflow(other.size) : size.addingReportingOverflow(other.size)
    if overflow { throw .overflow }
    var result = terms
    for t in other.terms {
      var signed = t
      if negated { signed.numerator = try Self.multiplied(signed.numerator, -1) }
      try Self.add(signed, to: &result)
    }
    return .init(terms: Self.canonical(result), size: sum)
  }

  func multiplied(by other: SymbolicDim) throws(ArithmeticFailure) -> SymbolicDim {
    let (product, overflow) = size.multipliedReportingOverflow(by: other.size)
    if overflow { throw .overflow }
    var result: [Term] = []
    for a in terms {
      for b in other.terms { try Self.add(try Self.product(a, b), to: &result) }
    }
    return .init(terms: Self.canonical(result), size: product)
  }

  /// Divides, exactly.
  func divided(by other: SymbolicDim) throws(ArithmeticFailure) -> SymbolicDim {
    if other.size == 0 { throw .divisionByZero }
    let (quotient, overflow) = size.dividedReportingOverflow(by: other.size)
    if overflow { throw .overflow }
    if self == other { return .init(literal: 1) }
    guard quotient * other.size == size else { throw .notWhole }
    if let exact = (try? exactQuotient(by: other)) ?? nil { return .init(terms: exact, size: quotient) }
    let inverse = try other.inverse()
    var result: [Term] = []
    for a in terms { try Self.add(try Self.product(a, inverse), to: &result) }
    return .init(terms: Self.canonical(result), size: quotient)
  }

  /// Returns the terms of the quotient by a sum that divides `self` as polynomials do, or `nil` if it does not.
  ///
  /// Long division by the leading term; `2 * (A + E) / (A + E)` is 2.
  private func exactQuotient(by other: SymbolicDim) throws(ArithmeticFailure) -> [Term]? {
    guard other.terms.count > 1, let lead = other.terms.max(by: Self.precedes), lead.numerator != .min else {
      return nil
    }
    let inverse = Term(
      numerator: lead.numerator < 0 ? -lead.denominator : lead.denominator, denominator: abs(lead.numerator),
      factors: lead.factors.map { .init(atom: $0.atom, exponent: -$0.exponent) })
    var (rest, quotient) = (terms, [Term]())
    for _ in 0..<Self.divisionLimit {
      guard let first = rest.max(by: Self.precedes) else { return Self.canonical(quotient) }
      let t = try Self.product(first, inverse)
      try Self.add(t, to: &quotient)
      for u in other.terms {
        var product = try Self.product(t, u)
        product.numerator = try Self.multiplied(product.numerator, -1)
        try Self.add(product, to: &rest)
      }
      rest.removeAll { $0.numerator == 0 }
    }
    return nil
  }

  /// The most terms of a quotient by a sum.
  private static let divisionLimit = 8

  /// The lexicographic order of monomials, which products keep.
  private static func precedes(_ a: Term, _ b: Term) -> Bool {
    let atoms = Set((a.factors + b.factors).map(\.atom)).sorted()
    func exponent(_ atom: String, _ t: Term) -> Int { t.factors.first { $0.atom == atom }?.exponent ?? 0 }
    for atom in atoms where exponent(atom, a) != exponent(atom, b) { return exponent(atom, a) < exponent(atom, b) }
    return false
  }

  /// The remainder, which has no expression over dims.
  func remainder(by other: SymbolicDim) throws(ArithmeticFailure) -> SymbolicDim {
    if other.size == 0 { throw .divisionByZero }
    return .init(literal: size.remainderReportingOverflow(dividingBy: other.size).partialValue)
  }

  /// One over the dim; a sum becomes an atom of its own.
  private func inverse() throws(ArithmeticFailure) -> Term {
    if terms.count == 1 {
      let t = terms[0]
      if t.numerator == .min { throw .overflow }
      let factors = t.factors.map { Factor(atom: $0.atom, exponent: -$0.exponent) }
      let sign = t.numerator < 0 ? -1 : 1
      return .init(numerator: sign * t.denominator, denominator: abs(t.numerator), factors: factors)
    }
    let atom = "(\(expression))"
    if atom.utf8.count > Self.lengthLimit { throw .tooLong }
    return .init(numerator: 1, denominator: 1, factors: [.init(atom: atom, exponent: -1)])
  }

  private static func add(_ t: Term, to terms: inout [Term]) throws(ArithmeticFailure) {
    guard let i = terms.firstIndex(where: { $0.factors == t.factors }) else {
      if terms.count == lengthLimit { throw .tooLong }
      terms.append(t)
      return
    }
    let u = terms[i]
    let left = try multiplied(t.numerator, u.denominator)
    let right = try multiplied(u.numerator, t.denominator)
    let (sum, overflow) = left.addingReportingOverflow(right)
    if overflow { throw .overflow }
    terms[i] = reduced(sum, try multiplied(t.denominator, u.denominator), t.factors)
  }

  private static func product(_ a: Term, _ b: Term) throws(ArithmeticFailure) -> Term {
    var factors = a.factors
    for f in b.factors {
      if let i = factors.firstIndex(where: { $0.atom == f.atom }) {
        factors[i].exponent += f.exponent
      } else {
        factors.append(f)
      }
    }
    factors = factors.filter { $0.exponent != 0 }.sorted { $0.atom < $1.atom }
    if factors.reduce(0, { $0 + abs($1.exponent) }) > lengthLimit { throw .tooLong }
    return reduced(try multiplied(a.numerator, b.numerator), try multiplied(a.denominator, b.denominator), factors)
  }

  private static func multiplied(_ a: Int, _ b: Int) throws(ArithmeticFailure) -> Int {
    let (p, overflow) = a.multipliedReportingOverflow(by: b)
    if overflow { throw .overflow }
    return p
  }

  private static func reduced(_ numerator: Int, _ denominator: Int, _ factors: [Factor]) -> Term {
    var (a, b) = (numerator.magnitude, denominator.magnitude)
    while b != 0 { (a, b) = (b, a % b) }
    let g = max(1, Int(clamping: a))
    return .init(numerator: numerator / g, denominator: denominator / g, factors: factors)
  }

  private static func canonical(_ terms: [Term]) -> [Term] {
    terms.filter { $0.numerator != 0 }.sorted { $0.factorText < $1.factorText }
  }

}

extension SymbolicDim.Term {

  /// The factors as text, by which terms are ordered.
  fileprivate var factorText: String {
    factors.map { $0.exponent == 1 ? $0.atom : "\($0.atom)^\($0.exponent)" }.joined(separator: " * ")
  }

  /// The term as people write it: `3 * D / H`.
  fileprivate var text: String {
    let above = factors.filter { $0.exponent > 0 }.flatMap { Array(repeating: $0.atom, count: $0.exponent) }
    let below = factors.filter { $0.exponent < 0 }.flatMap { Array(repeating: $0.atom, count: -$0.exponent) }
    var products = numerator == 1 && !above.isEmpty ? above : ["\(numerator)"] + above
    if products.isEmpty { products = ["1"] }
    return ([products.joined(separator: " * ")] + (denominator == 1 ? [] : ["\(denominator)"]) + below).joined(
      separator: " / ")
  }

}

extension SymbolicDim: CustomStringConvertible {

  /// The expression over declared dims.
  var expression: String { terms.isEmpty ? "0" : terms.map(\.text).joined(separator: " + ") }

  /// The description, cut short where it is long.
  var brief: String {
    let text = description
    return text.count <= 60 ? text : "\(text.prefix(60)) …"
  }

  /// The expression, followed by the size unless it is a number: `D = 192`.
  var description: String { literal == nil ? "\(expression) = \(size)" : expression }

}
