import Foundation
import Testing

@Suite struct RunCommandTests {

  /// What CLI.md lists.
  private static let keys = JSONKeys(kinds: [
    "plan": .string, "steps": .count, "loss": .numbers, "metrics": .object, "step_ms_median": .number,
    "peak_bytes_planned": .count,
    "peak_bytes_measured": .count, "host_bytes_planned": .count, "host_bytes_measured": .count,
    "rss_peak_bytes": .count, "bytes_freed_by_delete": .count,
    "computed_instructions": .count, "recomputed_instructions": .count, "executed_instructions": .count,
    "parameters": .count, "parameters_digest": .string, "gradients_digest": .string, "resumed_steps": .count,
    "checkpoint": .null, "lr": .numbers, "matmul_precision": .string, "matmul_library": .string,
  ])

  @Test func `run reports its keys, whose numbers add up`() throws {
    let w = try Workspace.withDigits()
    try w.compile(Sample.digits.path)
    let report = try w.train("model.cgplan", "--steps", "5")
    Self.keys.expect(exactlyIn: report)
    func count(_ key: String) -> Int { report[key].integer ?? -1 }
    #expect(count("steps") == 5 && report["loss"].elements.count == 5)
    #expect(count("executed_instructions") == count("computed_instructions") + count("recomputed_instructions"))
    // 64·64 + 64 for the input, six times the same, 64·10 + 10 for the output.
    #expect(count("parameters") == 7 * (64 * 64 + 64) + 650)
    #expect(report["metrics"]["accuracy"].number.map { (0...1).contains($0) } ?? false)
  }

  @Test func `results and progress are apart`() throws {
    let w = try Workspace.withDigits()
    try w.compile(Sample.digits.path)
    // 1,437 images are 11 batches of 120.
    let r = try w.cgad("run", "model.cgplan", "--steps", "12").exits(0)
    #expect(r.results.contains("digits.cgm  Digits  sqrt()  12 steps") && !r.results.contains("epoch 1"), "\(r)")
    #expect(r.messages.contains("epoch 1  step 11/12"))
    #expect(!r.messages.contains("\r") && !r.messages.contains("\u{1b}"), "nothing animates off a terminal")
  }

  @Test func `metrics are written as lines and as a table`() throws {
    let w = Workspace()
    try w.write("chain.cgm", Models.chain())
    try w.compile("chain.cgm")
    let report = try w.train("model.cgplan", "--metrics", "m.csv")
    _ = try w.train("model.cgplan", "--metrics", "m.jsonl")
    let table = try w.text("m.csv").split(separator: "\n")
    #expect(table.first == "kind,step,epoch,ms,lr,loss")
    #expect(
      table.dropFirst().compactMap { $0.split(separator: ",").last.flatMap { Double($0) } }
        == report["loss"].elements.compactMap(\.number))
    #expect(try w.text("m.jsonl").split(separator: "\n").count == 3)
  }

  @Test func `the learning rate of each step is reported everywhere`() throws {
    let w = Workspace()
    try w.write("chain.cgm", Models.chain(rate: "step(initial: 0.1, every: 2, factor: 0.5)"))
    try w.compile("chain.cgm")
    let report = try w.train("model.cgplan", "--metrics", "m.jsonl", "--steps", "3")
    #expect(report["lr"].elements.compactMap(\.number) == [0.1, 0.1, 0.05])
    let lines = try w.text("m.jsonl").split(separator: "\n")
    #expect(lines.count == 3 && lines[1].contains("\"lr\": 0.1") && lines[2].contains("\"lr\": 0.05"), "\(lines)")
    let text = try w.cgad("run", "model.cgplan", "--steps", "3").exits(0).results
    #expect(text.contains("lr ") && text.contains(" 0.1 -> 0.05\n"), "\(text)")
  }

  @Test func `tensors are written to a folder`() throws {
    let w = Workspace()
    try w.write("chain.cgm", Models.chain())
    try w.compile("chain.cgm")
    _ = try w.train("model.cgplan", "--dump-tensors", "out")
    #expect(try w.text("out/parameters/weight.npy", as: .isoLatin1).hasPrefix("\u{93}NUMPY"))
    #expect(try w.text("out/gradients/weight.npy", as: .isoLatin1).hasPrefix("\u{93}NUMPY"))
  }

  @Test func `a memory limit of exactly the peak is enough`() throws {
    let w = Workspace()
    try w.write("chain.cgm", Models.chain())
    let peak = try #require(try w.compile("chain.cgm")["peak_bytes"].integer)
    _ = try w.train("model.cgplan", "--memory-limit", "\(peak)")
    try w.cgad("run", "model.cgplan", "--memory-limit", "\(peak - 1)").refuses(3, "\(peak) bytes")
  }

  @Test func `A17: runs repeat, and a seed decides what they do`() throws {
    let w = try Workspace.withDigits()
    try w.compile(Sample.digits.path)
    func train(_ flags: String...) throws -> JSONValue {
      try w.run(.cgad, ["run", "model.cgplan", "--json", "--steps", "4"] + flags).exits(0).json
    }
    let (plain, again, one, two) = try (train(), train(), train("--seed", "1"), train("--seed", "2"))
    for key in ["loss", "parameters_digest", "gradients_digest", "peak_bytes_measured", "bytes_freed_by_delete"] {
      #expect(plain[key] == again[key])
      #expect(plain[key] == one[key], "the model says seed = 1")
    }
    for key in ["loss", "parameters_digest", "gradients_digest"] { #expect(plain[key] != two[key]) }
    #expect(plain["peak_bytes_measured"] == two["peak_bytes_measured"])
  }

}
