import Glibc
import Synchronization

/// The signal that asked the program to end, 0 if none did.
private let received = Atomic<Int32>(0)

/// Requests from outside to end after the current step.
enum Interrupt {

  /// From now on, the first SIGINT or SIGTERM is only noted; a second one ends the program at once.
  static func install() {
    received.store(0, ordering: .relaxed)
    for number in [SIGINT, SIGTERM] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { (number) in received.store(number, ordering: .relaxed) }
      action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_RESTART
      sigaction(number, &action, nil)
    }
  }

  /// The signal received, `nil` if there was none.
  static var signal: Int32? {
    let number = received.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

}
