import PlanFormat
import Testing

@Suite struct PlanValueListTests {

  @Test(arguments: [
    [], [0], [7, 7], [2, 1, 0], [0, 1, 2, 3], Array(0..<64), [-1], [0, .max], [Int(UInt32.max)], [Int(UInt32.max) - 1],
  ])
  func `a list has the values it was made of, positions or not`(_ values: [Int]) {
    let list = PlanValueList(values)
    #expect(Array(list) == values && list.count == values.count && list.isEmpty == values.isEmpty)
    #expect(list.indices.map { list[$0] } == values)
    #expect(list + list == values + values)
    #expect(list.dropFirst().map(\.self) == Array(values.dropFirst()))
  }

  @Test func `lists are equal iff their values are`() {
    let lists: [PlanValueList] = [[], [0], [0, 0], [0, 0, 0], [0, 0, 0, 0], [1, 0], [0, 1], [-1]]
    for (i, a) in lists.enumerated() {
      for (j, b) in lists.enumerated() { #expect((a == b) == (i == j)) }
    }
    #expect(Set(lists + lists).count == lists.count)
  }

  @Test func `three values take no memory beside the list`() { #expect(MemoryLayout<PlanValueList>.stride == 16) }

}
