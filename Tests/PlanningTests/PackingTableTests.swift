import Planning
import Testing

@Suite struct PackingTableTests {

  private func read(_ text: String) throws(PackingTableError) -> PackingTable { try .init(csv: Array(text.utf8)) }

  @Test func `a line is a buffer that lives up to its upper step`() throws {
    let t = try read("id,lower,upper,size\nb1,0,3,4\nb2,3,9,5\n")
    #expect(t.ids == ["b1", "b2"])
    #expect(t.problem.buffers == [.init(size: 4, birth: 0, death: 3), .init(size: 5, birth: 3, death: 9)])
    #expect(t.problem.alignment == 1)
    #expect(t.problem.liveBytesBound == 5)
  }

  @Test func `columns come in any order, lines end as on other systems, blanks and empty lines do not count`() throws {
    let t = try read("size , offset,upper,lower,alignment,id\r\n\r\n 4,77,3,-1,16,a b\r\n5,,9,3,16,c")
    #expect(t.ids == ["a b", "c"])
    #expect(t.problem.buffers == [.init(size: 4, birth: -1, death: 3), .init(size: 5, birth: 3, death: 9)])
    #expect(t.problem.alignment == 16)
  }

  @Test func `hints do not count, and gaps may be none`() throws {
    let t = try read("id,lower,upper,size,alignment,hint,gaps\na,0,3,4,1,128,\n")
    #expect(t == .init(ids: ["a"], problem: .init(buffers: [.init(size: 4, birth: 0, death: 3)], alignment: 1)))
  }

  @Test func `what is written is read again`() throws {
    for alignment in [1, 64] {
      let p = PlanningProblem(
        buffers: [.init(size: 4, birth: 0, death: 3), .init(size: 0, birth: 3, death: 9)], alignment: alignment)
      let t = PackingTable(ids: ["x", "y'2"], problem: p)
      #expect(try read(t.csv()) == t)
      #expect(try read(t.csv(offsets: [0, 64])) == t)
    }
    #expect(try read("id,lower,upper,size\nb,0,3,4\n").csv(offsets: [8]) == "id,lower,upper,size,offset\nb,0,3,4,8\n")
  }

  @Test(arguments: [
    ("", 1, "no line of column names"), ("id,lower,upper\n", 1, "'size' is missing"),
    ("id,lower,upper,size,colour\n", 1, "no column 'colour'"),
    ("id,lower,upper,size,gaps\na,0,9,4,\nb,0,9,4,2-5\n", 3, "the buffer 'b' has gaps (2-5)"),
    ("id,lower,upper,size,id\n", 1, "'id' is there twice"),
    ("id,lower,upper,size\n\na,0,1\n", 3, "3 fields for 4 columns"),
    ("id,lower,upper,size\na,0,1,4\na,0,1,4\n", 3, "the id 'a' is there twice"),
    ("id,lower,upper,size\n,0,1,4\n", 2, "without id"), ("id,lower,upper,size\na,1,1,4\n", 2, "not before upper 1"),
    ("id,lower,upper,size\na,0,1,-4\n", 2, "a size of -4"), ("id,lower,upper,size\na,0,x,4\n", 2, "no whole number"),
    ("id,lower,upper,size\na,0,1,9223372036854775808\n", 2, "no whole number"),
    ("id,lower,upper,size\na,-9223372036854775808,1,4\n", 2, "no whole number"),
    ("id,lower,upper,size\na,0,1,281474976710656\n", 2, "too large to add up"),
    ("id,lower,upper,size,alignment\na,0,1,4,12\n", 2, "not a power of two"),
    ("id,lower,upper,size,alignment\na,0,1,4,8\nb,0,1,4,16\n", 3, "must be the same"),
    ("id,lower,upper,size\n" + String(repeating: "a", count: 5000), 2, "more than 4096 bytes"),
  ])
  func `what is no table is refused with its line`(_ text: String, _ line: Int, _ message: String) {
    do throws(PackingTableError) {
      _ = try read(text)
      Issue.record("'\(text.prefix(60))' was read")
    } catch {
      #expect(error.line == line)
      #expect(error.message.contains(message), "\(error.message)")
    }
  }

}
