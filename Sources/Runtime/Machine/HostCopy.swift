/// A copy of a value from the arena to the host's memory, or back.
package struct HostCopy {

  package enum Direction: String, Hashable, Sendable {

    /// From the arena to the host's memory.
    case offload

    /// From the host's memory to the arena.
    case fetch

  }

  /// Begins the copy; what was given to the device before is done by then, as far as the copy's bytes go.
  package let begin: Kernel

  /// Lets nothing that is given to the device from now on run before the copy is done.
  package let wait: Kernel

  package init(begin: @escaping Kernel, wait: @escaping Kernel) {
    self.begin = begin
    self.wait = wait
  }

}
