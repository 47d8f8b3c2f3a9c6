package import Runtime

/// How much a sequence has a device do.
package struct LaunchCounts: Hashable, Sendable {

  /// The launches of kernels.
  package var launches = 0

  /// The bytes that elementwise operations read and write, of those that runs can do.
  package var elementwiseBytes = 0

}

extension CUDABackend {

  /// Returns what `sequence` has the device do as a graph and what it would if each operation were launched by itself.
  ///
  /// Nothing is executed.
  package func launches(of sequence: KernelSequence) -> (single: LaunchCounts, joined: LaunchCounts) {
    let actions = collect(sequence)
    var (single, joined) = (LaunchCounts(), LaunchCounts())
    for a in actions { single.count(a) }
    for part in Fusion.parts(of: actions.map(\.fusionItem)) {
      switch part {
      case .item(let i): joined.count(actions[i])
      case .run(let run, _): joined.count(RunProgram(run))
      }
    }
    return (single, joined)
  }

}

extension LaunchCounts {

  fileprivate mutating func count(_ action: RecordedAction) {
    guard case .work(let work, _) = action else { return }
    launches += work.launchCount
    guard let step = work.step else { return }
    elementwiseBytes += step.operands.reduce(4 * step.count) { $0 + $1.byteCount(for: step.count) }
  }

  fileprivate mutating func count(_ program: RunProgram) {
    launches += 1
    elementwiseBytes += program.readBytes + program.writtenBytes
  }

}
