import Glibc
import Operations
import Runtime
import Testing

/// The data that the samples train on.
@Suite struct SampleDataTests {

  /// The folder of the shipped data.
  private static let samples =
    #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" } + "/samples/data"

  /// Where Debian's package puts Fashion-MNIST.
  private static let fashion = "/usr/share/datasets/fashion-mnist"

  @Test(arguments: [("train", 1437), ("test", 360)])
  func `the digits fit their declared types`(_ part: String, _ count: Int) throws {
    let path = "\(Self.samples)/digits.npz"
    let images = try NPZReader.read(path, field: "\(part)_images")
    let labels = try NPZReader.read(path, field: "\(part)_labels")
    #expect(images.type == .init(.u8, [count, 8, 8]))
    #expect((images.bytes.max() ?? 0) == 16)
    #expect(Set(labels.bytes) == Set(0..<10))
    let b = try Batcher(
      Dataset([images, labels]), types: [.init(.f32, [64, 64]), .init(.i32, [64])], order: .shuffled(seed: 1),
      bounds: [nil, 10])
    // 1437 = 22 · 64 + 29 and 360 = 5 · 64 + 40.
    #expect(b.batchesPerEpoch == count / 64)
  }

  @Test(.enabled(if: access(fashion, R_OK) == 0, "the Debian package dataset-fashion-mnist is not installed"))
  func `Fashion-MNIST is read as it comes from Debian`() throws {
    let images = try IDXReader.read("\(Self.fashion)/train-images-idx3-ubyte.gz")
    let labels = try IDXReader.read("\(Self.fashion)/train-labels-idx1-ubyte.gz")
    #expect(images.type == .init(.u8, [60_000, 28, 28]))
    let b = try Batcher(
      Dataset([images, labels]), types: [.init(.f32, [128, 784]), .init(.i32, [128])], order: .shuffled(seed: 1),
      bounds: [nil, 10])
    // 60,000 = 468 · 128 + 96.
    #expect(b.batchesPerEpoch == 468)
  }

  /// The tokens of Shakespeare, where `scripts/fetch-data` puts them.
  private static let shakespeare = "\(samples)/shakespeare-train.u16"

  @Test(.enabled(if: access(shakespeare, R_OK) == 0, "Shakespeare is absent; scripts/fetch-data gets it"))
  func `Shakespeare is read as scripts/fetch-data writes it`() throws {
    let bytes = try TokenReader.read(Self.shakespeare, element: .u16)
    #expect(bytes.count == 2 * 4_551_459)
    let windows = try TokenReader.windows(
      of: bytes, element: .u16, window: 128, stride: 128, hasTargets: true, origin: Self.shakespeare)
    let type = TensorType(.i32, [16, 128])
    let b = try Batcher(Dataset(windows), types: [type, type], order: .shuffled(seed: 1), bounds: [84, 84])
    // 4,551,458 = 35,558 · 128 + 34, and 35,558 = 2222 · 16 + 6.
    #expect(b.batchesPerEpoch == 2222)
  }

}
