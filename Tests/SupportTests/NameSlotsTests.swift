import Support
import Testing

@Suite struct NameSlotsTests {

  @Test func `names of the same hash have positions of their own`() {
    let names = (0..<200).map { "v\($0)" }
    var slots = NameSlots()
    for (i, name) in names.enumerated() {
      #expect(slots.position(of: name, hash: 7) { names[$0] } == nil)
      slots.insert(i, hash: 7)
    }
    #expect(names.indices.allSatisfy { (i) in slots.position(of: names[i], hash: 7) { names[$0] } == i })
    #expect(slots.position(of: "v200", hash: 7) { names[$0] } == nil)
    #expect(slots.count == 200)
  }

  @Test func `room made beforehand changes nothing`() {
    let names = (0..<1000).map { "layers.\($0).weight" }
    var (roomy, narrow) = (NameSlots(), NameSlots())
    roomy.reserveCapacity(1000)
    for (i, name) in names.enumerated() {
      roomy.insert(i, hash: NameSlots.hash(of: name))
      narrow.insert(i, hash: NameSlots.hash(of: name))
    }
    for name in names + ["layers.1000.weight", ""] {
      let hash = NameSlots.hash(of: name)
      #expect(roomy.position(of: name, hash: hash) { names[$0] } == narrow.position(of: name, hash: hash) { names[$0] })
    }
  }

}
