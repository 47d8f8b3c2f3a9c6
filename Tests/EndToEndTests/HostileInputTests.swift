import Foundation
import Testing

/// A file that is none of ours.
struct HostileFile: Sendable, CustomTestStringConvertible {

  let testDescription: String

  let bytes: [UInt8]

  /// The start of a Computer Graphics Metafile in the binary encoding, which has our models' extension.
  private static let picture: [UInt8] =
    [0x00, 0x29, 0x08] + Array("example".utf8) + [0x10, 0x22, 0x00, 0x01, 0x11, 0x66, 0x00, 0x01, 0xff, 0xff]

  /// Numbers of a simple generator, the same every time.
  private static func noise(_ count: Int) -> [UInt8] {
    var state: UInt64 = 88_172_645_463_325_252
    return (0..<count).map { _ in
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return UInt8(truncatingIfNeeded: state)
    }
  }

  static let all: [HostileFile] = [
    .init(testDescription: "nothing", bytes: []),
    .init(testDescription: "a line end", bytes: [10]),
    .init(testDescription: "zeros", bytes: .init(repeating: 0, count: 1000)),
    .init(testDescription: "a zero after a start", bytes: Array("dim B = 4\0\ncgplan 1\0".utf8)),
    .init(testDescription: "a picture", bytes: picture),
    .init(testDescription: "5 MB of noise", bytes: noise(5_000_000)),
    .init(testDescription: "noise after a plan's start", bytes: Array("cgplan 1\n".utf8) + noise(100_000)),
    .init(testDescription: "noise after a module's start", bytes: Array("cgir 1\n".utf8) + noise(100_000)),
    .init(testDescription: "5 MB of brackets", bytes: .init(repeating: UInt8(ascii: "("), count: 5_000_000)),
    .init(testDescription: "5 MB in one line", bytes: .init(repeating: UInt8(ascii: "a"), count: 5_000_000)),
    .init(testDescription: "5 MB of line ends", bytes: .init(repeating: 10, count: 5_000_000)),
    .init(testDescription: "half a character", bytes: Array("dim B = 4 // ".utf8) + [0xe2, 0x82]),
  ]

}

@Suite struct HostileInputTests {

  @Test(arguments: HostileFile.all)
  func `a file that is no model is refused`(_ file: HostileFile) throws {
    let w = Workspace()
    try w.write("model.cgm", file.bytes)
    let r = try w.cgadc("compile", "model.cgm").exits(1)
    #expect(r.results.isEmpty && r.messages.contains("model.cgm") && r.messages.contains("[CG"), "\(r)")
    // All errors of a file are reported, but not those of noise.
    #expect(r.messages.utf8.count < 100_000)
    #expect(try w.names == ["model.cgm"])
  }

  @Test(arguments: HostileFile.all)
  func `a file that is no plan is refused`(_ file: HostileFile) throws {
    let w = Workspace()
    try w.write("model.cgplan", file.bytes)
    for (program, command) in [(Program.cgadc, "verify"), (.cgad, "run")] {
      let r = try w.run(program, [command, "model.cgplan"])
      try r.refuses(2, "model.cgplan:")
      #expect(r.messages.utf8.count < 10_000)
    }
    try w.cgadc("dump", "model.cgplan", "--stage", "memory").refuses(2, "model.cgplan:")
    let info = try w.cgad("info", "model.cgplan")
    #expect([1, 2].contains(info.code) && info.results.isEmpty && info.messages.utf8.count < 10_000, "\(info)")
  }

  @Test(arguments: HostileFile.all)
  func `a file that is no module is refused`(_ file: HostileFile) throws {
    let w = Workspace()
    try w.write("model.cgir", file.bytes)
    let r = try w.cgadc("opt", "--pass", "cse", "model.cgir")
    try r.refuses(2, "model.cgir")
    #expect(r.messages.utf8.count < 10_000)
  }

  @Test(arguments: [
    (Program.cgadc, ["check", "."]), (.cgadc, ["compile", "."]), (.cgadc, ["dump", ".", "--stage", "ir"]),
    (.cgadc, ["opt", "."]), (.cgadc, ["verify", "."]), (.cgad, ["run", "."]), (.cgad, ["verify", "."]),
    (.cgad, ["bench", "."]), (.cgad, ["info", "."]),
  ])
  func `a folder is no file`(_ program: Program, _ arguments: [String]) throws {
    try Workspace().run(program, arguments).refuses(2, "error: .: ")
  }

  @Test(arguments: [
    (Program.cgadc, ["compile"], Int32(1)), (.cgadc, ["check"], 1), (.cgadc, ["opt"], 2), (.cgadc, ["verify"], 2),
    (.cgad, ["run"], 2), (.cgad, ["info"], 2),
  ])
  func `an empty device is refused`(_ program: Program, _ arguments: [String], _ code: Int32) throws {
    try Workspace().run(program, arguments + ["/dev/null"]).refuses(code, "/dev/null")
  }

  @Test(arguments: [
    (Program.cgadc, ["compile"]), (.cgadc, ["opt"]), (.cgad, ["run"]), (.cgad, ["info"]),
  ])
  func `a device without end is refused`(_ program: Program, _ arguments: [String]) throws {
    try Workspace().run(program, arguments + ["/dev/zero"]).refuses(2, "/dev/zero")
  }

}
