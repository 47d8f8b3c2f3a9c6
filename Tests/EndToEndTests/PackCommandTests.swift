import Testing

/// `cgadc pack`.
@Suite struct PackCommandTests {

  /// Three buffers of 4 bytes, the last two live beside the first but not beside each other: 8 bytes.
  private static let table = "id,lower,upper,size\na,0,9,4\nb,0,3,4\nc,3,9,4\n"

  private static func workspace() throws -> Workspace {
    let w = Workspace()
    try w.write("buffers.csv", table)
    return w
  }

  @Test func `buffers get offsets within the capacity`() throws {
    let r = try Self.workspace().cgadc("pack", "buffers.csv", "--capacity", "8").exits(0)
    let lines = r.results.split(separator: "\n")
    #expect(lines.first == "id,lower,upper,size,offset")
    #expect(lines.count == 4)
    #expect(r.messages == "8 bytes of 8; no layout is smaller\n")
  }

  @Test func `the document has offsets, what is used and what is proved`() throws {
    let j = try Self.workspace().cgadc("pack", "buffers.csv", "--capacity", "10", "--json").exits(0).json
    let offsets = try ["a", "b", "c"].map { try #require(j["offsets"][$0].integer) }
    #expect(offsets[1] == offsets[2] && Set(offsets) == [0, 4])
    #expect(j["used"].integer == 8 && j["lower_bound"].integer == 8)
    #expect(j["proved"] == .bool(true))
  }

  @Test func `without a capacity as few bytes as possible are used`() throws {
    let j = try Self.workspace().cgadc("pack", "buffers.csv", "--solver-time", "5", "--json").exits(0).json
    #expect(j["used"].integer == 8 && j["proved"] == .bool(true))
  }

  @Test func `a capacity that is too small is refused with the least that works`() throws {
    let w = try Self.workspace()
    try w.cgadc("pack", "buffers.csv", "--capacity", "7").refuses(3, "does not fit 7 bytes", "the smallest found has 8")
    let j = try w.cgadc("pack", "buffers.csv", "--capacity", "7", "--json").exits(3).json
    #expect(j["least_found_bytes"].integer == 8 && j["lower_bound"].integer == 8 && j["proved"] == .bool(true))
  }

  @Test func `the memory of a plan is a table that can be packed again`() throws {
    let w = Workspace()
    try w.write("m.cgm", Models.chain())
    try w.cgadc("compile", "m.cgm", "-o", "p.cgplan").exits(0)
    let csv = try w.cgadc("dump", "p.cgplan", "--stage", "memory", "--format", "csv").exits(0).results
    #expect(csv.hasPrefix("id,lower,upper,size,alignment,offset\n"))
    try w.write("p.csv", csv)
    let used = csv.split(separator: "\n").dropFirst().compactMap { (l) -> Int? in
      let f = l.split(separator: ",").compactMap { Int($0) }
      return f.count >= 5 ? f[f.count - 1] + f[f.count - 3] : nil
    }.max()
    let j = try w.cgadc("pack", "p.csv", "--json").exits(0).json
    #expect(j["used"].integer == used)
  }

  @Test func `what is no table, or no flag, is refused`() throws {
    let w = try Self.workspace()
    try w.write("bad.csv", Self.table + "d,0,1\n")
    try w.cgadc("pack", "bad.csv", "--capacity", "8").refuses(2, "bad.csv:5: 3 fields for 4 columns")
    try w.cgadc("pack", "none.csv", "--capacity", "8").refuses(2, "none.csv")
    try w.cgadc("pack", "buffers.csv", "--capacity", "much").refuses(64, "--capacity")
    try w.cgadc("pack", "buffers.csv", "--solver-time", "soon").refuses(64, "--solver-time")
    try w.cgadc("pack", "buffers.csv", "--solver-nodes", "0").refuses(64, "--solver-nodes")
    try w.cgadc("dump", "p.cgplan", "--stage", "schedule", "--format", "csv").refuses(64, "--format csv")
  }

}
