import Dispatch

/// Executes the jobs of an actor in their order, beside the tests: its jobs do not wait for those that are there before them.
final class QueueExecutor: SerialExecutor {

  private let queue: DispatchQueue

  init(label: String) { queue = DispatchQueue(label: label) }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }

}
