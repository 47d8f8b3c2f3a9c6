import Operations
import Runtime
import Testing

/// Files with random damage: every one is read or refused, none ends the program.
@Suite struct MutationTests {

  private enum Reader: CaseIterable {

    case idx
    case npy
    case npz
    case description
    case csv
    case tokens

    func read(_ path: String) throws(DataError) {
      switch self {
      case .idx: _ = try IDXReader.read(path)
      case .npy: _ = try NPYReader.read(path)
      case .npz: _ = try NPZReader.read(path, field: "a")
      case .description: _ = try FileDescription.describe(path: path)
      case .csv: _ = try CSVReader.read(path, hasHeader: true, components: [MutationTests.columns])
      case .tokens: try MutationTests.readTokens(path)
      }
    }

  }

  /// A generator that is the same in every run.
  private struct Noise {

    var state: UInt64

    mutating func below(_ n: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(n))
    }

  }

  /// Returns `bytes` with up to four of them changed, taken out or put in.
  private static func damaged(_ bytes: [UInt8], _ noise: inout Noise) -> [UInt8] {
    var result = bytes
    for _ in 0...noise.below(4) where !result.isEmpty {
      let i = noise.below(result.count)
      switch noise.below(5) {
      case 0: result.remove(at: i)
      case 1: result.insert(UInt8(noise.below(256)), at: i)
      case 2: result[i] = [0, 1, 0x7f, 0x80, 0xff][noise.below(5)]
      case 3: result[i] ^= 1 << noise.below(8)
      case _: result[i] = UInt8(noise.below(256))
      }
    }
    return result
  }

  private static let columns = CSVReader.Component(
    label: "x", columns: ColumnSelection("a, c")!, type: .init(.f32, [1, 2]))

  /// Reads a file of tokens and all batches of it.
  private static func readTokens(_ path: String) throws(DataError) {
    let bytes = try TokenReader.read(path, element: .u16)
    let windows = try TokenReader.windows(
      of: bytes, element: .u16, window: 3, stride: 2, hasTargets: true, origin: path)
    let type = TensorType(.i32, [2, 3])
    var batcher = try Batcher(Dataset(windows), types: [type, type], order: .shuffled(seed: 1), bounds: [9, 9])
    var (x, y) = ([Int32](repeating: 0, count: 6), [Int32](repeating: 0, count: 6))
    for i in 0..<batcher.batchesPerEpoch {
      x.withUnsafeMutableBytes { (x) in
        y.withUnsafeMutableBytes { (y) in batcher.batch(i, epoch: 0, into: [x.baseAddress!, y.baseAddress!]) }
      }
      #expect((x + y).allSatisfy { (0..<9).contains($0) })
    }
  }

  private static let idx = Bytes.idx(0x0c, [2, 2], .init(repeating: 3, count: 16))

  static let seeds: [(String, [UInt8])] = [
    ("idx", idx), ("gz", Bytes.deflated(idx, gzip: true)), ("npy", Bytes.npy("<f4", "(2,)", Bytes.floats([1, 2]))),
    ("stored npz", Bytes.zip([NPZReaderTests.entries()[0]])),
    ("deflated npz", Bytes.zip(NPZReaderTests.entries(isDeflated: true))),
    (
      "safetensors",
      Bytes.safetensors(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", .init(repeating: 0, count: 8))
    ), ("table", Array("a,b,\"c\"\r\n1,\"x, y\",2.5\r\n-3,,4e2\r\n".utf8)),
    ("tokens", (0..<12).flatMap { Bytes.little(UInt16($0 % 9)) }),
  ]

  @Test(arguments: seeds) func `no damage ends the program`(_ name: String, _ bytes: [UInt8]) {
    let folder = TemporaryFolder()
    var noise = Noise(state: 42)
    var refused = 0
    for _ in 0..<1000 {
      let path = folder.write(Self.damaged(bytes, &noise))
      for reader in Reader.allCases {
        do throws(DataError) { try reader.read(path) } catch {
          refused += 1
          #expect(!error.description.isEmpty)
        }
      }
    }
    // Most of the readers refuse a file of another kind; those of tables and of tokens know none by its first bytes.
    #expect(refused > 2000)
  }

}
