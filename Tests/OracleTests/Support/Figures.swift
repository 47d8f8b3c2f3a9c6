import Glibc

/// The worst errors seen, printed for people who set `CGAD_FIGURES`.
enum Figures {

  private static let isWanted = getenv("CGAD_FIGURES") != nil

  /// Prints a line about `name`, where figures are wanted.
  static func report(_ name: String, _ value: String) {
    if isWanted { print("figure: \(name): \(value)") }
  }

}

/// The greatest relative error of some comparisons.
struct WorstError {

  private(set) var value = 0.0

  private(set) var place = ""

  /// Takes the difference of `actual` and `expected`, relative to the latter's magnitude but at least to `floor`.
  mutating func add(_ actual: Double, _ expected: Double, floor: Double, _ place: @autoclosure () -> String) {
    if actual == expected || (actual.isNaN && expected.isNaN) { return }
    let error = abs(actual - expected) / max(abs(expected), floor)
    if error > value || error.isNaN { (value, self.place) = (error.isNaN ? .infinity : error, place()) }
  }

  /// Takes all elements of a tensor, relative to each but at least to `part` of the greatest.
  mutating func add(_ actual: [Double], _ expected: [Double], part: Double, _ name: String) {
    let greatest = expected.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
    add(actual, expected, floor: max(part * greatest, .leastNormalMagnitude), name)
  }

  /// Takes all elements of a tensor, relative to each but at least to `floor`.
  mutating func add(_ actual: [Double], _ expected: [Double], floor: Double, _ name: String) {
    if actual.count != expected.count { (value, place) = (.infinity, "\(name): \(actual.count) elements") }
    for (i, (a, e)) in zip(actual, expected).enumerated() {
      add(a, e, floor: floor, "\(name)[\(i)]: \(a), expected \(e)")
    }
  }

}
