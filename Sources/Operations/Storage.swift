package import Support

/// A place that outlives the step: a parameter, a state, an optimizer's slot, or a step's input.
package struct Storage: Hashable, Sendable {

  package enum Kind: String, Hashable, Sendable, CaseIterable {

    /// A value that training changes.
    case parameter = "param"

    /// A parameter that training leaves as it is.
    case frozen

    /// A value that the model itself updates, without a gradient.
    case state

    /// What an optimizer remembers of a parameter.
    case slot

    /// The sum of a parameter's gradients over the micro-batches of a step.
    case gradient

    /// A part of the batch, filled before each step.
    case input

  }

  package let kind: Kind

  /// The path, unique among all storage: `h.0.dense.weight`, `velocity(h.0.dense.weight)`,
  /// `gradient(h.0.dense.weight)`, `train.image`.
  package let name: String

  package let type: TensorType

  /// How it is filled before the first step; `nil` for inputs.
  package let initializer: Initializer?

  /// Where it was declared.
  package let site: SourceSite

  package init(_ kind: Kind, _ name: String, _ type: TensorType, _ initializer: Initializer?, site: SourceSite) {
    self.kind = kind
    self.name = name
    self.type = type
    self.initializer = initializer
    self.site = site
  }

}

/// Where examples come from: types of one batch's components, and a source that `cgad` opens.
package struct DataDeclaration: Hashable, Sendable {

  package enum Source: String, Hashable, Sendable, CaseIterable {

    /// `idx(images: PATH, labels: PATH)`, one path a component in the order written.
    case idx

    /// `npz(path: PATH, x: FIELD, y: FIELD)`: after the path one field a component, in the order written.
    case npz

    /// `npy(x: PATH, y: PATH)`, one path a component in the order written.
    case npy

    /// `csv(path: PATH, x: COLUMNS, y: COLUMNS)`: after the path one selection of columns a component, in the order written.
    /// `header: false`, where it stands, says that the first line is an example like the others.
    case csv

    /// `tokens(path: PATH, dtype: TYPE, window: TOKENS, stride: TOKENS)`: windows of one sequence of tokens and, where there
    /// is a second component, the same windows one token further on.
    case tokens

    /// `synthetic()`: seeded numbers, so that every plan runs with no file. Optional `count:` of examples.
    case synthetic

  }

  /// The element types of files of tokens.
  package static let tokenTypes: [ElementType] = [.u8, .u16, .i32]

  package let name: String

  /// The types of one batch, whose first extent is the number of examples.
  package let types: [TensorType]

  package let source: Source

  /// The source's arguments.
  package let arguments: [Attribute]

  package let site: SourceSite

  package init(name: String, types: [TensorType], source: Source, arguments: [Attribute], site: SourceSite) {
    self.name = name
    self.types = types
    self.source = source
    self.arguments = arguments
    self.site = site
  }

}

/// What a program's input is filled from: component `component` of the batches of `data`.
package struct InputBinding: Hashable, Sendable {

  /// The name of the input's storage.
  package let input: String

  /// The name of the data declaration.
  package let data: String

  package let component: Int

  package init(input: String, data: String, component: Int) {
    self.input = input
    self.data = data
    self.component = component
  }

}

/// A scalar that a program reports.
package struct ProgramResult: Hashable, Sendable {

  package enum Role: String, Hashable, Sendable, CaseIterable {
    case loss
    case metric
  }

  package let role: Role

  /// What people call it: `loss`, or the metric's name.
  package let label: String

  package init(role: Role, label: String) {
    self.role = role
    self.label = label
  }

}

/// How long and how often.
package struct TrainingSettings: Hashable, Sendable {

  /// A count of steps or of epochs.
  package struct Period: Hashable, Sendable, CustomStringConvertible {

    package enum Unit: String, Hashable, Sendable, CaseIterable {
      case steps
      case epochs
    }

    package let count: Int

    package let unit: Unit

    package init(_ count: Int, _ unit: Unit) {
      self.count = count
      self.unit = unit
    }

    package var description: String { "\(count) \(unit.rawValue)" }

  }

  /// How long to train.
  package var length: Period

  /// The seed of initial values, batches and dropout.
  package var seed: Int

  /// When checkpoints are saved and how many are kept.
  package struct Saving: Hashable, Sendable {

    package let period: Period

    /// The number of the newest checkpoints that stay, at least 1; all of them where `nil`.
    package let keep: Int?

    package init(_ period: Period, keep: Int? = nil) {
      self.period = period
      self.keep = keep
    }

  }

  /// The number of micro-batches of a step, at least 1.
  package var microBatches = 1

  /// How often the evaluation program runs; `nil` iff there is none.
  package var evaluation: Period?

  /// The most batches of one evaluation; all of the data where `nil`.
  package var evaluationBatches: Int?

  /// When checkpoints are saved where a run has a folder for them; `nil` where only its end is.
  package var saving: Saving?

  package init(
    length: Period, seed: Int, microBatches: Int = 1, evaluation: Period? = nil, evaluationBatches: Int? = nil,
    saving: Saving? = nil
  ) {
    self.length = length
    self.seed = seed
    self.microBatches = microBatches
    self.evaluation = evaluation
    self.evaluationBatches = evaluationBatches
    self.saving = saving
  }

}
