import PlanFormat
import Emission
import Support
import Testing

/// What `cgadc explain` says of a plan.
@Suite struct ExplanationTests {

  @Test func `the peak is broken down, with its sum in sight`() throws {
    // h'2 and g of 512 bytes, two scalars of 4; storage 640 with 32 bytes of alignment behind b and its velocity each
    let text = ProgramReview(try Review.plan()).peakExplanation
    let expected = """
      peak 1.7 KiB (1732 bytes) = persistent 640 B + live in the arena 1 KiB + 60 B between them
      step 8 of 14, backward: g = mul h'2, grad(total)  // s.cgm:5
        group       bytes   share  values
        parameters   32 B   1.9 %       1
        optimizer    32 B   1.9 %       1
        batch       512 B  30.6 %       1
        adjoints    516 B  30.9 %       2
        transient     4 B   0.2 %       1
        recomputed  512 B  30.6 %       1

      """
    #expect(text.hasPrefix(expected), "\(text)")
  }

  @Test func `a value has its births, readers and deaths, and the cost of saving it`() throws {
    let r = ProgramReview(try Review.plan())
    let text = r.explanation(of: try #require(r.value(at: "h")))
    for line in [
      "h : f32[16,8], 512 B, recomputed", "1  computed    h     @0", "2  read by     y",
      "3  deleted     h     last use",
      "7  recomputed  h'2   @0  for the gradient of b", "8  read by     g", "9  deleted     h'2",
    ] { #expect(text.contains(line), "\(line) is not in\n\(text)") }
    // between step 3 and 7 at most y, h, total and grad(total) would live, less than the peak of 1032
    #expect(
      text.contains("to save it: 512 B more from step 3 to 7; live bytes peak at 1.6 KiB, now 1.6 KiB; 128 FLOP less"))
  }

  @Test func `a saved value has the cost of computing it again, a transient one none`() throws {
    let r = ProgramReview(try Review.layers())
    let saved = r.explanation(of: try #require(r.value(at: "h.0.mlp.return")))
    #expect(saved.contains("\nto recompute it: frees 4 KiB from step 10 to ") && !saved.contains("to save it"))
    let transient = r.explanation(of: try #require(r.value(at: "train.loss")))
    #expect(!transient.contains("to recompute it") && !transient.contains("to save it"))
  }

  @Test func `an instruction has what it reads and makes`() throws {
    let text = ProgramReview(try Review.plan()).explanation(ofStep: 8)
    for part in ["step 8 of 14, backward", "live bytes 1032 (1 KiB)", ": the peak", "reads  h'2", "makes  g"] {
      #expect(text.contains(part), "\(part) is not in\n\(text)")
    }
    #expect(!ProgramReview(try Review.plan()).explanation(ofStep: 7).contains("the peak\n"))
  }

  @Test func `a rule lists what it selects, layers in one line, and nothing else`() throws {
    let r = ProgramReview(try Review.layers())
    let text = r.explanation(ofRule: "rule") { (v, _) in v.path.hasSuffix(".mlp.return") }
    #expect(
      text == """
        rule: 6 values, 24 KiB in all
          fate   bytes each  type        values
          saved       4 KiB  f32[64,16]  h.0..5.mlp.return (x6)

        """)
    #expect(r.explanation(ofRule: "none") { (_, _) in false } == nil)
  }

  @Test func `what is saved has a line each, and the plan's total`() throws {
    let plan = try Review.layers()
    let lines = ProgramReview(plan).savedExplanation.split(separator: "\n")
    #expect(lines.count == 1 + 6 + 1)  // one value of each layer
    #expect(lines[1].hasPrefix("f32[64,16]   4096  h.0.mlp.return  layers.cgm:7  from step 4 for step "))
    #expect(lines[7] == "6 values, \(plan.totals.savedBytes) bytes (24 KiB)")
  }

}
