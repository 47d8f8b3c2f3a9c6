package import Operations
import Support

/// What operations take on a machine: for each class the time as a function of FLOPs and bytes.
///
/// A class is all operations of one mnemonic. Its time is the greater of what the FLOPs take and what the bytes take that
/// are read and written: a product of large matrices is bound by the first, one of thin matrices by the second.
///
/// - Source: Williams, Waterman, Patterson, Roofline: an insightful visual performance model, 2009.
package struct CostProfile: Hashable, Sendable {

  /// What the operations of one mnemonic take.
  package struct Class: Hashable, Sendable {

    /// The mnemonic, `CostProfile.others` or `CostProfile.copies`.
    package let name: String

    /// The time that the FLOPs take, if it depends on them.
    package let flops: CostCurve?

    /// The time that the bytes of all operands and results take, if it depends on them.
    package let bytes: CostCurve?

    /// - Requires: there is a curve.
    package init(name: String, flops: CostCurve? = nil, bytes: CostCurve? = nil) {
      precondition(flops != nil || bytes != nil, "a class without a curve")
      self.name = name
      self.flops = flops
      self.bytes = bytes
    }

    /// Returns the time in nanoseconds.
    func nanoseconds(flops: Int, bytes: Int) -> Int {
      max(self.flops?.nanoseconds(of: flops) ?? 0, self.bytes?.nanoseconds(of: bytes) ?? 0)
    }

  }

  /// The version of the text's form that this program reads and writes.
  package static let version = 1

  /// The name of the class of all operations that have none of their own.
  package static let others = "*"

  /// The name of the class of copies between the device and the host, each way.
  package static let copies = "copy"

  /// What was measured, as `AMD EPYC 7R13, 2 threads`; no path and no date.
  package let name: String

  /// The device, as plans name it.
  package let target: String

  /// The number of threads that every kernel used.
  package let threads: Int

  /// Ascending by name; `others` is among them.
  package let classes: [Class]

  private let positions: [String: Int]

  /// Creates a profile.
  ///
  /// - Requires: the names of `classes` differ, and `others` is among them.
  package init(name: String, target: String, threads: Int, classes: [Class]) {
    self.name = name
    self.target = target
    self.threads = threads
    self.classes = classes.sorted { $0.name < $1.name }
    positions = .init(uniqueKeysWithValues: self.classes.enumerated().map { ($1.name, $0) })
    precondition(positions[Self.others] != nil, "no class of all other operations")
  }

  /// Returns what `operation` takes, in nanoseconds.
  ///
  /// - Requires: the types passed its `resultTypes`.
  package func nanoseconds(of operation: Operation, _ operands: [TensorType], _ results: [TensorType]) -> Int {
    let bytes = (operands + results).reduce(0) { $0.addedSaturating(to: $1.size.value) }
    return nanoseconds(of: operation.mnemonic, flops: operation.flops(operands, results), bytes: bytes)
  }

  /// The nanoseconds in which a byte is copied one way between the device and the host, as long copies have it; `nil` if nothing
  /// is known of that.
  package var nanosecondsPerCopiedByte: Double? {
    guard let i = positions[Self.copies], let longest = classes[i].bytes?.points.last, longest.work > 0 else {
      return nil
    }
    return Double(longest.nanoseconds) / Double(longest.work)
  }

  /// Returns what the dearest function of single elements takes that has a result of so many bytes, in nanoseconds.
  package func nanosecondsOfDearestFunction(resultBytes: Int) -> Int {
    let operation = Operation.elementwise(.unary(.erf))
    let flops = resultBytes / 4 * operation.flops([.init(.f32)], [.init(.f32)])
    return nanoseconds(
      of: operation.mnemonic, flops: flops, bytes: resultBytes.addedSaturating(to: resultBytes))
  }

  private func nanoseconds(of mnemonic: String, flops: Int, bytes: Int) -> Int {
    guard let i = positions[mnemonic] ?? positions[Self.others] else { preconditionFailure("no other operations") }
    return classes[i].nanoseconds(flops: flops, bytes: bytes)
  }

  /// The canonical text, in JSON: one class a line.
  package var text: String {
    var s = "{\n  \"cgad_costs\": \(Self.version),\n  \"name\": \(name.quotedForText),\n"
    s += "  \"target\": \(target.quotedForText),\n  \"threads\": \(threads),\n  \"unit\": \"ns\",\n  \"classes\": {\n"
    s += classes.map { "    \($0.name.quotedForText): \($0.text)" }.joined(separator: ",\n")
    return s + "\n  }\n}\n"
  }

  /// The hash of the canonical text, as 16 hexadecimal digits.
  package var digest: String {
    let digits = String(StableHash.fnv1a(text), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

}

extension CostProfile.Class {

  /// The curves, in JSON.
  fileprivate var text: String {
    let parts = [("flops", flops), ("bytes", bytes)].compactMap { (name, curve) in
      curve.map { "\"\(name)\": \($0.text)" }
    }
    return "{\(parts.joined(separator: ", "))}"
  }

}

extension CostCurve {

  /// The points, in JSON.
  fileprivate var text: String {
    "[\(points.map { "[\($0.work), \($0.nanoseconds)]" }.joined(separator: ", "))]"
  }

}
