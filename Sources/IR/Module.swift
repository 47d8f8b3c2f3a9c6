package import Operations
package import Support

/// A model with its storage, data and programs, from lowering to scheduling.
package struct Module: Sendable {

  /// A dim's size.
  package struct Dim: Hashable, Sendable {

    package let name: String

    package let size: Int

    package init(name: String, size: Int) {
      self.name = name
      self.size = size
    }

  }

  /// The most that the norm of all gradients together may be.
  package struct Clip: Hashable, Sendable {

    package let norm: Double

    /// Where the model sets it.
    package let site: SourceSite

    package init(norm: Double, site: SourceSite) {
      self.norm = norm
      self.site = site
    }

  }

  /// The model's file, without folders.
  package var source: String

  /// The model's name.
  package var model: String

  /// All dims in order of declaration.
  package var dims: [Dim] = []

  package var training: TrainingSettings

  /// How parameters are updated from their gradients.
  package var optimizer: Optimizer

  /// How gradients are clipped, or `nil` where they are not.
  package var clip: Clip?

  package var data: [DataDeclaration] = []

  package private(set) var storage: [Storage] = []

  /// The training step.
  package var train: Function

  /// The evaluation step, or `nil` where the model asks for none.
  package var eval: Function?

  package init(source: String, model: String, training: TrainingSettings, optimizer: Optimizer, train: Function) {
    self.source = source
    self.model = model
    self.training = training
    self.optimizer = optimizer
    self.train = train
  }

  package subscript(s: StorageID) -> Storage { storage[s.index] }

  /// The programs, training first.
  package var programs: [Function] { [train] + (eval.map { [$0] } ?? []) }

  /// Adds storage.
  ///
  /// - Requires: no other has its name.
  package mutating func add(_ s: Storage) -> StorageID {
    storage.append(s)
    return .init(storage.count - 1)
  }

}
