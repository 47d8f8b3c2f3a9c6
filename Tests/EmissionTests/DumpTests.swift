import Emission
import Foundation
import PlanFormat
import Support
import Testing

/// Dumps, graphs, traces and pages.
@Suite struct DumpTests {

  /// Returns how many instructions the lines of a folded dump of one program stand for: a line stands for as many as its
  /// heading says.
  private static func represented(_ dump: String) -> Int {
    var (total, repetitions) = (0, 1)
    for line in dump.split(separator: "\n") {
      if line.hasPrefix("end of layers") {
        repetitions = 1
      } else if let x = line.firstMatch(of: /\(x(\d+), same pattern\)/) {
        repetitions = Int(x.1) ?? 0
      } else if line.first == " ", let first = line.split(separator: " ").first, Int(first) != nil {
        total += repetitions
      }
    }
    return total
  }

  @Test func `a folded schedule stands for all instructions`() throws {
    for plan in [try Review.layers(), try Review.layers(policy: "none()"), try Review.gpt.get()] {
      let dump = plan.foldedScheduleDump
      #expect(Self.represented(dump) >= plan.programs.reduce(0) { $0 + $1.instructions.count })
      #expect(dump.split(separator: "\n").count < plan.scheduleDump.split(separator: "\n").count)
    }
    let layers = try Review.layers()
    #expect(Self.represented(layers.foldedScheduleDump) == 144 && layers.programs[0].instructions.count == 144)
  }

  @Test func `layers that differ are not folded`() throws {
    let text = Review.short
    let plan = try Review.plan(text)
    #expect(!plan.foldedScheduleDump.contains("same pattern"))
    // the second of three layers is another function
    let mixed = try Review.layers {
      $0.replacing(
        "repeat 6 as h { x = Layer(x) as mlp }", with: "x = Layer(x) as a\n  x = tanh(x)\n  x = Layer(x) as b")
    }
    #expect(!mixed.foldedScheduleDump.contains("same pattern"))
  }

  @Test func `the graph tells fates apart`() throws {
    let dot = ProgramReview(try Review.layers()).dot()
    let lines = dot.split(separator: "\n")
    func style(_ path: String) -> Substring? { lines.first { $0.contains("[label=\"\(path)\\n") } }
    #expect(style("h.0.mlp.return")?.contains("style=solid, penwidth=2") == true)
    #expect(style("h.0.mlp.return.lhs.lhs.x")?.contains("style=dashed") == true)
    #expect(style("train.loss")?.contains("color=\"#a0a0a0\"") == true)
    #expect(style("h.0.mlp.up")?.contains("shape=ellipse") == true)
    #expect(ProgramReview(try Review.layers()).dot(isFolded: true).split(separator: "\n").count * 3 < lines.count)
  }

  /// The events of the trace of `review`.
  private static func events(_ trace: String) throws -> [[String: Any]] {
    let document = try #require(try JSONSerialization.jsonObject(with: Data(trace.utf8)) as? [String: Any])
    return try #require(document["traceEvents"] as? [[String: Any]])
  }

  @Test func `the counters of a trace add up to the live bytes`() throws {
    let review = ProgramReview(try Review.layers())
    let counters = try Self.events(review.trace()).filter { $0["ph"] as? String == "C" }
    let sums = counters.map { ($0["args"] as? [String: Int] ?? [:]).values.reduce(0, +) }
    #expect(sums == review.liveBytes)
  }

  @Test func `a trace has a slice for every instruction but deletions, one after the other`() throws {
    let review = ProgramReview(try Review.layers())
    let slices = try Self.events(review.trace()).filter { $0["ph"] as? String == "X" }
    #expect(slices.count == review.program.instructions.count { $0.action != .delete })
    var end = 0.0
    for s in slices {
      let (start, duration) = (try #require(s["ts"] as? Double), try #require(s["dur"] as? Double))
      #expect(start >= end - 1e-6 && duration >= 1)
      end = start + duration
    }
    #expect(slices.count { $0["cat"] as? String == "recompute" } == 13)
  }

  @Test func `a measured trace has the measured times and bytes beside the planned ones`() throws {
    let review = ProgramReview(try Review.plan())
    let count = review.program.instructions.count
    let measured = MeasuredStep(
      starts: (0..<count).map { $0 * 2500 }, durations: .init(repeating: 1500, count: count),
      liveBytes: review.liveBytes)
    let events = try Self.events(review.trace(measured))
    let slices = events.filter { $0["ph"] as? String == "X" }
    #expect(slices[1]["ts"] as? Double == 2.5 && slices[1]["dur"] as? Double == 1.5)
    let bytes = events.filter { $0["name"] as? String == "measured live bytes" }
      .compactMap { ($0["args"] as? [String: Int])?["bytes"] }
    #expect(bytes == review.liveBytes)
  }

  @Test func `a page loads nothing, runs nothing and says what the peak is`() throws {
    let html = ReviewPage(try Review.layers()).html
    for part in ["<script", "<link", "<img", "url(", "@import", "https:"] { #expect(!html.contains(part)) }
    #expect(html.contains("peak 161 KiB, step 47") && html.contains("prefers-color-scheme:dark"))
    #expect(!html.contains("<h2>Policies</h2>") && !html.contains("<h2>Measured</h2>"))
    #expect(html == ReviewPage(try Review.layers()).html)
  }

  @Test func `a page compares schedules where there are others`() throws {
    let rows = [
      ComparedSchedule(
        policy: "a<b", peakBytes: 1 << 20, savedBytes: 5, overhead: 0.25, isSwept: false, isChosen: true),
      .init(policy: "none()", peakBytes: nil, savedBytes: 0, overhead: 0, isSwept: false, isChosen: false),
    ]
    let html = ReviewPage(try Review.plan(), comparison: rows).html
    #expect(html.contains("a&lt;b") && !html.contains("a<b") && html.contains("does not fit"))
  }

  @Test func `the page of gpt stays under 2 MB`() throws {
    #expect(ReviewPage(try Review.gpt.get()).html.utf8.count < 2_000_000)
  }

  @Test func `a profile gives recomputation its share`() throws {
    let review = ProgramReview(try Review.plan())
    let count = review.program.instructions.count
    let durations = (0..<count).map { review.program.instructions[$0].action == .delete ? 0 : 1_000_000 }
    let measured = MeasuredStep(
      starts: (0..<count).map { $0 * 1_000_000 }, durations: durations, liveBytes: review.liveBytes)
    let text = review.profile(measured)
    // 8 instructions but deletions, one of them a recomputation; add is executed twice
    #expect(text.contains("8.000 ms of it in instructions, 12.5 % of that recomputation"), "\(text)")
    #expect(text.contains("\nadd               2  2.000 ms  25.0 %     50.0 %\n"), "\(text)")
  }

}
