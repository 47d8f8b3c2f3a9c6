import CKernels
import Operations

/// The state of training between two steps, as far as it is not in tensors.
///
/// Batches and random draws are functions of the seed and the step, so there is nothing else to remember.
package struct Checkpoint: Hashable, Sendable {

  /// The version of the files that this program writes and reads.
  package static let version = 1

  /// The name of the remark that holds the version; files without it are no checkpoints.
  static let versionKey = "cgck"

  /// The steps done.
  package var step: Int

  package var seed: UInt64

  /// The steps of an epoch.
  package var stepsPerEpoch: Int

  /// The model's file and name.
  package var source: String
  package var model: String

  /// The digest of what the plan computes.
  package var computation: String

  /// The digest of the file with zeros in its place.
  package var checksum = Self.noChecksum

  static let noChecksum = String(repeating: "0", count: 16)

  /// The remarks of a file, in order.
  var metadata: [(key: String, value: String)] {
    [
      (Self.versionKey, "\(Self.version)"), ("checksum", checksum), ("computation", computation), ("model", model),
      ("seed", "\(seed)"), ("source", source), ("step", "\(step)"), ("steps_per_epoch", "\(stepsPerEpoch)"),
    ]
  }

  init(step: Int, seed: UInt64, stepsPerEpoch: Int, source: String, model: String, computation: String) {
    (self.step, self.seed, self.stepsPerEpoch) = (step, seed, stepsPerEpoch)
    (self.source, self.model, self.computation) = (source, model, computation)
  }

  /// Reads the remarks of `file`.
  ///
  /// - Throws: if it is no checkpoint, one of another version, or lacks a remark.
  init(_ file: SafetensorsFile) throws(StateFileError) {
    guard let version = file.metadata(Self.versionKey) else { throw .init(file.path, .noTrainingState) }
    if version != "\(Self.version)" {
      let isNewer = Int(version).map { $0 > Self.version } ?? false
      throw .init(file.path, isNewer ? .foreignVersion(version) : .damaged("version '\(version)'"))
    }
    func remark<T>(_ key: String, _ value: (String) -> T?) throws(StateFileError) -> T {
      guard let text = file.metadata(key), let v = value(text) else {
        throw .init(file.path, .damaged("its remark '\(key)'"))
      }
      return v
    }
    self.init(
      step: try remark("step") { Int($0).flatMap { (0...Int(UInt32.max)).contains($0) ? $0 : nil } },
      seed: try remark("seed", UInt64.init), stepsPerEpoch: try remark("steps_per_epoch") { Int($0) },
      source: try remark("source") { $0 }, model: try remark("model") { $0 },
      computation: try remark("computation") { $0 })
    checksum = try remark("checksum") { $0 }
  }

  /// Returns the digest of a file with the given tensors, as 16 hexadecimal digits.
  ///
  /// - Parameter digest: continues a digest with the bytes of the tensor at a position.
  func checksum<E: Error>(
    of tensors: [(name: String, type: TensorType)], _ digest: (UInt64, Int) throws(E) -> UInt64
  ) throws(E) -> String {
    var blank = self
    blank.checksum = Self.noChecksum
    let header = SafetensorsText.header(metadata: blank.metadata, tensors: tensors)
    var value = Self.digest(header, from: 0)
    for i in tensors.indices { value = try digest(value, i) }
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// Returns the digest of `bytes`, continuing from `seed`.
  static func digest(_ bytes: [UInt8], from seed: UInt64) -> UInt64 {
    bytes.withUnsafeBytes { (b) in b.baseAddress.map { cgad_digest(seed, $0, b.count) } ?? seed }
  }

}
