/// The values that an instruction reads or defines.
///
/// A plan has two lists for each of its lines and most of them are short: up to three positions lie in the list itself.
package struct PlanValueList: Hashable, Sendable {

  private enum Content: Hashable, Sendable {

    /// So many positions as are not `none`.
    case few(UInt32, UInt32, UInt32)

    /// More of them, or such as are no positions of any value.
    case many([PlanValueIndex])

  }

  /// Stands where there is no position.
  private static let none = UInt32.max

  private let content: Content

  /// Creates a list of `values`.
  package init(_ values: some Collection<PlanValueIndex>) {
    if values.count > 3 || !values.allSatisfy({ $0 >= 0 && $0 < Int(Self.none) }) {
      content = .many(Array(values))
      return
    }
    var rest = values.makeIterator()
    func next() -> UInt32 { rest.next().map { UInt32($0) } ?? Self.none }
    content = .few(next(), next(), next())
  }

}

extension PlanValueList: RandomAccessCollection {

  package var startIndex: Int { 0 }

  package var endIndex: Int {
    switch content {
    case .few(let a, let b, let c): c != Self.none ? 3 : b != Self.none ? 2 : a != Self.none ? 1 : 0
    case .many(let values): values.count
    }
  }

  package subscript(position: Int) -> PlanValueIndex {
    precondition(position >= 0 && position < endIndex, "position out of range")
    switch content {
    case .few(let a, let b, let c): return Int(position == 0 ? a : position == 1 ? b : c)
    case .many(let values): return values[position]
    }
  }

}

extension PlanValueList: ExpressibleByArrayLiteral {

  package init(arrayLiteral elements: PlanValueIndex...) { self.init(elements) }

  /// Returns the values of `a`, then those of `b`.
  package static func + (a: Self, b: Self) -> [PlanValueIndex] { Array(a) + Array(b) }

}
