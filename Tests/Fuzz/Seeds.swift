import Foundation

/// The texts that inputs are made from.
struct Seeds {

  /// The texts, in the order of their paths.
  let texts: [[UInt8]]

  /// The folders that seeds are found in, below the package's.
  private static let folders = ["samples", "Tests/CompilerTests/cases", "Sources"]

  init(texts: [[UInt8]]) { self.texts = texts }

  /// Returns all models below the package's folder `root`; of long ones only a start.
  init(root: String) {
    var paths: [String] = []
    for folder in Self.folders {
      let all = FileManager.default.enumerator(atPath: "\(root)/\(folder)")?.allObjects ?? []
      paths += all.compactMap { $0 as? String }.filter { $0.hasSuffix(".cgm") }.map { "\(root)/\(folder)/\($0)" }
    }
    texts = paths.sorted().compactMap { FileManager.default.contents(atPath: $0) }
      .map { Array($0.prefix(32 << 10)) }.filter { !$0.isEmpty }
  }

}
