import Foundation
import Testing

/// What people read of plans: `cgadc explain PLAN`, `compile --emit`, `dump --fold`, and what `cgad` measures.
@Suite struct ReviewCommandTests {

  @Test(arguments: [
    ([], "saved       "), (["peak"], "persistent "), (["saved"], "source"), (["step", "3"], "step 3 of "),
    (["hidden.0.x"], "computed"), (["hidden.*.dense.**"], "(x6)"),
  ])
  func `a plan is explained, and as its model is`(_ topic: [String], _ part: String) throws {
    let w = Workspace()
    try w.compile(Sample.digits.path)
    let r = try w.run(.cgadc, ["explain", "model.cgplan"] + topic).exits(0)
    #expect(r.results.contains(part), "\(r)")
    #expect(try w.run(.cgadc, ["explain", Sample.digits.path] + topic).exits(0).results == r.results)
  }

  @Test func `a plan says which rule decides, and explain what a rule decides`() throws {
    let w = Workspace()
    let rules = "schedule {\n  checkpoint = every(k: 2)\n  recompute h.**\n  save h.{1..2}.h\n}\n"
    try w.write("chain.cgm", Models.chain(4) + rules)
    try w.compile("chain.cgm")
    let lines = try w.text("model.cgplan").split(separator: "\n").filter { $0.contains(", rule chain.cgm:") }
    #expect(
      lines.contains { $0.hasPrefix("  h.1.h~2 = relu ") && $0.hasSuffix("saved, rule chain.cgm:22") }, "\(lines)")
    #expect(
      lines.contains { $0.hasPrefix("  h.0.h = tanh ") && $0.hasSuffix("not saved, rule chain.cgm:21") }, "\(lines)")
    let saved = try w.cgadc("explain", "model.cgplan", "chain.cgm:22").exits(0).results
    #expect(saved.hasPrefix("chain.cgm:22: 4 values, 512 B in all\n") && saved.contains("h.1..2.h"), "\(saved)")
    try w.cgadc("explain", "model.cgplan", "chain.cgm:3").exits(1)
  }

  @Test func `what is not there is not explained`() throws {
    let w = Workspace()
    try w.compile(Sample.digits.path)
    try w.cgadc("explain", "model.cgplan", "hiden.0.x").refuses(1, "no value 'hiden.0.x'", "did you mean 'hidden.0.x'")
    try w.cgadc("explain", "model.cgplan", "step", "0").refuses(1, "has steps 1 to ")
    try w.cgadc("explain", "model.cgplan", "step").refuses(64, "step 12")
    try w.cgadc("explain", "model.cgplan", "peak", "--program", "none").refuses(1, "no program 'none'")
    try w.cgadc("explain", "absent.cgplan", "peak").refuses(2, "absent.cgplan")
  }

  @Test func `compile writes what is asked for, the same each time`() throws {
    let w = Workspace()
    let flags = ["--emit", "schedule,memory,dot,html,trace,json", "--remarks", "r.yaml"]
    for folder in ["a", "b"] {
      try w.run(.cgadc, ["compile", Sample.digits.path, "-o", "d.cgplan", "--emit-dir", folder] + flags).exits(0)
    }
    let names = [
      "d.dot", "d.html", "d.memory.folded.txt", "d.memory.txt", "d.schedule.folded.txt", "d.schedule.json",
      "d.schedule.txt", "d.trace.json",
    ]
    #expect(try FileManager.default.contentsOfDirectory(atPath: w.file("a")).sorted() == names)
    for n in names { #expect(try w.text("a/\(n)") == w.text("b/\(n)"), "\(n)") }
    #expect(try w.text("a/d.html").contains("<h2>Policies</h2>"))
    let remarks = try w.text("r.yaml")
    #expect(
      remarks.hasPrefix("--- !")
        && remarks.contains("--- !Passed\nPass:            schedule\nName:            Recomputed\n"))
    #expect(remarks.contains("DebugLoc:        { File: 'digits.cgm', Line: "))
  }

  @Test func `a page has the curve of a sweep where one is asked for`() throws {
    let w = Workspace()
    func circles(_ flags: [String]) throws -> Int {
      let all = ["compile", Sample.digits.path, "-o", "d.cgplan", "--emit", "html", "--solver-moves", "300"] + flags
      try w.run(.cgadc, all).exits(0)
      return try w.text("d.html").split(separator: "\n").count { $0.contains("class=\"swept\"") }
    }
    #expect(try circles([]) == 0 && circles(["--sweep-points", "3"]) == 3)
    try w.cgadc("compile", Sample.digits.path, "--sweep-points", "3").exits(64)
  }

  @Test func `phases are dumped, printed and timed`() throws {
    let w = Workspace()
    let flags = ["--dump-phases", "phases", "--time-passes", "--print-after", "differentiate"]
    let r = try w.run(.cgadc, ["compile", Sample.digits.path, "-o", "d.cgplan"] + flags).exits(0)
    let names = try FileManager.default.contentsOfDirectory(atPath: w.file("phases")).sorted()
    #expect(names.first == "01-parse.txt" && names.dropFirst().first == "02-lower.cgir", "\(names)")
    #expect(names.last == "\(names.count)-plan.cgplan" && names.contains { $0.hasSuffix("-differentiate.cgir") })
    #expect(try w.text("phases/\(names.last ?? "")") == w.text("d.cgplan"))
    #expect(r.messages.contains("// after differentiate\ncgir 1\n") && !r.messages.contains("// after lower"))
    for phase in ["phase ", "\nschedule ", " ms "] { #expect(r.messages.contains(phase), "\(r)") }
    try w.cgadc("compile", Sample.digits.path, "--print-after", "nothing").exits(64)
  }

  @Test func `nothing is written that is not asked for`() throws {
    let w = Workspace()
    try w.compile(Sample.digits.path)
    #expect(try w.names == ["model.cgplan"])
    try w.cgadc("compile", Sample.digits.path, "--emit", "pdf").exits(64)
    try w.cgadc("compile", Sample.digits.path, "--emit-dir", "x").exits(64)
    #expect(try w.names == ["model.cgplan"])
  }

  @Test(arguments: [
    ("schedule", "dot", "digraph"), ("schedule", "html", "<!DOCTYPE html>"), ("schedule", "trace", "traceEvents"),
    ("memory", "svg", "<svg "),
  ])
  func `a plan is dumped in other forms`(_ stage: String, _ format: String, _ part: String) throws {
    let w = Workspace()
    try w.compile(Sample.digits.path)
    #expect(try w.cgadc("dump", "model.cgplan", "--stage", stage, "--format", format).exits(0).results.contains(part))
  }

  @Test func `layers are folded where that is asked for`() throws {
    let w = Workspace()
    try w.compile(Sample.deep.path, "--policy", "every(k: 2)")
    let folded = try w.cgadc("dump", "model.cgplan", "--stage", "schedule", "--fold").exits(0).results
    #expect(folded.contains(", same pattern)"))
    #expect(!(try w.cgadc("dump", "model.cgplan", "--stage", "schedule").exits(0).results.contains("same pattern")))
    try w.cgadc("dump", "model.cgplan", "--stage", "plan", "--fold").refuses(64, "--fold")
  }

  @Test func `the last step is measured, with the live bytes that were planned`() throws {
    let w = try Workspace.withDigits()
    try w.compile(Sample.digits.path)
    let r = try w.cgad("run", "model.cgplan", "--steps", "2", "--trace", "t.json", "--profile").exits(0)
    for part in ["of that recomputation", "operation ", "path ", "matmul "] {
      #expect(r.results.contains(part), "\(r)")
    }
    let events = try JSONDecoder().decode(JSONValue.self, from: Data(w.text("t.json").utf8))["traceEvents"].elements
    let measured = events.filter { $0["name"] == .string("measured live bytes") }
    let planned = events.filter { $0["name"] == .string("live bytes") }
    #expect(measured.count == planned.count && measured.count > 50)
    for (m, p) in zip(measured, planned) {
      guard case .object(let groups) = p["args"] else { continue }
      #expect(m["args"]["bytes"].number == groups.values.compactMap(\.number).reduce(0, +))
    }
  }

  @Test func `measuring changes nothing`() throws {
    let w = try Workspace.withDigits()
    try w.compile(Sample.digits.path)
    let plain = try w.train("model.cgplan", "--steps", "3")
    let traced = try w.train("model.cgplan", "--steps", "3", "--trace", "t.json")
    for key in ["parameters_digest", "gradients_digest", "loss"] { #expect(plain[key] == traced[key]) }
    try w.cgad("run", "model.cgplan", "--steps", "1", "--json", "--profile").exits(64)
  }

  @Test func `a report has what was planned and what was measured`() throws {
    let w = try Workspace.withDigits()
    try w.compile(Sample.digits.path)
    try w.cgad("report", "model.cgplan").exits(0)
    let page = try w.text("model.html")
    #expect(page.hasPrefix("<!DOCTYPE html>") && page.contains("<h2>Measured</h2>") && page.contains("The peak, "))
    #expect(!page.contains("<script"))
  }

  @Test(arguments: [("900KiB", 0), ("300KiB", 3)] as [(String, Int32)])
  func `the recipe fails a change that outgrows its budget, and no other`(_ budget: String, _ code: Int32) throws {
    let w = Workspace()
    for tree in ["old", "new"] { try w.makeFolder("\(tree)/samples/ci") }
    let model = try String(contentsOfFile: Sample.digits.path, encoding: .utf8)
    try w.write("old/samples/digits.cgm", model)
    try w.write("new/samples/digits.cgm", model.replacing("sqrt()", with: "none()"))
    try w.write("new/samples/ci/budgets", "# a comment\n\nsamples/digits.cgm \(budget)\n")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["\(Sample.folder)/ci/review-schedules", w.file("old"), w.file("new"), w.file("comment.md")]
    process.environment = ProcessInfo.processInfo.environment.merging(["CGADC": try Program.cgadc.path]) { $1 }
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == code)
    let comment = try w.text("comment.md")
    #expect(comment.hasPrefix("### samples/digits.cgm, within \(budget)\n"))
    #expect(comment.contains("does not fit") == (code == 3))
  }

}
