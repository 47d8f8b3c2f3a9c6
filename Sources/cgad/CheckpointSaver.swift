import Operations
import PlanFormat
import Runtime

/// Writes the checkpoints of a run to a folder.
final class CheckpointSaver<B: Backend> {

  private let folder: CheckpointFolder

  private let session: Session<B>

  private let keep: Int?

  /// The path of the last checkpoint written.
  private(set) var lastPath: String?

  private var lastStep: Int?

  /// Why a checkpoint could not be written.
  private(set) var failure: Failure?

  /// Makes the folder at `path` for the checkpoints of `session`, whose next step is the first of the run.
  ///
  /// - Throws: if the folder cannot be made, or holds checkpoints of later steps.
  init(_ path: String, _ session: Session<B>) throws(Failure) {
    folder = .init(path)
    self.session = session
    keep = session.machine.verified.plan.training.saving?.keep
    let items = try Self.writing { [folder] () throws(FileError) in
      try AtomicFile.makeFolder(path)
      return try folder.items()
    }
    if let newest = items.first, newest.step > session.stepCount {
      throw .init(.refused, StateFileError(path, .laterSteps(file: newest.name, start: session.stepCount)).description)
    }
  }

  /// Saves the present state unless that is done, and removes what need not be kept; notes a failure.
  func save() {
    if failure != nil || lastStep == session.stepCount { return }
    do throws(Failure) {
      try Self.writing { () throws(FileError) in
        let path = folder.file(step: session.stepCount)
        try session.save(to: path)
        (lastPath, lastStep) = (path, session.stepCount)
        if let keep { try folder.prune(keep: keep) }
      }
    } catch { failure = error }
  }

  private static func writing<T>(_ body: () throws(FileError) -> T) throws(Failure) -> T {
    try failing({ (e: FileError) in .init(.unusable, "cannot save \(e)") }, body)
  }

}
