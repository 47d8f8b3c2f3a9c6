import CDispatch
import Glibc
import Synchronization

/// Watches, on a thread of its own, how long the main thread takes for an input.
final class Watchdog: Sendable {

  /// The nanoseconds that an input may take.
  private static let limit = 1_000_000_000

  /// The nanoseconds after which an input is given up, and the process with it.
  private static let end = 60 * limit

  /// The index of the input, or -1 between inputs.
  private let index = Atomic(-1)

  /// What the main thread's clock said when the input began.
  private let start = Atomic(0)

  private let clock: clockid_t

  private let onHang: @Sendable (Int) -> Void

  /// Creates a watchdog of the calling thread that calls `onHang` before it ends the process.
  init(onHang: @escaping @Sendable (Int) -> Void) {
    var id = clockid_t()
    pthread_getcpuclockid(pthread_self(), &id)
    clock = id
    self.onHang = onHang
  }

  /// Starts watching.
  func run() {
    var thread = pthread_t()
    let me = Unmanaged.passRetained(self).toOpaque()
    pthread_create(&thread, nil, watchForever, me)
  }

  /// Does `action` for the input `index` and returns the seconds of processor time that it took.
  func measure(_ index: Int, _ action: () -> Void) -> Double {
    let began = now
    start.store(began, ordering: .relaxed)
    self.index.store(index, ordering: .releasing)
    action()
    self.index.store(-1, ordering: .releasing)
    return Double(now - began) / 1e9
  }

  private var now: Int {
    var time = timespec()
    clock_gettime(clock, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }

  /// Looks every tenth of a second; never returns.
  fileprivate func watch() -> Never {
    while true {
      usleep(100_000)
      let i = index.load(ordering: .acquiring)
      if i >= 0, now - start.load(ordering: .relaxed) > Self.end, i == index.load(ordering: .acquiring) {
        onHang(i)
        exit(3)
      }
    }
  }

}

/// Makes the watchdog at `pointer` watch.
private func watchForever(_ pointer: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let p = pointer { Unmanaged<Watchdog>.fromOpaque(p).takeUnretainedValue().watch() }
  return nil
}
