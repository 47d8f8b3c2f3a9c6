import CPUBackend
import Operations
import PlanFormat
import Runtime
import Testing

/// The sources npy, csv and tokens, as plans declare them.
@Suite struct FileSourceTests {

  /// A next-token table of 4 tokens, on windows of 3.
  private static let tokenScript = """
    data d : i32[2,3], i32[2,3] = tokens(path: "text", dtype: "u8", window: 3, stride: 3)
    param table : f32[4,4] ~ zeros()
    input x : i32[2,3]
    input y : i32[2,3]
    program train
    bind x = d.0
    bind y = d.1
    scores = gather table, x
    cost = cross_entropy scores, y
    backward
    grad(cost) = constant {value: 1.0}
    grad(scores) = cross_entropy_grad scores, y, grad(cost)
    grad(table) = scatter_add grad(scores), x {rows: 4}
    update table = sgd grad(table) {lr: 0.0, momentum: 0.0, decay: 0.0}
    loss = cost
    """

  private func session(
    _ source: String, in folder: TemporaryFolder? = nil, _ overrides: [String: String] = [:], tokens: Bool = false
  ) throws -> Session<CPUBackend> {
    let script = tokens ? Self.tokenScript : SampleScripts.small
    let old = tokens ? "tokens(path: \"text\", dtype: \"u8\", window: 3, stride: 3)" : "synthetic()"
    let plan = try PlanScript.plan(script.replacing(old, with: source))
    let path = SearchPath(planPath: "\(folder?.path ?? "/nowhere")/a.cgplan")
    let catalog = DataCatalog(plan.plan, path: path, overrides: overrides)
    return try Session(try Machine(plan, on: try CPUBackend(threads: 2)), data: catalog, seed: 1)
  }

  private func inputs(_ session: Session<CPUBackend>, _ name: String) -> [Int32] {
    Array(session.machine.storage(named: name)!.bytes.bindMemory(to: Int32.self))
  }

  private static func npy(_ descriptor: String, _ shape: String, _ body: [UInt8]) -> [UInt8] {
    let header = "{'descr': '\(descriptor)', 'fortran_order': False, 'shape': \(shape), }\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + body
  }

  private static let npy = "npy(x: \"x.npy\", y: \"y.npy\")"

  private static let csv = "csv(path: \"a.csv\", x: \"a..b\", y: \"kind\")"

  private static let tokens = "tokens(path: \"text\", dtype: \"u8\", window: 3, stride: 3)"

  // MARK: npy

  @Test func `arrays lie in files of their own`() throws {
    let folder = TemporaryFolder()
    try folder.write("x.npy", Self.npy("|u1", "(4, 2, 1)", [0, 1, 2, 3, 4, 5, 6, 7]))
    try folder.write("y.npy", Self.npy("|u1", "(4,)", [0, 0, 1, 1]))
    for s in [try session(Self.npy, in: folder), try session(Self.npy, ["d": folder.path])] {
      s.fillTrainInputs()
      let x = Array(s.machine.storage(named: "x")!.floats)
      #expect(x[1] == x[0] + 1 && inputs(s, "y") == [x[0], x[2]].map { $0 < 4 ? 0 : 1 })
      #expect(s.stepsPerEpoch == 2)
    }
  }

  @Test(arguments: [
    ("<f8", "(2, 2)", 32, 1, "wrong element type: expected f32 for f32[2,2], found f64[2,2]"),
    ("<f4", "(2, 3)", 24, 1, "wrong shape: expected f32[2] for each example of f32[2,2], found f32[3] in f32[2,3]"),
    ("<f4", "(3, 2)", 24, 1, "wrong number of examples: "), ("<f4", "(2, 2)", 15, 2, "truncated: "),
    ("<f4", "()", 4, 1, "wrong shape: expected an axis of examples, found f32[]"),
  ])
  func `an array of another type or shape is named with both`(
    _ descriptor: String, _ shape: String, _ size: Int, _ code: Int32, _ message: String
  ) throws {
    let folder = TemporaryFolder()
    try folder.write("x.npy", Self.npy(descriptor, shape, .init(repeating: 0, count: size)))
    try folder.write("y.npy", Self.npy("<i4", "(2,)", .init(repeating: 0, count: 8)))
    let error = #expect(throws: DataFailure.self) { _ = try session(Self.npy, in: folder) }
    #expect(error?.exitCode == code && error?.description.contains(message) == true, "\(String(describing: error))")
    #expect(error?.description.contains("\(folder.path)/") == true)
  }

  @Test func `a number beyond i32 is named with its place`() throws {
    let folder = TemporaryFolder()
    try folder.write("x.npy", Self.npy("<f4", "(2, 2)", .init(repeating: 0, count: 16)))
    try folder.write("y.npy", Self.npy("<i8", "(2,)", [1, 0, 0, 0, 0, 0, 0, 0] + [0, 0, 0, 128, 0, 0, 0, 0]))
    let error = #expect(throws: DataFailure.self) { _ = try session(Self.npy, in: folder) }
    #expect(
      error?.description.contains("y.npy: value 2147483648 at element 1 is not in -2147483648...2147483647") == true)
  }

  // MARK: csv

  @Test func `a table is found beside the plan and where --data says`() throws {
    let folder = TemporaryFolder()
    let file = try folder.write("a.csv", Array("kind,a,b\n0,0,1\n1,2,3\n".utf8))
    for overrides in [[:], ["d": file], ["d": folder.path]] {
      let s = try session(Self.csv, in: overrides.isEmpty ? folder : nil, overrides)
      s.fillTrainInputs()
      #expect(Array(s.machine.storage(named: "x")!.floats).sorted() == [0, 1, 2, 3])
      #expect(inputs(s, "y").sorted() == [0, 1])
    }
  }

  @Test func `a table without a header has numbered columns`() throws {
    let folder = TemporaryFolder()
    try folder.write("a.csv", Array("0,0,1\n1,2,3\n".utf8))
    let source = "csv(path: \"a.csv\", header: false, x: \"2..3\", y: \"1\")"
    let s = try session(source, in: folder)
    s.fillTrainInputs()
    #expect(Array(s.machine.storage(named: "x")!.floats).sorted() == [0, 1, 2, 3])
  }

  @Test(arguments: [
    ("kind,a,b\n0,0,1\n2,2,3\n", 1, "a.csv[y]: value 2 at element 1 is not in 0...1"),
    ("kind,a,b\n0,0,1\n1,2,x\n", 1, "a.csv: line 3, column 3 ('b'): expected a finite number of f32, found 'x'"),
    ("kind,a,b\n0,0,1\n", 1, "too few examples: a batch takes 2, found 1"),
    ("kind,a,b\n0,0,1\n1,2", 2, "line 3: expected 3 cells"), ("kind,a\n0,0\n0,1\n", 1, "has no column 'b'"),
    ("", 2, "an empty file"),
  ])
  func `a wrong table is named`(_ text: String, _ code: Int32, _ message: String) throws {
    let folder = TemporaryFolder()
    try folder.write("a.csv", Array(text.utf8))
    let error = #expect(throws: DataFailure.self) { _ = try session(Self.csv, in: folder) }
    #expect(error?.exitCode == code && error?.description.contains(message) == true, "\(String(describing: error))")
  }

  // MARK: tokens

  @Test func `a model gets windows and what follows them`() throws {
    let folder = TemporaryFolder()
    // Two windows of 3, starting at 0 and 3, and their targets one further on.
    let file = try folder.write("text", [0, 1, 2, 3, 2, 1, 0])
    for overrides in [[:], ["d": file], ["d": folder.path]] {
      let s = try session(Self.tokens, in: overrides.isEmpty ? folder : nil, overrides, tokens: true)
      s.fillTrainInputs()
      let (x, y) = (inputs(s, "x"), inputs(s, "y"))
      #expect(
        x == [0, 1, 2, 3, 2, 1] && y == [1, 2, 3, 2, 1, 0] || x == [3, 2, 1, 0, 1, 2] && y == [2, 1, 0, 1, 2, 3])
      #expect(s.stepsPerEpoch == 1)
      _ = try s.step()
    }
  }

  @Test(
    arguments: [
      ("u8", [0, 1, 2, 3, 4, 1, 0], 1, "text: value 4 at element 4 is not in 0...3"),
      ("u8", [0, 1, 2, 3, 2, 1], 1, "too few examples: a batch takes 2, found 1"),
      ("u16", [0, 0, 1, 0, 2], 2, "expected a whole number of tokens of u16, found 5 bytes"), ("i32", [], 1, "found 0"),
      ("i32", .init(repeating: 255, count: 28), 1, "value -1 at element 0 is not in 0...3"),
    ] as [(String, [UInt8], Int32, String)])
  func `wrong tokens are named`(_ type: String, _ bytes: [UInt8], _ code: Int32, _ message: String) throws {
    let folder = TemporaryFolder()
    try folder.write("text", bytes)
    let source = Self.tokens.replacing("u8", with: type)
    let error = #expect(throws: DataFailure.self) { _ = try session(source, in: folder, tokens: true) }
    #expect(error?.exitCode == code && error?.description.contains(message) == true, "\(String(describing: error))")
  }

  // MARK: Plans

  @Test(arguments: [npy, csv]) func `a missing file is named with all places`(_ source: String) throws {
    let error = #expect(throws: DataFailure.self) { _ = try session(source) }
    #expect(error?.exitCode == 2 && error?.description.contains("looked for /nowhere/") == true)
  }

  @Test(arguments: [
    "npy(x: 3, y: \"b\")", "csv(x: \"a..b\", y: \"c\")", "csv(path: \"a\")", "csv(path: \"a\", x: \"a..b\")",
    "csv(path: \"a\", x: \"a..b\", y: \"\")", "csv(path: \"a\", x: \"a..b\", y: 2)",
    "csv(path: \"a\", header: 1, x: \"a..b\", y: \"c\")", "csv(path: 1, x: \"a..b\", y: \"c\")",
    "csv(path: \"a\", x: \"a..b\", header: false)",
  ])
  func `arguments that are not the source's are refused`(_ source: String) throws {
    let error = #expect(throws: DataFailure.self) { _ = try session(source) }
    #expect(error?.exitCode == 1, "\(String(describing: error))")
  }

  @Test(arguments: [
    "tokens()", "tokens(path: \"text\", dtype: \"f32\", window: 3, stride: 3)",
    "tokens(path: \"text\", dtype: \"u8\", window: 0, stride: 3)",
    "tokens(path: \"text\", dtype: \"u8\", window: 3, stride: 0)", "tokens(path: \"text\", dtype: \"u8\", window: 3)",
    "tokens(path: \"text\", dtype: 8, window: 3, stride: 3)",
    "tokens(path: \"text\", dtype: \"u8\", window: 3, stride: 3, more: 1)",
    "tokens(path: \"text\", dtype: \"u8\", window: \"3\", stride: 3)",
  ])
  func `arguments that are not those of tokens are refused`(_ source: String) throws {
    let folder = TemporaryFolder()
    try folder.write("text", .init(repeating: 0, count: 7))
    let error = #expect(throws: DataFailure.self) { _ = try session(source, in: folder, tokens: true) }
    #expect(error?.exitCode == 1, "\(String(describing: error))")
    #expect(error?.description.hasPrefix("data 'd': tokens takes path:") == true)
  }

  @Test(arguments: [2, 4]) func `a window that is not the type's is refused`(_ window: Int) throws {
    let folder = TemporaryFolder()
    try folder.write("text", .init(repeating: 0, count: 20))
    let source = "tokens(path: \"text\", dtype: \"u8\", window: \(window), stride: 3)"
    let error = #expect(throws: DataFailure.self) { _ = try session(source, in: folder, tokens: true) }
    #expect(error?.description.contains("wrong shape: expected i32[3] for each example") == true)
  }

}
