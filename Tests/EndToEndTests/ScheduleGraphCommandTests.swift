import Testing

/// `cgadc schedule-graph`.
@Suite struct ScheduleGraphCommandTests {

  /// A chain a … f and back F … A, where each step back reads the value forward; 10 bytes and a cost of 1 each.
  private static let names = ["a", "b", "c", "d", "e", "f", "F", "E", "D", "C", "B", "A"]

  private static func sources(_ i: Int) -> [Int] {
    i == 0 ? [] : i < 6 ? [i - 1] : Array(Set([11 - i, i - 1])).sorted()
  }

  /// The chain in the form of Checkmate's graphs.
  private static var nodeLink: String {
    let nodes = names.enumerated().map { "{\"id\": \($0), \"name\": \"\($1)\", \"cost_cpu\": 1, \"cost_ram\": 10}" }
    let links = names.indices.flatMap { (i) in sources(i).map { "{\"source\": \($0), \"target\": \(i)}" } }
    return "{\"nodes\": [\(nodes.joined(separator: ", "))], \"links\": [\(links.joined(separator: ", "))]}"
  }

  /// The chain in the form of random layered graphs, its nodes named by numbers and listed backwards.
  private static var layered: String {
    let nodes = names.indices.map { "{\"name\": \(11 - $0), \"duration\": 1, \"out_cost\": 10}" }
    let links = names.indices.flatMap { (i) in sources(i).map { "{\"0\": \(11 - $0), \"1\": \(11 - i)}" } }
    let order = names.indices.map { "\(11 - $0)" }.joined(separator: ", ")
    return
      "{\"graph\": {\"order\": [\(order)]}, \"nodes\": [\(nodes.joined(separator: ", "))], \"links\": [\(links.joined(separator: ", "))]}"
  }

  /// The chain in the form of joint graphs: an input in front, and F reads f through a view.
  private static var joint: String {
    var nodes = [
      "{\"id\": 100, \"name\": \"in\", \"input\": true, \"alias\": null, \"bytes\": 4, \"cost_ns\": 0, \"deps\": []}"
    ]
    for (i, n) in names.enumerated() {
      if n == "F" {
        nodes.append("{\"id\": 50, \"name\": \"view\", \"alias\": 5, \"bytes\": 10, \"cost_ns\": 0, \"deps\": [5]}")
      }
      let deps = i == 0 ? [100] : n == "F" ? [50] : sources(i)
      nodes.append(
        "{\"id\": \(i), \"name\": \"\(n)\", \"alias\": null, \"bytes\": 10, \"cost_ns\": 1, \"deps\": \(deps)}")
    }
    return "{\"outputs\": [11], \"nodes\": [\(nodes.joined(separator: ", "))]}"
  }

  /// Executes a sequence, and returns its peak and the number of nodes that came again.
  private static func peak(of sequence: [JSONValue], alias: String? = nil) -> (bytes: Int, again: Int) {
    var (live, seen): (Set<String>, Set<String>) = ([], [])
    var (peak, again) = (0, 0)
    for s in sequence {
      if let name = s.elements.last {
        #expect(s.elements[0] == .string("delete"))
        #expect(live.remove("\(name)") != nil, "\(name) is not there")
        continue
      }
      again += seen.insert("\(s)").inserted ? 0 : 1
      #expect(live.insert("\(s)").inserted, "\(s) is there already")
      peak = max(peak, live.filter { $0 != alias }.count * 10)
    }
    return (peak, again)
  }

  @Test(arguments: [nodeLink, layered])
  func `a graph is scheduled within its budget`(_ graph: String) throws {
    let w = Workspace()
    try w.write("graph.json", graph)
    // Six values wait while the first step back is made: a to f and F; a fraction of 0.7 leaves 49 bytes of 70.
    let plain = try w.cgadc("schedule-graph", "graph.json", "--budget", "1.0", "--json").exits(0).json
    #expect(plain["peak_bytes"] == .number(70) && plain["overhead_flops_fraction"] == .number(0))
    let tight = try w.cgadc("schedule-graph", "graph.json", "--budget", "0.7", "--json").exits(0).json
    let (peak, again) = Self.peak(of: tight["sequence"].elements)
    #expect(tight["peak_bytes"] == .number(Double(peak)) && peak <= 49)
    #expect(tight["overhead_flops_fraction"].number == Double(again) / 12 && again > 0)
    let bound = try #require(tight["lower_bound_fraction"].number)
    #expect(bound > 0 && bound <= Double(again) / 12)
    let bytes = try w.cgadc("schedule-graph", "graph.json", "--budget", "49", "--json").exits(0).json
    #expect(bytes["sequence"] == tight["sequence"])
  }

  @Test func `views come with what they show and inputs are there`() throws {
    let w = Workspace()
    try w.write("graph.json", Self.joint)
    let r = try w.cgadc("schedule-graph", "graph.json", "--budget", "0.7", "--json").exits(0).json
    let names = r["sequence"].elements.filter { $0.elements.isEmpty }
    #expect(!names.contains(.string("in")) && names.contains(.string("view")))
    let (peak, _) = Self.peak(of: r["sequence"].elements, alias: "\(JSONValue.string("view"))")
    #expect(r["peak_bytes"] == .number(Double(peak)))
  }

  @Test func `a budget that nothing fits ends with the least that works`() throws {
    let w = Workspace()
    try w.write("graph.json", Self.nodeLink)
    let r = try w.cgadc("schedule-graph", "graph.json", "--budget", "20", "--json").exits(3)
    let least = try #require(r.json["least_feasible_bytes"].integer)
    try w.cgadc("schedule-graph", "graph.json", "--budget", "\(least)").exits(0)
    #expect(least >= 30)
  }

  @Test(arguments: [
    ("", "is no graph in JSON"), ("[]", "is no graph in JSON"), ("{\"nodes\": 3}", "is no graph in JSON"),
    ("{\"nodes\": [{\"name\": \"a\"}]}", "node 0 lacks a size"),
    ("{\"nodes\": [{\"name\": \"a\", \"bytes\": -1}]}", "node 0 lacks a size"),
    ("{\"nodes\": [{\"name\": \"a\", \"bytes\": 1, \"deps\": [7]}]}", "there is no node 7"),
    ("{\"nodes\": [{\"name\": \"a\", \"bytes\": 1, \"deps\": [0]}]}", "comes before node 0"),
    (
      "{\"nodes\": [{\"id\": 1, \"name\": \"a\", \"bytes\": 1}, {\"id\": 1, \"name\": \"b\", \"bytes\": 1}]}",
      "two nodes"
    ),
    ("{\"nodes\": [{\"name\": \"a\", \"bytes\": 1e300}]}", "too large"),
    ("{\"graph\": {\"order\": [0, 0]}, \"nodes\": [{\"name\": \"a\", \"bytes\": 1}]}", "every node once"),
  ])
  func `what is no graph is refused`(_ text: String, _ message: String) throws {
    let w = Workspace()
    try w.write("graph.json", text)
    try w.cgadc("schedule-graph", "graph.json", "--budget", "0.5").refuses(2, "graph.json", message)
  }

  @Test func `flags out of range are refused`() throws {
    let w = Workspace()
    try w.write("graph.json", Self.nodeLink)
    try w.cgadc("schedule-graph", "graph.json", "--budget", "much").refuses(64, "--budget")
    try w.cgadc("schedule-graph", "graph.json", "--budget", "0.5", "--solver-moves", "0").refuses(64, "--solver-moves")
    try w.cgadc("schedule-graph", "graph.json", "--budget", "0.5", "--solver-time", "soon").refuses(64, "--solver-time")
    try w.cgadc("schedule-graph", "none.json", "--budget", "0.5").refuses(2, "none.json")
  }

}
