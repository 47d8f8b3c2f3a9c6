import CDispatch
import Glibc

/// What a thread is to do.
private final class Work {

  let body: () -> Void

  init(_ body: @escaping () -> Void) { self.body = body }

}

/// Does `body` on a thread with a stack of 512 KiB, the least that any platform gives to a secondary thread.
func onSmallStack(bytes: Int = 512 << 10, _ body: @escaping () -> Void) {
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  pthread_attr_setstacksize(&attributes, bytes)
  defer { pthread_attr_destroy(&attributes) }
  var thread = pthread_t()
  let work = Unmanaged.passRetained(Work(body))
  let status = pthread_create(&thread, &attributes, start, work.toOpaque())
  precondition(status == 0, "no thread")
  pthread_join(thread, nil)
}

/// Does the work that `pointer` retains.
private func start(_ pointer: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let p = pointer { Unmanaged<Work>.fromOpaque(p).takeRetainedValue().body() }
  return nil
}
