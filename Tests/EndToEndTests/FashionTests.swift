import Foundation
import Testing

@Suite struct FashionTests {

  /// Where `scripts/fetch-data` puts Fashion-MNIST, and where Debian's package has it.
  private static let folder = ["\(Sample.folder)/data", "/usr/share/datasets/fashion-mnist"].first {
    FileManager.default.isReadableFile(atPath: "\($0)/train-images-idx3-ubyte.gz")
  }

  @Test(.enabled(if: folder != nil, "Fashion-MNIST is absent; scripts/fetch-data gets it"))
  func `twenty steps on Fashion-MNIST learn something, under any schedule`() throws {
    let w = Workspace()
    let folder = try #require(Self.folder)
    var losses: [[Double]] = []
    for policy in ["none()", "sqrt()"] {
      let planned = try w.compile(Sample.mlp.path, "--policy", policy)
      let report = try w.train(
        "model.cgplan", "--steps", "20", "--data", "train_set=\(folder)", "--data", "test_set=\(folder)")
      #expect(report["peak_bytes_measured"] == planned["peak_bytes"])
      losses.append(report["loss"].elements.compactMap(\.number))
    }
    #expect(losses[0] == losses[1] && losses[0].count == 20)
    #expect(losses[0].suffix(5).reduce(0, +) < losses[0].prefix(5).reduce(0, +))
  }

}
