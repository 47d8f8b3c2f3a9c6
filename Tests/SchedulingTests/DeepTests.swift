import Driver
import IR
import Operations
import PlanFormat
import Scheduling
import Support
import TestSupport
import Testing

/// A15: 20 layers of matmul, bias and relu, 512 wide, a batch of 64.
@Suite struct DeepTests {

  static let text = """
    dim B = 64
    dim D = 512
    dim L = 20
    data examples: (f32[B, D], f32[B, D]) = synthetic()
    block Layer(x: f32[B, D]) -> f32[B, D] {
      param weight: f32[D, D] ~ kaiming()
      param bias:   f32[D]    ~ zeros()
      return relu(x @ weight + bias)
    }
    model Deep(x: f32[B, D]) -> f32[B, D] {
      var h = x
      repeat L as h {
        h = Layer(h)
      }
      return h
    }
    train {
      let (x, y) = batch(examples)
      loss      = mse(Deep(x), y)
      optimizer = sgd(lr: 0.01)
    }
    """

  /// One activation: 64 · 512 · 4 bytes.
  static let unit = 131_072

  private func compiled(_ policy: String) throws -> CompiledModel {
    try compilation(of: Self.text, policy: policy).compiled()
  }

  @Test func `A15 keeping everything takes at most 22 units`() throws {
    let m = try compiled("none()")
    // 20 results of relu, and at the turn one matmul and one sum beside them
    #expect(m.metrics.activationBytes <= 22 * Self.unit)
    #expect(m.metrics.activationBytes >= 20 * Self.unit)
    #expect(m.metrics.savedCount == 20)
    #expect(m.metrics.savedBytes == 20 * Self.unit)
  }

  @Test func `A15 every fourth layer takes at most 10 units and recomputes 45 values`() throws {
    let m = try compiled("every(k: 12)")
    #expect(m.metrics.activationBytes <= 10 * Self.unit)
    // 60 numbered values; 12, 24, 36, 48 and 60 are saved, the other 15 layers of 3 values recomputed
    #expect(m.metrics.recomputedCount == 15 * 3)
    #expect(m.metrics.savedCount == 5)
  }

  @Test func `A15 every(k 4) takes 16 units`() throws {
    // 17 if each result had a place of its own
    #expect(try compiled("every(k: 4)").metrics.activationBytes == 16 * Self.unit)
  }

  @Test func `A15 sqrt takes at most 8 units, one mebibyte`() throws {
    #expect(try compiled("sqrt()").metrics.activationBytes <= 8 * Self.unit)
  }

  @Test func `the figures of the plan are those of the schedule`() throws {
    for policy in ["none()", "every(k: 12)", "every(k: 4)", "sqrt()"] {
      let m = try compiled(policy)
      #expect(m.plan.totals.activationPeakBytes == m.metrics.activationBytes)
      #expect(m.plan.totals.savedBytes == m.metrics.savedBytes)
      #expect(m.plan.totals.recomputeFlops == m.metrics.recomputeCost)
      #expect(m.plan.totals.stepFlops == m.metrics.stepCost)
    }
  }

  @Test func `recomputing costs at most one more forward pass`() throws {
    let m = try compiled("every(k: 1000)")
    // forward is a third of a step, less the results of the last values that are saved
    #expect(m.metrics.recomputeCost * 3 <= m.metrics.stepCost + m.metrics.stepCost / 10)
    #expect(m.metrics.recomputeCost * 4 >= m.metrics.stepCost)
  }

}
