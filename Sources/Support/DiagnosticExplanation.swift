/// What a diagnostic's code means, with a model that gets it and the same model mended.
///
/// Every code that a factory can produce has one entry, in a file `Explanations+….swift` of the factory's module.
package struct DiagnosticExplanation: Hashable, Sendable {

  /// A pair of models, the second being the first without the error.
  package struct Example: Hashable, Sendable {

    /// What stands around both.
    package let frame: ExampleFrame

    package let erroneous: String

    /// The flags that `erroneous` is checked with, as `--dim B=3`.
    package let erroneousFlags: String

    package let corrected: String

    /// The flags that `corrected` is checked with.
    package let correctedFlags: String

  }

  /// An example, or why there is none.
  package enum Illustration: Hashable, Sendable {

    case example(Example)

    case absent(because: String)

  }

  /// The stable code, as `CG0101`.
  package let code: String

  /// A few words, without a full stop.
  package let title: String

  /// What it means, why the rule exists, and how to mend it, in lines of at most 120 characters.
  package let explanation: String

  package let illustration: Illustration

  /// Creates an entry with an example, completed to a file by what stands in `frame`.
  package init(
    _ code: String, _ title: String, _ explanation: String, in frame: ExampleFrame,
    erroneous: String, flags erroneousFlags: String = "", corrected: String, correctedFlags: String = ""
  ) {
    self.code = code
    self.title = title
    self.explanation = explanation
    illustration = .example(
      .init(
        frame: frame, erroneous: erroneous, erroneousFlags: erroneousFlags, corrected: corrected,
        correctedFlags: correctedFlags))
  }

  /// Creates an entry without an example, because of `reason`, a sentence.
  package init(_ code: String, _ title: String, _ explanation: String, noExampleBecause reason: String) {
    self.code = code
    self.title = title
    self.explanation = explanation
    illustration = .absent(because: reason)
  }

}

/// What completes the part of a model that an example shows.
package enum ExampleFrame: Hashable, Sendable, CustomStringConvertible {

  /// Nothing: the example is a whole file.
  case file

  /// The example is some items of a file that has the others.
  case items

  /// The example is the model of a file that has `dim`, `data` and `train`.
  case model

  /// The example is the `train` block of a file that has the rest.
  case training

  /// The example is the `schedule` block of a file that has the rest.
  case schedule

  /// What the example is, for people.
  package var description: String {
    switch self {
    case .file: "a whole file"
    case .items: "a part of a file"
    case .model: "the model of a file"
    case .training: "the 'train' block of a file"
    case .schedule: "the 'schedule' block of a file"
    }
  }

  /// Returns `example` completed to a file.
  package func completing(_ example: String) -> String {
    switch self {
    case .file: example + "\n"
    case .items:
      [example, Self.standardDeclarations, Self.standardModel, Self.standardTraining].joined(separator: "\n\n") + "\n"
    case .model: [Self.standardDeclarations, example, Self.standardTraining].joined(separator: "\n\n") + "\n"
    case .training: [Self.standardDeclarations, Self.standardModel, example].joined(separator: "\n\n") + "\n"
    case .schedule:
      [Self.standardDeclarations, Self.standardModel, Self.standardTraining, example].joined(separator: "\n\n") + "\n"
    }
  }

  /// The file of which examples show the part that matters.
  package static let wholeFile =
    [standardDeclarations, standardModel, standardTraining].joined(separator: "\n\n") + "\n"

  private static let standardDeclarations = """
    dim B = 4, D = 8, C = 3
    data examples: (f32[B, D], i32[B]) = synthetic()
    """

  private static let standardModel = """
    model Net(x: f32[B, D]) -> f32[B, C] {
      param last: f32[D, C]
      var h = x
      repeat 4 as layer {
        param weight: f32[D, D]
        h = tanh(h @ weight)
      }
      return h @ last
    }
    """

  private static let standardTraining = """
    train {
      let (image, label) = batch(examples)
      loss = cross_entropy(Net(image), label)
      optimizer = sgd(lr: 0.1)
    }
    """

}
