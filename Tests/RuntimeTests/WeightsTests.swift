import CPUBackend
import Operations
import PlanFormat
import Runtime
import Testing

@Suite struct WeightsTests {

  private let folder = TemporaryFolder()

  /// A plan with the parameters `w` of 2 by 2 and `b` of 2, and the state `count`.
  private static let script = """
    data d : f32[2,2] = synthetic()
    param w : f32[2,2] ~ zeros()
    param b : f32[2] ~ zeros()
    state count : f32[2] ~ zeros()
    input x : f32[2,2]
    program train
    bind x = d.0
    product = matmul x, w
    moved = add product, b
    cost = mean moved {axes: [0, 1]}
    more = add count, b
    backward
    one = constant {value: 1.0}
    grad(moved) = broadcast one {extents: [2, 2], inserted: [0, 1]}
    grad(b) = sum grad(moved) {axes: [0]}
    grad(w) = matmul x, grad(moved) {transpose_left: true}
    update w = sgd grad(w) {lr: 0.5, momentum: 0.0, decay: 0.0}
    update b = sgd grad(b) {lr: 0.5, momentum: 0.0, decay: 0.0}
    update count = assign more
    loss = cost
    """

  private static func little(_ values: [some FixedWidthInteger]) -> [UInt8] {
    values.flatMap { (v) in withUnsafeBytes(of: v.littleEndian) { Array($0) } }
  }

  private static func floats(_ values: [Float]) -> [UInt8] { little(values.map(\.bitPattern)) }

  /// The bytes of a file with the header `json`.
  private static func file(_ json: String, _ body: [UInt8]) -> [UInt8] {
    little([UInt64(json.utf8.count)]) + Array(json.utf8) + body
  }

  private static func entry(_ name: String, _ type: String, _ shape: String, _ offsets: String) -> String {
    "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":[\(shape)],\"data_offsets\":[\(offsets)]}"
  }

  private static let sound = file(
    "{\(entry("w", "F32", "2,2", "0,16")),\(entry("b", "F32", "2", "16,24"))}",
    floats([1, 2, 3, 4, 5, 6]))

  private func machine() throws -> Machine<CPUBackend> {
    let machine = try RuntimeTests.machine(Self.script)
    machine.initialize(seed: 1)
    return machine
  }

  private func values(_ name: String, _ machine: Machine<CPUBackend>) throws -> [Float] {
    Array(try #require(machine.storage(named: name)).floats)
  }

  /// Returns the error that loading `bytes` ends with, or `nil` if there is none.
  private func failure(_ bytes: [UInt8], isPartial: Bool = false) throws -> StateFileError? {
    let path = try folder.write("w.safetensors", bytes)
    let machine = try machine()
    do throws(StateFileError) {
      _ = try machine.load(SafetensorsFile(path), isPartial: isPartial)
      return nil
    } catch { return error }
  }

  @Test func `parameters are read by name, and states where the file has them`() throws {
    let machine = try machine()
    let loaded = try machine.load(SafetensorsFile(try folder.write("a", Self.sound)))
    #expect(loaded.read == ["w", "b"] && loaded.missing.isEmpty && loaded.ignored.isEmpty)
    #expect(try values("w", machine) == [1, 2, 3, 4])
    #expect(try values("b", machine) == [5, 6])
    #expect(try values("count", machine) == [0, 0])
    let json = "{\(Self.entry("count", "F32", "2", "0,8"))}"
    let more = try machine.load(
      SafetensorsFile(try folder.write("b", Self.file(json, Self.floats([7, 8])))), isPartial: true)
    #expect(more.read == ["count"] && more.missing == ["w", "b"])
    #expect(try values("count", machine) == [7, 8])
    #expect(try values("w", machine) == [1, 2, 3, 4])
  }

  @Test func `numbers of other widths become the nearest f32`() throws {
    // In f16, 1.5 is 0x3e00 and -2 is 0xc000; in bf16, 1.5 is 0x3fc0 and -2 is 0xc000. Of f64, 0.1 is rounded.
    let cases: [(type: String, bytes: [UInt8], expected: [Float])] = [
      ("F16", Self.little([0x3e00, 0xc000] as [UInt16]), [1.5, -2]),
      ("BF16", Self.little([0x3fc0, 0xc000] as [UInt16]), [1.5, -2]),
      ("F64", Self.little([(0.1).bitPattern, (-2.0).bitPattern]), [0.1, -2]),
    ]
    for c in cases {
      let machine = try machine()
      let bytes = Self.file("{\(Self.entry("b", c.type, "2", "0,\(c.bytes.count)"))}", c.bytes)
      _ = try machine.load(SafetensorsFile(try folder.write("a", bytes)), isPartial: true)
      #expect(try values("b", machine) == c.expected, "\(c.type)")
    }
  }

  @Test func `a missing parameter is named with the nearest name of the file`() throws {
    let json = "{\(Self.entry("w", "F32", "2,2", "0,16")),\(Self.entry("net.bs", "F32", "2", "16,24"))}"
    let renamed = json.replacing("net.bs", with: "bb")
    let e = try failure(Self.file(renamed, Self.floats([1, 2, 3, 4, 5, 6])))
    #expect(e?.problem == .missing([.init("b", nearest: nil)]), "one letter is too little to guess from")
    #expect(e?.exitCode == 1)
    #expect(e?.description.contains("has no 'b'") == true)
    #expect(try failure(Self.file(json, Self.floats([1, 2, 3, 4, 5, 6])), isPartial: true) == nil)
  }

  @Test func `tensors that the plan has nothing for are ignored by name`() throws {
    let json = "{\(Self.entry("w", "F32", "2,2", "0,16")),\(Self.entry("b", "F32", "2", "16,24")),"
    let bytes = Self.file(
      json + "\(Self.entry("ids", "F8_E5M2", "3", "24,27"))}",
      Array(Self.floats(.init(repeating: 0, count: 6))) + [1, 2, 3])
    let loaded = try machine().load(SafetensorsFile(try folder.write("a", bytes)))
    #expect(loaded.ignored == ["ids"])
  }

  @Test(arguments: [
    ("F32", "1,2", "'b' is f32[1,2], the plan has f32[2]"), ("I32", "2", "'b' is i32[2], the plan has f32[2]"),
    ("F8_E4M3", "8", "'b' is F8_E4M3[8], the plan has f32[2]"), ("F32", "2,1", "'b' is f32[2,1]"),
  ])
  func `a parameter of another type is refused`(_ type: String, _ shape: String, _ message: String) throws {
    let e = try failure(Self.file("{\(Self.entry("b", type, shape, "0,8"))}", Self.floats([1, 2])), isPartial: true)
    #expect(e?.description.contains(message) == true, "\(e?.description ?? "none")")
    #expect(e?.exitCode == 1)
  }

  @Test(arguments: [
    ("a name twice", "{\(entry("b", "F32", "2", "0,8")),\(entry("b", "F32", "2", "8,16"))}", "'b' twice"),
    (
      "a key twice", "{\"b\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
      "'dtype' twice"
    ),
    (
      "overlapping tensors", "{\(entry("a", "F32", "2", "0,8")),\(entry("b", "F32", "3", "4,16"))}",
      "its start at 8, found 4"
    ),
    ("a gap", "{\(entry("a", "F32", "1", "0,4")),\(entry("b", "F32", "2", "8,16"))}", "its start at 4, found 8"),
    ("bytes behind the last", "{\(entry("b", "F32", "2", "0,8"))}", "8 bytes of tensors, found 16"),
    ("an unknown key", "{\"b\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16],\"x\":1}}", "'x' of 'b'"),
    ("a missing key", "{\"b\":{\"dtype\":\"F32\",\"shape\":[4]}}", "'b' without one of them"),
    ("an offset outside", "{\(entry("b", "F32", "5", "0,20"))}", "takes 20 bytes, at most 16"),
    ("a negative offset", "{\(entry("b", "F32", "5", "-4,16"))}", "two offsets in order"),
    ("a huge number", "{\(entry("b", "F32", "99999999999999999999", "0,16"))}", "found its end"),
    ("a huge product", "{\(entry("b", "F32", "4611686018427387904,4", "0,16"))}", "at most 8 axes"),
    ("something behind the object", "{\(entry("b", "F32", "4", "0,16"))} x", "'x' at"),
    ("half a surrogate pair", "{\"\\ud800\":{}}", "header: expected JSON"),
    ("metadata that is no text", "{\"__metadata__\":{\"a\":1}}", "'1' at"),
    ("a line feed in a name", "{\"a\nb\":{}}", "byte 10 at"),
  ])
  func `a damaged header is refused`(_ what: String, _ json: String, _ message: String) throws {
    let e = try failure(Self.file(json, .init(repeating: 0, count: 16)), isPartial: true)
    if what == "a huge number" {
      #expect(e?.description.contains("header: expected JSON") == true, "\(e?.description ?? "none")")
    } else {
      #expect(e?.description.contains(message) == true, "\(e?.description ?? "none")")
    }
    #expect(e?.exitCode == 2)
  }

  @Test func `escapes in names are read`() throws {
    let json =
      "{\(Self.entry("\\u0077", "F32", "2,2", "0,16")),\(Self.entry("\\ud83d\\ude00\\n\\\"", "F32", "0", "16,16"))}"
    let file = try SafetensorsFile(try folder.write("a", Self.file(json, Self.floats([1, 2, 3, 4]))))
    #expect(file.names == ["w", "😀\n\""])
  }

  @Test func `a file cut anywhere is refused`() throws {
    for n in Self.sound.indices {
      let e = try failure(Array(Self.sound[..<n]), isPartial: true)
      #expect(e?.exitCode == 2, "\(n) bytes")
    }
    #expect(try failure(Self.sound) == nil)
  }

  @Test func `a file that is not there is not called data`() {
    let e = #expect(throws: StateFileError.self) { try SafetensorsFile(folder.path + "/none") }
    #expect(e?.exitCode == 2 && e?.description.contains("--data") == false)
  }

}
