import Foundation
import Runtime
import Semantics
import Testing

/// What PyTorch computed for a model of `samples/`; `scripts/peer_models.py` says how.
struct TorchSample: Decodable, Sendable, CustomStringConvertible, CustomTestStringConvertible {

  /// A parameter or an input, whose elements are a function of their positions.
  struct Value: Decodable, Sendable {

    let name: String

    let shape: [Int]

    let salt: UInt32

    /// Of a tensor of numbers: what they lie around, and how far.
    let around: Double?

    let scale: Double?

    /// Of a tensor of labels: the number of classes.
    let classes: Double?

    /// The elements.
    var elements: [Double] {
      HashedNumbers.all(shape.reduce(1, *), salt: salt).map { (u) in
        if let classes { return ((u + 1) / 2 * classes).rounded(.down) }
        return Double(Float((around ?? 0) + u * (scale ?? 1)))
      }
    }

  }

  /// What is stored of a tensor.
  struct Summary: Decodable, Sendable {

    let norm: Double

    /// The sum of the elements, each times the hashed number at its position.
    let product: Double

    let greatest: Double

    /// The elements at `positions`.
    let elements: [Double]

    /// Returns where the elements of a tensor of `count` stand.
    static func positions(of count: Int) -> [Int] { (0..<4).map { ($0 * 104_729 + 12_345) % count } }

  }

  let name: String

  /// The sizes of dims, which make the model small.
  let dims: [String: Int]

  let values: [Value]

  /// How far PyTorch's own losses in f32 are from those in f64; `nil` for the numbers that are stored.
  let rounding: Double?

  let losses: [Double]

  /// The loss of the evaluation program after the last step.
  let evaluation: Double

  let gradients: [String: Summary]

  /// State after the last step.
  let state: [String: Summary]

  var testDescription: String { name }

  var description: String { name }

  /// All samples that have a model in PyTorch.
  static let all = (try? TorchFile.decoded([TorchSample].self, "samples.json")) ?? []

}

/// Numbers in [−1, 1) that `hashed` of `scripts/peer_models.py` computes too.
///
/// - Source: the function `lowbias32` of C. Wellons, Prospecting for hash functions, 2018.
enum HashedNumbers {

  static func all(_ count: Int, salt: UInt32) -> [Double] {
    (0..<count).map { (i) in
      var x = UInt32(truncatingIfNeeded: i) &+ salt << 24
      x = (x ^ x >> 16) &* 0x7feb_352d
      x = (x ^ x >> 15) &* 0x846c_a68b
      x ^= x >> 16
      return Double(x >> 8) / 8_388_608 - 1
    }
  }

}

extension WorstError {

  /// Takes a tensor of which a summary is known, relative to its norm, but at least to `floor`.
  mutating func add(_ actual: [Double], _ expected: TorchSample.Summary, floor: Double, _ name: String) {
    let norm = actual.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let product = zip(actual, HashedNumbers.all(actual.count, salt: 255)).reduce(0) { $0 + $1.0 * $1.1 }
    let greatest = actual.reduce(0) { max($0, abs($1)) }
    let scale = max(floor, expected.norm)
    add(norm, expected.norm, floor: scale, "\(name): norm \(norm), expected \(expected.norm)")
    add(product, expected.product, floor: scale, "\(name): product \(product), expected \(expected.product)")
    add(greatest, expected.greatest, floor: scale, "\(name): greatest \(greatest), expected \(expected.greatest)")
    add(TorchSample.Summary.positions(of: actual.count).map { actual[$0] }, expected.elements, floor: scale, name)
  }

}
