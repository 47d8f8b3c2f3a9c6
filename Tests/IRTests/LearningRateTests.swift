import Operations
import Support
import Testing

import func Glibc.cos
import func Glibc.pow

/// Rates as functions of the step, and their text.
@Suite struct LearningRateTests {

  private static func expectRates(
    _ rate: LearningRate, _ expected: (Int) -> Double, in steps: Range<Int> = 0..<120
  ) {
    for t in steps {
      let (value, e) = (rate.value(atStep: t), expected(t))
      #expect(abs(value - e) <= 1e-15 * max(1, abs(e)), "step \(t): \(value), not \(e)")
    }
  }

  @Test func `a constant rate is the same in every step`() {
    Self.expectRates(.constant(0.1)) { (_) in 0.1 }
  }

  /// PyTorch's `CosineAnnealingLR` of T_max = 100, eta_min = 0.001: (0.1 − 0.001)·(1 + cos(π·t/100))/2 + 0.001.
  @Test func `a cosine falls from its peak to its floor and stays there`() {
    let rate = LearningRate.cosine(peak: 0.1, floor: 0.001, .init(warmup: 0, total: 100))
    Self.expectRates(rate) { (t) in 0.001 + 0.099 * (1 + cos(.pi * Double(min(t, 100)) / 100)) / 2 }
    #expect(rate.value(atStep: 0) == 0.1)
    #expect(rate.value(atStep: 50) == 0.001 + 0.099 * 0.5)
    #expect(rate.value(atStep: 100) == 0.001)
    #expect(rate.value(atStep: .max) == 0.001)
  }

  /// PyTorch's `LinearLR(start_factor=1/5, total_iters=4)`, then `CosineAnnealingLR(T_max=6)` from step 4 on.
  @Test func `a warm-up rises from above 0 to the peak, which the step behind it has`() {
    let rate = LearningRate.cosine(peak: 1, floor: 0, .init(warmup: 4, total: 10))
    let rates = (0..<5).map(rate.value(atStep:))
    #expect(zip(rates, [0.2, 0.4, 0.6, 0.8, 1]).allSatisfy { abs($0 - $1) < 1e-15 })
    Self.expectRates(rate, { (t) in (1 + cos(.pi * Double(t - 4) / 6)) / 2 }, in: 4..<11)
  }

  /// PyTorch's `LinearLR(start_factor=1, end_factor=0.25, total_iters=8)` of 0.4.
  @Test func `a line goes from its first to its last rate and stays there`() {
    let rate = LearningRate.linear(from: 0.4, to: 0.1, .init(warmup: 0, total: 8))
    Self.expectRates(rate) { (t) in 0.4 * (1 - 0.75 * Double(min(t, 8)) / 8) }
    #expect(rate.value(atStep: 8) == 0.1)
  }

  /// PyTorch's `StepLR(step_size=3, gamma=0.5)` of 0.8.
  @Test func `a rate in steps is multiplied after every so many`() {
    let rate = LearningRate.step(initial: 0.8, every: 3, factor: 0.5)
    #expect((0..<8).map(rate.value(atStep:)) == [0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.2, 0.2])
    Self.expectRates(.step(initial: 2, every: 7, factor: 0.9)) { (t) in 2 * pow(0.9, Double(t / 7)) }
  }

  @Test func `the cosine is that of the mathematical library to one unit in the last place of 1`() {
    for i in 0...10_000 {
      let x = Double(i) / 10_000
      let rate = LearningRate.cosine(peak: 2, floor: 0, .init(warmup: 0, total: 10_000)).value(atStep: i)
      #expect(abs(rate - (1 + cos(.pi * x))) <= 4.5e-16, "cos(π·\(x))")
    }
  }

  private static let texts = [
    "sgd w, g {lr: 0.1, momentum: 0.0, decay: 0.0}",
    "sgd w, g {lr: linear(from: 0.1, to: 0.0, warmup: 0, total: 100), momentum: 0.0, decay: 0.0}",
    "lion w, m, g {lr: cosine(peak: 0.001, warmup: 100, total: 2000, floor: 1e-05), beta1: 0.9, beta2: 0.99, decay: 0.0}",
    "sgd w, g, f {lr: step(initial: 0.1, every: 30, factor: 0.5), momentum: 0.0, decay: 0.0}",
  ]

  @Test(arguments: texts) func `the text of a rate reads back`(_ text: String) throws {
    var scanner = TextScanner(Array(text.utf8))
    let read = try scanner.operation()
    #expect(read.operation.text(operands: read.operands) == text)
  }

  @Test(arguments: [
    "cosine(peak: 0.1, warmup: 10, total: 10, floor: 0.0)", "cosine(peak: -0.1, warmup: 0, total: 10, floor: 0.0)",
    "cosine(peak: 0.1, warmup: 0, total: 10)", "cosine(peak: 0.1, warmup: 0.5, total: 10, floor: 0.0)",
    "linear(from: 0.1, to: 0.0, warmup: 0, total: 0)", "linear(from: 0.1, to: 0.0, total: 5)",
    "step(initial: 0.1, every: 0, factor: 0.5)", "step(initial: 0.1, every: 2, factor: -0.5)",
    "step(initial: 0.1, every: 2, factor: 0.5, more: 1)", "polynomial(power: 2.0)", "sine()",
    "cosine(peak: cosine(peak: 0.1), warmup: 0, total: 10, floor: 0.0)", "nothing", "\"0.1\"",
  ]) func `a rate that is none does not read`(_ rate: String) {
    let text = "sgd w, g {lr: \(rate), momentum: 0.0, decay: 0.0}"
    #expect(throws: TextError.self) {
      var scanner = TextScanner(Array(text.utf8))
      _ = try scanner.operation()
    }
  }

}
