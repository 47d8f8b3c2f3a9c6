import Support

/// Bytes on an axis, with round numbers as ticks.
struct ChartScale {

  /// The greatest value on the axis.
  let limit: Int

  /// The values that are labelled, ascending from 0.
  let ticks: [Int]

  /// The unit of the labels.
  private let unit: (name: String, size: Int)

  /// Creates the scale for values up to `most`.
  init(upTo most: Int) {
    let units = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)]
    unit = units.first { most >= $0.1 } ?? ("B", 1)
    let wanted = max(1, Double(most) / Double(unit.size) / 5)
    var step = 1.0
    while step * 10 <= wanted { step *= 10 }
    let factor = [1.0, 2, 5, 10].first { $0 * step >= wanted } ?? 10
    let distance = max(1, Int(factor * step * Double(unit.size)))
    let size = Double(most) * 1.06
    limit = max(1, Int(size))
    ticks = Array(stride(from: 0, through: limit, by: distance))
  }

  /// Returns the label of a tick.
  func label(_ tick: Int) -> String { "\(tick / unit.size) \(unit.name)" }

}
