import Testing

/// What `cgadc check` prints for machines.
@Suite struct CheckFormatTests {

  /// A model with two errors: a name on line 5 and a setting on line 10.
  static let wrong = """
    dim B = 4, D = 8
    data x: f32[B, D] = synthetic()
    model Net(x: f32[B, D]) -> f32[B, D] {
      param weight: f32[D, D]
      return x @ wieght
    }
    train {
      loss = mean(Net(batch(x)))
      optimizer = sgd(lr: 0.1)
      epoch = 3
    }

    """

  private static func warned() -> String {
    Models.chain() + "schedule {\n  recompute h.**\n  save h.{1..2}.h\n}\n"
  }

  @Test func `json says everything that the text says`() throws {
    let w = Workspace()
    try w.write("m.cgm", Self.wrong)
    let r = try w.cgadc("check", "m.cgm", "--format", "json").exits(1)
    #expect(r.messages.isEmpty)
    let d = try r.json
    #expect(d["dropped"] == .number(0) && d["failures"] == .array([]))
    let all = d["diagnostics"].elements
    #expect(all.map { $0["code"] } == [.string("CG0201"), .string("CG0407")])
    for e in all { Self.keys.expect(exactlyIn: e) }
    let first = all[0]
    #expect(first["file"] == .string("m.cgm") && first["severity"] == .string("error"))
    #expect(first["message"] == .string("unknown name 'wieght'"))
    // Before the name are the bytes of four lines, and 13 of '  return x @ ' on its own.
    let offset = Self.wrong.split(separator: "\n").prefix(4).reduce(13) { $0 + $1.utf8.count + 1 }
    Self.position(first["span"]["start"], line: 5, column: 14, offset: offset)
    Self.position(first["span"]["end"], line: 5, column: 20, offset: offset + 6)
    #expect(first["notes"].elements[0]["message"] == .string("did you mean 'weight'?"))
    #expect(first["notes"].elements[0]["span"] == .null)
    let fix = first["fixIts"].elements[0]
    #expect(fix["replacement"] == .string("weight") && fix["span"] == first["span"])
  }

  private static let keys = JSONKeys(kinds: [
    "code": .string, "file": .string, "severity": .word(["error", "warning"]), "message": .string, "span": .object,
    "notes": .objects, "fixIts": .objects,
  ])

  private static func position(_ p: JSONValue, line: Int, column: Int, offset: Int) {
    #expect(p["line"].integer == line)
    #expect(p["column"].integer == column)
    #expect(p["offset"].integer == offset)
  }

  @Test func `columns are characters in json and code points in sarif`() throws {
    let w = Workspace()
    try w.write("m.cgm", "let s = \"e\u{301}\u{1f600}\" \u{d7} 2\n")
    // let s = "é😀" × 2: the sign is the 14th character; e and its accent are two code points, so the 15th of those;
    // the bytes before it are 9 of let s = ", 1 + 2 of é, 4 of 😀, a quote and a blank: 18.
    let j = try w.cgadc("check", "m.cgm", "--format", "json").exits(1).json["diagnostics"].elements[0]
    Self.position(j["span"]["start"], line: 1, column: 14, offset: 18)
    let s = try w.cgadc("check", "m.cgm", "--format", "sarif").exits(1).json["runs"].elements[0]
    #expect(s["columnKind"] == .string("unicodeCodePoints"))
    let region = s["results"].elements[0]["locations"].elements[0]["physicalLocation"]["region"]
    #expect(region["startLine"].integer == 1 && region["startColumn"].integer == 15)
    #expect(region["endLine"].integer == 1 && region["endColumn"].integer == 16)
  }

  @Test func `sarif has what its schema requires`() throws {
    let w = Workspace()
    try w.write("a b.cgm", Self.wrong)
    let d = try w.cgadc("check", "a b.cgm", "--format", "sarif").exits(1).json
    #expect(d["version"] == .string("2.1.0"))
    #expect(d["$schema"].string?.hasSuffix("/sarif-schema-2.1.0.json") ?? false)
    let run = d["runs"].elements[0]
    let driver = run["tool"]["driver"]
    #expect(driver["name"] == .string("cgadc") && driver["version"].string != nil)
    let rules = driver["rules"].elements
    #expect(Set(rules.compactMap { $0["id"].string }).count == rules.count)
    for r in rules {
      #expect(r["shortDescription"]["text"].string?.hasSuffix(".") ?? false)
      #expect(r["fullDescription"]["text"].string != nil && r["helpUri"] == .null)
    }
    #expect(run["invocations"].elements[0]["executionSuccessful"] == .bool(true))
    let results = run["results"].elements
    #expect(results.count == 2)
    for r in results {
      let index = try #require(r["ruleIndex"].integer)
      #expect(rules[index]["id"] == r["ruleId"])
      #expect(r["level"] == .string("error") && r["message"]["text"].string != nil)
      let place = r["locations"].elements[0]["physicalLocation"]
      #expect(place["artifactLocation"]["uri"] == .string("a%20b.cgm"))
    }
    let change = results[0]["fixes"].elements[0]["artifactChanges"].elements[0]
    #expect(change["artifactLocation"]["uri"] == .string("a%20b.cgm"))
    let replacement = change["replacements"].elements[0]
    #expect(replacement["insertedContent"]["text"] == .string("weight"))
    #expect(
      replacement["deletedRegion"] == results[0]["locations"].elements[0]["physicalLocation"]["region"])
  }

  @Test func `a note with a place is a related location, one without is part of the message`() throws {
    let w = Workspace()
    try w.write("m.cgm", "let c = .5\n" + Models.chain())
    #expect(try w.cgadc("check", "m.cgm").exits(1).messages.contains("\nnote: a number starts with a digit"))
    let text = try #require(try Self.results("m.cgm", in: w).first)["message"]["text"].string
    #expect(text?.contains("\nnote: a number starts with a digit") ?? false)
    try w.write("m.cgm", "let a = 1\nlet a = 2\n" + Models.chain())
    let twice = try #require(try Self.results("m.cgm", in: w).first)
    let related = try #require(twice["relatedLocations"].elements.first)
    #expect(related["physicalLocation"]["region"]["startLine"].integer == 1)
    #expect(related["message"]["text"] == .string("the first declaration is here"))
    #expect(twice["relatedLocations"].elements.count == 1)
  }

  private static func results(_ model: String, in w: Workspace) throws -> [JSONValue] {
    try w.cgadc("check", model, "--format", "sarif").exits(1).json["runs"].elements[0]["results"].elements
  }

  @Test(arguments: ["json", "sarif"])
  func `all files are in one document, and the worst result counts`(_ format: String) throws {
    let w = Workspace()
    try w.write("a.cgm", Self.wrong)
    try w.write("b.cgm", Models.chain())
    try w.write("c.cgm", "dim B =\n")
    let r = try w.cgadc("check", "a.cgm", "b.cgm", "c.cgm", "absent.cgm", "--format", format).exits(2)
    #expect(r.messages.contains("absent.cgm"))
    let d = try r.json
    if format == "json" {
      #expect(d["diagnostics"].elements.compactMap { $0["file"].string } == ["a.cgm", "a.cgm", "c.cgm"])
      #expect(d["failures"].elements.map { $0["file"] } == [.string("absent.cgm")])
    } else {
      #expect(d["runs"].elements[0]["results"].elements.count == 3)
      let invocation = d["runs"].elements[0]["invocations"].elements[0]
      #expect(invocation["executionSuccessful"] == .bool(false))
      #expect(invocation["toolExecutionNotifications"].elements.count == 1)
    }
  }

  @Test(arguments: ["json", "sarif"])
  func `a clean check prints a document without results`(_ format: String) throws {
    let w = Workspace()
    try w.write("m.cgm", Models.chain())
    let r = try w.cgadc("check", "m.cgm", "--format", format).exits(0)
    #expect(r.messages.isEmpty)
    let results = format == "json" ? try r.json["diagnostics"] : try r.json["runs"].elements[0]["results"]
    #expect(results == .array([]))
  }

  @Test(arguments: ["json", "sarif"])
  func `a warning is one, and --Werror changes the exit code alone`(_ format: String) throws {
    let w = Workspace()
    try w.write("m.cgm", Self.warned())
    let plain = try w.cgadc("check", "m.cgm", "--format", format).exits(0)
    let strict = try w.cgadc("check", "m.cgm", "--format", format, "-Werror").exits(1)
    #expect(plain.results == strict.results)
    #expect(plain.results.contains("\"CG0513\"") && plain.results.contains("\"warning\""))
  }

  @Test(arguments: ["json", "sarif"])
  func `an error without a place names the file`(_ format: String) throws {
    let w = Workspace()
    try w.write("m.cgm", Models.chain())
    let r = try w.cgadc("check", "m.cgm", "--format", format, "--budget", "100").exits(3)
    if format == "json" {
      let e = try r.json["diagnostics"].elements[0]
      #expect(e["code"] == .string("CG0501") && e["span"] == .null && e["file"] == .string("m.cgm"))
    } else {
      let place = try r.json["runs"].elements[0]["results"].elements[0]["locations"].elements[0]["physicalLocation"]
      #expect(place["artifactLocation"]["uri"] == .string("m.cgm") && place["region"] == .null)
    }
  }

}
