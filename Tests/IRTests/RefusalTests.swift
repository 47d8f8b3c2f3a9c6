import IR
import Support
import Testing

/// Texts that are no module.
@Suite struct RefusalTests {

  private static let mean = "l = mean w {axes: [0, 1]} : f32[]  // a.cgm:4\nloss loss = l"

  @Test func `the module that the others are broken from is accepted`() {
    #expect(Texts.refusal(Self.mean) == "accepted")
  }

  @Test(arguments: [
    ("l = mean z {axes: [0, 1]} : f32[]  // a.cgm:4\nloss loss = l", "unknown value 'z'"),
    ("l = mean l {axes: [0, 1]} : f32[]  // a.cgm:4\nloss loss = l", "unknown value 'l'"),
    ("l = mean w {axes: [0, 1]} : f32[]  // a.cgm:4\nloss loss = z", "unknown value 'z'"),
    ("l = mean w {axes: [0, 1]} : f32[2]  // a.cgm:4\nloss loss = l", "the types of the results are others"),
    ("w = mean x {axes: [0, 1]} : f32[]  // a.cgm:4\nloss loss = w", "a name is taken or out of order"),
    ("l = add w, v : f32[2,3]  // a.cgm:4\nloss loss = l", "cannot broadcast [2, 3] with [3, 3]: extents 2 and 3"),
    ("l = relu w, w : f32[2,3]  // a.cgm:4\nloss loss = l", "relu takes 1 operands, not 2"),
    ("l = relu y : i32[2]  // a.cgm:4\nloss loss = l", "relu takes f32, not i32[2]"),
  ])
  func `texts with a wrong instruction are refused by the reader`(_ lines: String, _ message: String) {
    #expect(Texts.refusal(lines) == message)
  }

  @Test(arguments: [
    ("l = mean w {axes: [0, 1]} : f32[]  // a.cgm:4", "refused: train: there is not one loss"),
    (mean + "\nloss again = l", "refused: train: there is not one loss"),
    ("l = relu w : f32[2,3]  // a.cgm:4\nloss loss = l", "refused: train: the result 'loss' is not f32[]"),
    (
      "update w = sgd x {lr: 0.1, momentum: 0.0, decay: 0.0}  // a.cgm:3\n" + mean,
      "refused: train: 'update w = sgd x {lr: 0.1, momentum: 0.0, decay: 0.0}  // a.cgm:3': "
        + "an update before the backward part"
    ),
    (
      "backward\nupdate x = sgd w {lr: 0.1, momentum: 0.0, decay: 0.0}  // a.cgm:3\n" + mean,
      "refused: train: 'update x = sgd w {lr: 0.1, momentum: 0.0, decay: 0.0}  // a.cgm:3': "
        + "'x' is not a param"
    ),
  ])
  func `texts that break a rule of programs are refused by the verifier`(_ lines: String, _ message: String) {
    #expect(Texts.refusal(lines) == message)
  }

  /// Returns the text of the good module with `part` replaced.
  private static func refusal(replacing part: String, with other: String) -> String {
    let text = Texts.module(mean)
    precondition(text.contains(part), "no part \(part)")
    do throws(TextError) {
      _ = try Module(parsing: text.replacing(part, with: other, maxReplacements: 1))
      return "accepted"
    } catch {
      return error.description
    }
  }

  @Test(arguments: [
    ("cgir 1", "cgir 2", "1:1"), ("cgir 1", "", "1:1"), ("source \"a.cgm\"", "source a.cgm", "2:8"),
    ("model Net", "mode Net", "3:1"), ("B=2", "B=two", "4:8"), ("training 1 steps", "training 1 days", "5:"),
    ("optimizer sgd", "optimizer relu", "6:"), ("optimizer sgd", "optimizer sdg", "6:"),
    ("synthetic()", "nowhere()", "7:"), ("input x : f32[2,3]", "input x : f33[2,3]", "8:"),
    ("input x : f32[2,3]", "input x : f32[2,-3]", "8:"), ("input y", "input x", "9:"),
    ("input x : f32[2,3]", "input x : f32[2,3] ~ zeros()", "8:"), ("~ zeros()", "", "10:"),
    ("f32[2,3] ~ zeros()", "f32[99999999999,99999999999] ~ zeros()", "10:"),
    ("program train {", "program test {", "13:"), ("bind x = d.0", "bind x = d", "14:"), ("}\n", "", ""),
    ("}\n", "}\n}\n", ""), ("loss loss", "lost loss", "17:"),
  ])
  func `texts with a wrong header say where`(_ part: String, _ other: String, _ place: String) {
    let message = Self.refusal(replacing: part, with: other)
    #expect(message != "accepted")
    #expect(message.hasPrefix(place), "\(message)")
  }

}
