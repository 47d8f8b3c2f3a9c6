package import Operations
import Support

/// Why a file of weights or of training state cannot be used.
package struct StateFileError: Error, Hashable, Sendable {

  /// A tensor that is of another type than the plan wants.
  package struct TypeDifference: Hashable, Sendable, CustomStringConvertible {

    package let name: String

    package let found: String

    package let expected: TensorType

    package init(_ name: String, found: String, expected: TensorType) {
      (self.name, self.found, self.expected) = (name, found, expected)
    }

    package var description: String { "'\(name)' is \(found), the plan has \(expected)" }

  }

  /// A name that the file lacks, with the one of its names that is most like it.
  package struct MissingName: Hashable, Sendable {

    package let name: String

    package let nearest: String?

    package init(_ name: String, nearest: String?) { (self.name, self.nearest) = (name, nearest) }

  }

  package enum Problem: Hashable, Sendable {

    /// The file is missing, or breaks its format.
    case unreadable(String)

    /// There are no tensors of these names.
    case missing([MissingName])

    /// Tensors have other types than the plan.
    case wrongTypes([TypeDifference])

    /// The file holds weights alone.
    case noTrainingState

    /// A later version of this program wrote the file.
    case foreignVersion(String)

    /// The bytes are not those that were written.
    case damaged(String)

    /// The run has another seed.
    case otherSeed(file: UInt64, run: UInt64)

    /// The checkpoint is one of another model or optimizer.
    case otherModel([String])

    /// No file of the folder can be resumed.
    case noneIn

    /// A run that starts earlier would mix its checkpoints with later ones.
    case laterSteps(file: String, start: Int)

  }

  /// The file or folder.
  package let path: String

  package let problem: Problem

  package init(_ path: String, _ problem: Problem) {
    self.path = path
    self.problem = problem
  }

  /// The exit code of a program that gives up because of `self`: 2 for a missing or broken file, 1 for a wrong one.
  package var exitCode: Int32 {
    switch problem {
    case .unreadable, .noTrainingState, .foreignVersion, .damaged, .noneIn: 2
    case .missing, .wrongTypes, .otherSeed, .otherModel, .laterSteps: 1
    }
  }

  /// `true` iff an older file of the same folder may be sound.
  var isDamage: Bool {
    switch problem {
    case .unreadable, .damaged, .noTrainingState: true
    case .missing, .wrongTypes, .foreignVersion, .otherSeed, .otherModel, .noneIn, .laterSteps: false
    }
  }

}

extension StateFileError: CustomStringConvertible {

  /// The most things of one kind that a message lists.
  static let listLimit = 8

  /// What is wrong and what to do, behind the file's name.
  package var description: String { "\(path): \(reason)" }

  private var reason: String {
    switch problem {
    case .unreadable(let reason): reason
    case .missing(let names):
      "has no \(Self.list(names.map(Self.text))); write the model with the file's names, or take what there is with "
        + "--init-partial"
    case .wrongTypes(let differences):
      "other types: \(Self.list(differences.map(\.description))); declare the parameters as the file has them"
    case .noTrainingState: "holds weights, but no training state; take the weights with --init"
    case .foreignVersion(let v):
      "a checkpoint of version \(v), but this program reads \(Checkpoint.version); resume it with a newer cgad"
    case .damaged(let what): "damaged: \(what); take an earlier checkpoint"
    case .otherSeed(let file, let run):
      "made with seed \(file), but this run has \(run); run with --seed \(file)"
    case .otherModel(let differences):
      "of another model or optimizer: \(Self.list(differences)); resume it with the plan that made it, or take the weights "
        + "with --init"
    case .noneIn: "holds no checkpoint that can be resumed; start without --resume"
    case .laterSteps(let file, let start):
      "holds \(file), which is later than step \(start), where this run starts; go on with --resume, or save to "
        + "another folder"
    }
  }

  private static func text(_ missing: MissingName) -> String {
    "'\(missing.name)'" + (missing.nearest.map { " (did you mean its '\($0)'?)" } ?? "")
  }

  private static func list(_ things: [String]) -> String {
    let shown = things.prefix(listLimit).joined(separator: ", ")
    return things.count > listLimit ? "\(shown) and \(things.count - listLimit) more" : shown
  }

}
