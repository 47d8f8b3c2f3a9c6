import CPUBackend
import Glibc
import Operations
import PlanFormat
import Runtime
import Testing

/// A folder that goes with the instance.
final class TemporaryFolder {

  let path: String

  init() {
    var template = Array("/tmp/cgad-tests-XXXXXX".utf8CString)
    precondition(mkdtemp(&template) != nil, "no temporary folder")
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    var argument = Array("rm -rf '\(path)'".utf8CString)
    argument.withUnsafeMutableBufferPointer { _ = system($0.baseAddress!) }
  }

  /// Writes a file and returns its path.
  @discardableResult func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = "\(path)/\(name)"
    try AtomicFile.makeFolder(SearchPath.folder(of: file))
    try bytes.withUnsafeBytes { try AtomicFile.write([$0], to: file) }
    return file
  }

}

@Suite struct DataCatalogTests {

  /// Four images of 2×1 bytes and four labels, as IDX files.
  private static let images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 2, 0, 0, 0, 1] + [0, 1, 2, 3, 4, 5, 6, 7]

  private static func labels(_ last: UInt8 = 0) -> [UInt8] { [0, 0, 8, 1, 0, 0, 0, 4, 0, 1, 1, last] }

  private static let idx = "idx(images: \"images\", labels: \"labels\")"

  private func plan(_ source: String = DataCatalogTests.idx) throws -> VerifiedPlan {
    try PlanScript.plan(SampleScripts.small.replacing("synthetic()", with: source))
  }

  private func session(
    _ plan: VerifiedPlan, _ planPath: String, _ overrides: [String: String] = [:], isSynthetic: Bool = false
  ) throws -> Session<CPUBackend> {
    let catalog = DataCatalog(
      plan.plan, path: .init(planPath: planPath), overrides: overrides, isSynthetic: isSynthetic)
    return try Session(try Machine(plan, on: try CPUBackend(threads: 2)), data: catalog, seed: 1)
  }

  @Test(arguments: ["", "data/"]) func `files lie beside the plan or in data beside it`(_ place: String) throws {
    let folder = TemporaryFolder()
    try folder.write(place + "images", Self.images)
    try folder.write(place + "labels", Self.labels())
    let session = try session(try plan(), folder.path + "/a.cgplan")
    session.fillTrainInputs()
    let x = Array(session.machine.storage(named: "x")!.floats)
    let labels: [Float: Int32] = [0: 0, 2: 1, 4: 1, 6: 0]  // by the first pixel
    #expect(x[1] == x[0] + 1 && x[3] == x[2] + 1)
    let y = session.machine.storage(named: "y")!.bytes.bindMemory(to: Int32.self)
    #expect(Array(y) == [labels[x[0]], labels[x[2]]])
    #expect(session.stepsPerEpoch == 2)
  }

  @Test func `an epoch has every example once`() throws {
    let folder = TemporaryFolder()
    try folder.write("images", Self.images)
    try folder.write("labels", Self.labels())
    let session = try session(try plan(), folder.path + "/a.cgplan")
    var seen: [Float] = []
    for _ in 0..<2 {
      _ = try session.step()
      seen += session.machine.storage(named: "x")!.floats
    }
    #expect(seen.sorted() == [0, 1, 2, 3, 4, 5, 6, 7])
  }

  @Test func `a missing file is named with all places and what to do`() throws {
    let error = #expect(throws: DataFailure.self) { _ = try session(try plan(), "/nowhere/a.cgplan") }
    let message = error?.description ?? ""
    #expect(message.hasPrefix("data 'd': no file 'images'; "))
    #expect(message.contains("/nowhere/images, /nowhere/data/images, images;"))
    #expect(message.contains("scripts/fetch-data") && message.contains("--data d=PATH"))
    #expect(error?.exitCode == 2)
  }

  @Test func `an override is the only place where files are looked for`() throws {
    let folder = TemporaryFolder()
    try folder.write("images", Self.images)
    try folder.write("labels", Self.labels())
    _ = try session(try plan(), "/nowhere/a.cgplan", ["d": folder.path])
    let error = #expect(throws: DataFailure.self) {
      _ = try session(try plan(), folder.path + "/a.cgplan", ["d": "/nowhere"])
    }
    #expect(error?.description.contains("looked for /nowhere/images;") ?? false)
  }

  @Test func `the digits are learned from their archive`() throws {
    let fields = { (part: String) in "npz(path: \"digits.npz\", x: \"\(part)_images\", y: \"\(part)_labels\")" }
    let plan = try PlanScript.plan(SampleScripts.digits(train: fields("train"), test: fields("test")))
    let samples = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let session = try session(plan, "/\(samples)/samples/digits.cgplan")
    #expect(session.stepsPerEpoch == 1437 / 32)
    var accuracies: [Double] = []
    let end = try Trainer(session).run { (event) in
      if case .evaluation(_, _, let values) = event { accuracies.append(values[1].value) }
    }
    #expect(end == .finished && accuracies.count == 4)
    #expect(accuracies.last! > 0.9)
  }

  @Test func `synthetic data takes the place of missing files`() throws {
    #expect(try session(try plan(), "/nowhere/a.cgplan", isSynthetic: true).stepsPerEpoch == 16)
  }

  @Test func `synthetic labels stay below the number of classes`() throws {
    let session = try session(try plan("synthetic(count: 500)"), "a.cgplan")
    for _ in 0..<250 { _ = try session.step() }  // a label out of range would throw
  }

  @Test func `a label that is no class is refused before training`() throws {
    let folder = TemporaryFolder()
    try folder.write("images", Self.images)
    try folder.write("labels", Self.labels(2))
    let error = #expect(throws: DataFailure.self) { _ = try session(try plan(), folder.path + "/a.cgplan") }
    #expect(error?.exitCode == 1)
    #expect(error?.description.contains("value 2 at element 3 is not in 0...1") ?? false)
  }

  @Test func `a file of the wrong shape is refused`() throws {
    let folder = TemporaryFolder()
    try folder.write("images", [0, 0, 8, 2, 0, 0, 0, 4, 0, 0, 0, 1] + [0, 1, 2, 3])
    try folder.write("labels", Self.labels())
    let error = #expect(throws: DataFailure.self) { _ = try session(try plan(), folder.path + "/a.cgplan") }
    #expect(error?.exitCode == 1)
    #expect(error?.description.contains("wrong shape") ?? false)
  }

  @Test func `a truncated file is unreadable`() throws {
    let folder = TemporaryFolder()
    try folder.write("images", Self.images.dropLast())
    try folder.write("labels", Self.labels())
    let error = #expect(throws: DataFailure.self) { _ = try session(try plan(), folder.path + "/a.cgplan") }
    #expect(error?.exitCode == 2)
  }

  @Test(arguments: ["idx(images: 3, labels: \"b\")", "npz(file: \"a\")", "synthetic(count: \"many\")"])
  func `arguments that are not the source's are refused`(_ source: String) throws {
    let error = #expect(throws: DataFailure.self) { _ = try session(try plan(source), "/nowhere/a.cgplan") }
    #expect(error?.exitCode == 1)
  }

}
