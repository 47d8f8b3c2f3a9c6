import Support

extension Attention {

  /// Where the heads of queries, keys, values and the result lie.
  ///
  /// Heads that lie in one row are read and written where they are, with no copy for each head.
  package enum Heads: Hashable, Sendable {

    /// Each leading index is a head: `q[..,T,D]`, `k[..,S,D]`, `v[..,S,E]` give `[..,T,E]`.
    case apart

    /// *H* heads side by side in each row: `q[..,T,H·D]`, `k[..,S,H·D]`, `v[..,S,H·E]` give `[..,T,H·E]`.
    case sideBySide(Int)

    /// The *H* heads of values and result side by side in each row, those of queries and keys with an index of their own:
    /// `q[..,H,T,D]`, `k[..,H,S,D]`, `v[..,S,H·E]` give `[..,T,H·E]`.
    case valuesSideBySide(Int)

    /// One operand whose rows have the *H* heads of the queries, then those of the keys, then those of the values:
    /// `[..,T,3·H·D]` gives `[..,T,H·D]`.
    case packed(Int)

    /// How many operands have queries, keys and values.
    package var operandCount: Int {
      switch self {
      case .apart, .sideBySide, .valuesSideBySide: 3
      case .packed: 1
      }
    }

    /// The number of heads in a row of values.
    package var count: Int {
      switch self {
      case .apart: 1
      case .sideBySide(let h), .valuesSideBySide(let h), .packed(let h): h
      }
    }

    var attributes: [Attribute] {
      switch self {
      case .apart: []
      case .sideBySide(let h): [.init("heads", .integer(h))]
      case .valuesSideBySide(let h): [.init("heads", .integer(h)), .init("only_values", .boolean(true))]
      case .packed(let h): [.init("heads", .integer(h)), .init("packed", .boolean(true))]
      }
    }

    init(_ reader: inout AttributeReader) {
      guard reader.peek("heads") != nil else {
        self = .apart
        return
      }
      let heads = reader.integer("heads")
      if heads < 1 { reader.fail() }
      let (isPacked, isOfValues) = (reader.flag("packed"), reader.flag("only_values"))
      if isPacked && isOfValues { reader.fail() }
      self = isPacked ? .packed(heads) : isOfValues ? .valuesSideBySide(heads) : .sideBySide(heads)
    }

    /// The extents of queries, keys and values if every head had an index of its own.
    struct Extents {
      let q: [Int]
      let k: [Int]
      let v: [Int]
    }

    /// Returns the extents of `operands` if every head had an index of its own.
    ///
    /// - Throws: where the heads do not divide a row.
    func apart(_ operands: [TensorType], _ mnemonic: String) throws(ShapeError) -> Extents {
      let all = operands.map(\.extents)
      switch self {
      case .apart: return .init(q: all[0], k: all[1], v: all[2])
      case .sideBySide(let h):
        return .init(
          q: try Self.split(all[0], h, 1, mnemonic), k: try Self.split(all[1], h, 1, mnemonic),
          v: try Self.split(all[2], h, 1, mnemonic))
      case .valuesSideBySide(let h):
        guard all[0].count >= 3, all[0][all[0].count - 3] == h else {
          throw .init("\(mnemonic) takes queries of \(h) heads, not \(operands[0])")
        }
        return .init(q: all[0], k: all[1], v: try Self.split(all[2], h, 1, mnemonic))
      case .packed(let h):
        let x = try Self.split(all[0], h, 3, mnemonic)
        return .init(q: x, k: x, v: x)
      }
    }

    /// Returns `[..,T,parts·heads·D]` as `[..,heads,T,D]`.
    private static func split(
      _ x: [Int], _ heads: Int, _ parts: Int, _ mnemonic: String
    ) throws(ShapeError) -> [Int] {
      let columns = parts.multipliedSaturating(by: heads)
      guard x.count >= 2, let width = x.last, width % columns == 0 else {
        throw .init("\(mnemonic) takes rows of a multiple of \(columns) numbers, not \(TensorType(.f32, x))")
      }
      return x.dropLast(2) + [heads, x[x.count - 2], width / columns]
    }

    /// Returns the extents of the result that would be `y`, `[..,T,E]`, if every head had an index of its own.
    func joined(_ y: [Int]) -> [Int] {
      switch self {
      case .apart: return y
      case .sideBySide(let h), .valuesSideBySide(let h), .packed(let h):
        let n = y.count
        return y.dropLast(3) + [y[n - 2], h.multipliedSaturating(by: y[n - 1])]
      }
    }

  }

}

/// The extents and strides of an attention, in elements, as kernels take them.
package struct AttentionLayout: Sendable {

  /// The number of independent attentions.
  package let heads: Int

  /// The number of rows of each.
  package let queries: Int

  package let keys: Int

  /// The numbers of a query or key of one head.
  package let width: Int

  package let valueWidth: Int

  /// How many heads lie side by side in a row of queries and keys.
  package let group: Int

  /// How many heads lie side by side in a row of values and of the result.
  package let valueGroup: Int

  /// From one row to the next.
  package let strides: (q: Int, k: Int, v: Int, y: Int)

  /// Creates the layout of attention of `operands`, of which only those that have queries, keys and values are looked at.
  ///
  /// - Requires: the operands passed `Attention.resultTypes`.
  package init(_ heads: Attention.Heads, _ operands: [TensorType]) {
    let apart: Attention.Heads.Extents
    do { apart = try heads.apart(operands, "attention") } catch { preconditionFailure("\(error)") }
    let n = apart.q.count
    (queries, keys) = (apart.q[n - 2], apart.k[n - 2])
    (width, valueWidth) = (apart.k[n - 1], apart.v[n - 1])
    valueGroup = heads.count
    if case .valuesSideBySide = heads { group = 1 } else { group = heads.count }
    self.heads = apart.q.dropLast(2).reduce(1, *)
    switch heads {
    case .apart, .sideBySide, .valuesSideBySide:
      strides = (group * width, group * width, valueGroup * valueWidth, valueGroup * valueWidth)
    case .packed: strides = (3 * group * width, 3 * group * width, 3 * group * width, valueGroup * valueWidth)
    }
  }

}
