import Support
import Testing

@Suite struct NameTableTests {

  @Test func `holds what a set holds`() {
    var table = NameTable(["delete", "loss"])
    var set: Set<String> = ["delete", "loss"]
    for i in 0..<5000 {
      let name = "h.\(i * 7919 % 3001).weight"  // each name comes once or twice
      #expect(table.insert(name) == set.insert(name).inserted)
    }
    #expect(table.count == set.count && set.count == 3003)
    #expect(set.allSatisfy(table.contains))
    #expect(!table.contains("h.3001.weight") && !table.contains(""))
  }

  @Test func `room made beforehand changes nothing`() {
    var table = NameTable()
    table.reserveCapacity(1000)
    #expect(table.insert("a") && !table.insert("a"))
    table.reserveCapacity(10)
    #expect(table.contains("a") && table.count == 1)
  }

}
