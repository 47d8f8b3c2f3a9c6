import Operations
package import Support

extension CostProfile {

  /// The most bytes of a text that is read.
  package static let greatestText = 4 << 20

  /// Reads the JSON of a profile.
  ///
  /// Members may come in any order, with any blanks between tokens.
  ///
  /// - Throws: the line and column of the first thing that is not as it should be, and what was expected there.
  package init(reading bytes: [UInt8]) throws(TextError) {
    var reader = ProfileReader(bytes)
    self = try reader.profile()
  }

}

/// One reading of one text, from its first byte to its last.
private struct ProfileReader {

  private var scanner: TextScanner

  private var version: Int?

  private var name: String?

  private var target: String?

  private var threads: Int?

  private var hasUnit = false

  private var classes: [CostProfile.Class]?

  init(_ bytes: [UInt8]) {
    let (tab, carriage, blank) = (UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: " "))
    scanner = .init(bytes.map { $0 == tab || $0 == carriage ? blank : $0 })
  }

  mutating func profile() throws(TextError) -> CostProfile {
    scanner.skipEmptyLines()
    if scanner.peek() != UInt8(ascii: "{") { throw scanner.error("not a cost profile: it does not start with '{'") }
    try object { (reader, member) throws(TextError) in try reader.readMember(member) }
    scanner.skipEmptyLines()
    if !scanner.isAtEnd { throw scanner.error("expected the end of the text") }
    guard version != nil, hasUnit else { throw missing(version == nil ? "cgad_costs" : "unit") }
    guard let name else { throw missing("name") }
    guard let target else { throw missing("target") }
    guard let threads else { throw missing("threads") }
    guard let classes else { throw missing("classes") }
    return .init(name: name, target: target, threads: threads, classes: classes)
  }

  private func missing(_ member: String) -> TextError { scanner.error("the profile has no '\(member)'") }

  private mutating func readMember(_ member: String) throws(TextError) {
    switch member {
    case "cgad_costs":
      let number = try integer(in: 0...Int.max)
      guard number == CostProfile.version else {
        throw scanner.error("a cost profile of version \(number), but this program reads \(CostProfile.version)")
      }
      version = number
    case "name": name = try string()
    case "target":
      let word = try string()
      guard ["cpu", "cuda"].contains(word) else { throw scanner.error("a target is 'cpu' or 'cuda', not '\(word)'") }
      target = word
    case "threads": threads = try integer(in: 1...256)
    case "unit":
      guard try string() == "ns" else { throw scanner.error("the unit of times is 'ns'") }
      hasUnit = true
    case "classes": try readClasses()
    case _: throw scanner.error("a cost profile has no member '\(member)'")
    }
  }

  private mutating func readClasses() throws(TextError) {
    var all: [CostProfile.Class] = []
    try object { (reader, name) throws(TextError) in
      if name != CostProfile.others, name != CostProfile.copies, !OperationSample.mnemonics.contains(name) {
        let near = Suggestion.nearest(to: name, in: OperationSample.mnemonics.sorted())
        let hint = near.map { "; did you mean '\($0)'?" } ?? ""
        throw reader.scanner.error("there is no operation '\(name)'\(hint)")
      }
      all.append(try reader.readClass(name))
    }
    guard all.contains(where: { $0.name == CostProfile.others }) else {
      throw scanner.error("the classes have no '\(CostProfile.others)', which stands for all other operations")
    }
    classes = all
  }

  private mutating func readClass(_ name: String) throws(TextError) -> CostProfile.Class {
    var (flops, bytes): (CostCurve?, CostCurve?)
    try object { (reader, member) throws(TextError) in
      switch member {
      case "flops": flops = try reader.curve()
      case "bytes": bytes = try reader.curve()
      case _: throw reader.scanner.error("a class has 'flops' and 'bytes', not '\(member)'")
      }
    }
    if flops == nil, bytes == nil { throw scanner.error("'\(name)' has neither 'flops' nor 'bytes'") }
    if name == CostProfile.copies, flops != nil { throw scanner.error("'\(name)' has 'bytes', not 'flops'") }
    return .init(name: name, flops: flops, bytes: bytes)
  }

  /// Consumes points, as `[[1024, 410], [4096, 980]]`.
  private mutating func curve() throws(TextError) -> CostCurve {
    var points: [CostCurve.Point] = []
    try expect("[")
    repeat {
      try expect("[")
      let work = try integer(in: 0...CostCurve.greatest)
      try expect(",")
      let time = try integer(in: 0...CostCurve.greatest)
      if let last = points.last {
        if work <= last.work { throw scanner.error("the work of points ascends; \(work) comes after \(last.work)") }
        if time < last.nanoseconds {
          throw scanner.error("more work takes no less time; \(time) ns come after \(last.nanoseconds)")
        }
      }
      points.append(.init(work: work, nanoseconds: time))
      if points.count > CostCurve.mostPoints { throw scanner.error("more than \(CostCurve.mostPoints) points") }
      try expect("]")
    } while take(",")
    try expect("]")
    return .init(points)
  }

  /// Consumes an object, of whose members `member` consumes the values.
  private mutating func object(
    _ member: (inout ProfileReader, String) throws(TextError) -> Void
  ) throws(TextError) {
    try expect("{")
    if take("}") { return }
    var names: Set<String> = []
    repeat {
      let name = try string()
      if !names.insert(name).inserted { throw scanner.error("'\(name)' comes twice") }
      try expect(":")
      scanner.skipEmptyLines()
      try member(&self, name)
    } while take(",")
    try expect("}")
  }

  private mutating func string() throws(TextError) -> String {
    scanner.skipEmptyLines()
    return try scanner.string()
  }

  private mutating func integer(in range: ClosedRange<Int>) throws(TextError) -> Int {
    scanner.skipEmptyLines()
    let start = scanner
    let n = try scanner.integer()
    if !range.contains(n) { throw start.error("\(n) is not from \(range.lowerBound) to \(range.upperBound)") }
    return n
  }

  private mutating func take(_ text: StaticString) -> Bool {
    scanner.skipEmptyLines()
    return scanner.take(text)
  }

  private mutating func expect(_ text: StaticString) throws(TextError) {
    scanner.skipEmptyLines()
    try scanner.expect(text)
  }

}
