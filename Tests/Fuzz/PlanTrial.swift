import Operations
import PlanFormat
import Runtime
import Support

/// A plan's text on its way to execution.
struct PlanTrial {

  /// The most bytes, operations and examples of a plan that is executed.
  private static let executed = (bytes: 8 << 20, flops: 20_000_000, examples: 100_000)

  let bytes: [UInt8]

  /// Takes the text through reader and verifier, and executes it if it is small.
  ///
  /// - Throws: if what is accepted is not what was read.
  func outcome() throws(Violation) -> Outcome {
    guard let plan = try? PlanReader.read(bytes) else { return .noPlan }
    let verified: VerifiedPlan
    do throws(PlanViolation) { verified = try VerifiedPlan(plan) } catch {
      if error.description.isEmpty { throw Violation(description: "a refusal that says nothing") }
      return .unsafePlan
    }
    if Array(plan.text.utf8) != bytes { throw Violation(description: "the plan's text is another one") }
    if !Self.isSmall(plan) { return .plan }
    do {
      _ = try PlanResults(of: verified)
      return .executedPlan
    } catch let violation as Violation {
      throw violation
    } catch {
      return .failedPlan
    }
  }

  private static func isSmall(_ plan: Plan) -> Bool {
    let flops = plan.totals.stepFlops.addedSaturating(to: plan.totals.recomputeFlops)
    let examples = plan.data.flatMap(\.types).reduce(0) {
      $0.addedSaturating(to: $1.extents.reduce(1, saturatingProduct))
    }
    let isSynthetic = plan.data.allSatisfy { $0.arguments.allSatisfy { (a) in Self.isLow(a.value) } }
    return plan.totals.peakBytes <= executed.bytes && flops <= executed.flops && examples <= executed.examples
      && plan.training.microBatches <= 4 && plan.header.threads <= 4 && isSynthetic
  }

  private static func saturatingProduct(_ a: Int, _ b: Int) -> Int { a.multipliedSaturating(by: b) }

  /// `true` iff an argument of a data set asks for few examples, if it asks for a number.
  private static func isLow(_ value: AttributeValue) -> Bool {
    if case .integer(let n) = value { return n <= executed.examples }
    return true
  }

}
