import Operations
import PlanFormat

/// A checkpoint whose bytes were found to be those that were written.
package struct CheckpointFile {

  package let checkpoint: Checkpoint

  package let weights: SafetensorsFile

  package var path: String { weights.path }

  /// Opens and checks the file at `path`.
  ///
  /// - Throws: if it cannot be read, is no checkpoint of this version, or any byte of it was changed.
  /// - Complexity: O(*n*) in the bytes of the file, which are all read.
  package init(_ path: String) throws(StateFileError) { try self.init(SafetensorsFile(path)) }

  /// Checks `file`.
  package init(_ file: SafetensorsFile) throws(StateFileError) {
    let checkpoint = try Checkpoint(file)
    self.checkpoint = checkpoint
    self.weights = file
    let entries = file.header.entries
    var tensors: [(name: String, type: TensorType)] = []
    for e in entries {
      guard let type = e.type else { throw .init(file.path, .damaged("the type of '\(e.name)'")) }
      tensors.append((e.name, type))
    }
    guard SafetensorsText.header(metadata: checkpoint.metadata, tensors: tensors) == (try file.headerBytes()) else {
      throw .init(file.path, .damaged("the header is not as cgad writes it"))
    }
    let checksum = try checkpoint.checksum(of: tensors) { (seed, i) throws(StateFileError) in
      entries[i].range.isEmpty ? seed : Checkpoint.digest(try file.bytes(of: entries[i]), from: seed)
    }
    if checksum != checkpoint.checksum { throw .init(file.path, .damaged("the checksum is wrong")) }
  }

  /// `true` iff `file` says that it is a checkpoint.
  package static func isOne(_ file: SafetensorsFile) -> Bool { file.metadata(Checkpoint.versionKey) != nil }

}

extension Session {

  /// What is to be remembered of this session, but for tensors.
  private var checkpoint: Checkpoint {
    let header = machine.verified.plan.header
    return .init(
      step: stepCount, seed: seed, stepsPerEpoch: stepsPerEpoch, source: header.source, model: header.model,
      computation: machine.verified.computationDigest)
  }

  /// The positions in storage of what is saved.
  private var saved: [Int] {
    let all = machine.verified.plan.storage
    return all.indices.filter { all[$0].storage.kind.isSaved }
  }

  /// Writes the present state to `path`, whole or not at all.
  ///
  /// - Throws: what the operating system says, or that the device's memory cannot be read; nothing is written then.
  package func save(to path: String) throws(FileError) {
    var checkpoint = checkpoint
    let memory = saved.map { machine.backend.download(machine.storage[$0]) }
    defer { withExtendedLifetime(memory) {} }
    if let failure = machine.failure { throw .init(path, failure.description) }
    let buffers = memory.map(\.buffer)
    let tensors = saved.map { (i) in
      (name: machine.verified.plan.storage[i].storage.name, type: machine.storage[i].type)
    }
    checkpoint.checksum = checkpoint.checksum(of: tensors) { (seed, i) in
      buffers[i].byteCount == 0 ? seed : buffers[i].digest(from: seed)
    }
    let header = SafetensorsText.header(metadata: checkpoint.metadata, tensors: tensors)
    var failure: FileError?
    header.withUnsafeBytes { (h) in
      do throws(FileError) {
        try AtomicFile.write([h] + buffers.map { UnsafeRawBufferPointer($0.bytes) }, to: path, isDurable: true)
      } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Continues behind the last step of `file`; the next steps are those that would have followed there.
  ///
  /// - Returns: how the run differs from the one that made the file although the model is the same, for people.
  /// - Throws: if the seed, or a tensor's name or type, is another; nothing is changed then.
  package func resume(_ file: CheckpointFile) throws(StateFileError) -> [String] {
    let (now, then) = (checkpoint, file.checkpoint)
    let differences = differences(from: file.weights)
    if !differences.isEmpty { throw .init(file.path, .otherModel(differences)) }
    if then.seed != seed { throw .init(file.path, .otherSeed(file: then.seed, run: seed)) }
    for i in saved {
      if let entry = file.weights.entry(machine.verified.plan.storage[i].storage.name) {
        try machine.read(entry, of: file.weights, into: i)
      }
    }
    continueAfter(step: then.step)
    var notes: [String] = []
    if now.computation != then.computation {
      notes.append(
        "the plan computes something else than the one that made the checkpoint, as with another rate, batch or number of threads"
      )
    }
    if now.stepsPerEpoch != then.stepsPerEpoch {
      notes.append("an epoch has \(now.stepsPerEpoch) steps, it had \(then.stepsPerEpoch)")
    }
    return notes
  }

  /// Returns how the tensors of `file` differ from what is saved here.
  private func differences(from file: SafetensorsFile) -> [String] {
    var result: [String] = []
    for i in saved {
      let s = machine.verified.plan.storage[i].storage
      switch file.entry(s.name)?.type {
      case s.type: continue
      case let type?: result.append("'\(s.name)' is \(type), the plan has \(s.type)")
      case nil: result.append("it has no '\(s.name)'")
      }
    }
    let names = Set(saved.map { machine.verified.plan.storage[$0].storage.name })
    return result + file.names.filter { !names.contains($0) }.map { "the plan has no '\($0)'" }
  }

}
