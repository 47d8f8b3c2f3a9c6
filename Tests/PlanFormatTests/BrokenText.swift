import PlanFormat
import Testing

/// An edit of a text that must be refused, and what the refusal says.
struct BrokenText: Sendable, CustomTestStringConvertible {

  let testDescription: String

  /// Each replaces the first occurrence of one string by another.
  let edits: [(old: String, new: String)]

  let message: String

  init(_ name: String, _ edits: [(old: String, new: String)], _ message: String) {
    testDescription = name
    self.edits = edits
    self.message = message
  }

  init(_ name: String, _ old: String, _ new: String, _ message: String) {
    self.init(name, [(old, new)], message)
  }

  /// The text of the sample plan after the edits.
  var text: String {
    get throws {
      var text = SamplePlan.text
      for e in edits {
        let place = try #require(text.firstRange(of: e.old), "the sample does not hold \(e.old)")
        text.replaceSubrange(place, with: e.new)
      }
      return text
    }
  }

}

extension BrokenText {

  /// What every site of the hidden layer's instructions looks like.
  static let site18 = "  // mlp.cgm:18\n"

  /// What every site of the output layer's instructions looks like.
  static let site19 = "  // mlp.cgm:19\n"

  /// The attributes of the updates.
  static let rate = "{lr: 0.05, momentum: 0.9, decay: 0.0}"

  /// Broken plans that read well, and are refused by the verifier, in the order of the properties that it proves.
  static let plans: [BrokenText] = header + operands + arena + lifetimes + recomputation + effects + programs + totals

}
