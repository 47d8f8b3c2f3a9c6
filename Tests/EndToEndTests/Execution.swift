import Foundation

/// How a program is executed.
struct ExecutionOptions: Sendable {

  /// The folder that the program works in.
  var folder: String

  /// The most seconds that the program may take; generous, as tests do not measure time.
  var seconds = 120

  /// The most KiB of addresses that the program may use, if there is a limit.
  var kilobytes: Int? = nil

  /// The program is sent this signal when its messages contain this text.
  var interruption: (signal: Int32, text: String)? = nil

}

/// Held while pipes are made and a program is started, so that no other program inherits the pipes.
private let starting = NSLock()

/// A program being executed, whose output is read while it runs.
struct Execution {

  private let process: pid_t

  private let name: String

  private let options: ExecutionOptions

  private let deadline: ContinuousClock.Instant

  private var output: Stream

  private var messages: Stream

  private var isInterrupted = false

  /// Starts the program at `path`.
  init(_ path: String, _ arguments: [String], _ options: ExecutionOptions) throws {
    starting.lock()
    defer { starting.unlock() }
    let (output, messages) = (try Stream.Ends(), try Stream.Ends())
    defer {
      close(output.writing)
      close(messages.writing)
    }
    self.name = ([path] + arguments).joined(separator: " ")
    self.options = options
    self.deadline = .now + .seconds(options.seconds)
    self.output = .init(output.reading)
    self.messages = .init(messages.reading)
    let limit = options.kilobytes.map { "ulimit -v \($0) && " } ?? ""
    let words = ["/bin/sh", "-c", "\(limit)cd \"$0\" && exec \"$@\"", options.folder, path] + arguments
    self.process = try spawn(words, output: output.writing, messages: messages.writing)
  }

  /// Waits for the end of the program.
  ///
  /// - Throws: if it takes too long; it is ended then.
  mutating func finish() throws -> Finished {
    do {
      while output.isOpen || messages.isOpen { try readSome() }
      let status = try waitForEnd()
      return .init(command: name, status: status, output: output.bytes, messages: messages.bytes)
    } catch {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
      throw error
    }
  }

  /// Reads what there is of either stream, waiting for some.
  private mutating func readSome() throws {
    var polled = [output, messages].map { pollfd(fd: $0.polled, events: Int16(POLLIN), revents: 0) }
    let left = try remaining()
    poll(&polled, 2, Int32(left / .milliseconds(1)) + 1)
    if polled[0].revents != 0 { output.read() }
    if polled[1].revents != 0 { messages.read() }
    interrupt()
  }

  /// Sends the signal once its text is there.
  private mutating func interrupt() {
    guard let (signal, text) = options.interruption, !isInterrupted, messages.bytes.contains(Data(text.utf8)) else {
      return
    }
    isInterrupted = true
    kill(process, signal)
  }

  private func waitForEnd() throws -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, WNOHANG) != process {
      _ = try remaining()
      usleep(500)
    }
    return status
  }

  private func remaining() throws -> Duration {
    let left = deadline - .now
    if left <= .zero { throw TooSlow(command: name, seconds: options.seconds) }
    return left
  }

}

/// A program did not end in time.
struct TooSlow: Error, CustomStringConvertible {

  let command: String

  let seconds: Int

  var description: String { "'\(command)' was ended after \(seconds) s" }

}

/// The reading end of a pipe with what came out of it.
private struct Stream {

  /// The two ends of a new pipe, which programs started elsewhere do not inherit.
  struct Ends {

    let reading: Int32

    let writing: Int32

    init() throws {
      var ends: [Int32] = [0, 0]
      if pipe(&ends) != 0 { throw SystemFailure(call: "pipe", code: errno) }
      for e in ends { _ = fcntl(e, F_SETFD, FD_CLOEXEC) }
      (reading, writing) = (ends[0], ends[1])
    }

  }

  private let descriptor: Int32

  private(set) var bytes = Data()

  private(set) var isOpen = true

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// The descriptor to wait for; `poll` ignores negative ones.
  var polled: Int32 { isOpen ? descriptor : -1 }

  /// Reads what there is, and closes the pipe at its end.
  mutating func read() {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = Glibc.read(descriptor, &buffer, buffer.count)
    if count > 0 { return bytes.append(contentsOf: buffer[..<count]) }
    if count < 0 && errno == EINTR { return }
    isOpen = false
    close(descriptor)
  }

}

/// The operating system refused something.
struct SystemFailure: Error, CustomStringConvertible {

  let call: String

  let code: Int32

  var description: String { "\(call): \(String(cString: strerror(code)))" }

}

/// Starts a program with no signal blocked or ignored and nothing to read, and returns its id.
private func spawn(_ words: [String], output: Int32, messages: Int32) throws -> pid_t {
  var (actions, attributes) = (posix_spawn_file_actions_t(), posix_spawnattr_t())
  posix_spawn_file_actions_init(&actions)
  posix_spawnattr_init(&attributes)
  defer {
    posix_spawn_file_actions_destroy(&actions)
    posix_spawnattr_destroy(&attributes)
  }
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
  posix_spawn_file_actions_adddup2(&actions, output, 1)
  posix_spawn_file_actions_adddup2(&actions, messages, 2)
  useDefaultSignals(&attributes)
  var copies: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
  defer { for c in copies { free(c) } }
  var process: pid_t = 0
  let code = posix_spawn(&process, words[0], &actions, &attributes, &copies, environ)
  if code != 0 { throw SystemFailure(call: "posix_spawn \(words[0])", code: code) }
  return process
}

/// Makes programs start with the default handling of signals, of which the threads of tests block some.
private func useDefaultSignals(_ attributes: inout posix_spawnattr_t) {
  var signals = sigset_t()
  sigemptyset(&signals)
  posix_spawnattr_setsigmask(&attributes, &signals)
  sigfillset(&signals)
  posix_spawnattr_setsigdefault(&attributes, &signals)
  posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
}
