import Foundation

/// Measures memory with what the system says of this process.
enum MemoryGrowth {

  /// Returns by how many bytes the resident memory grows at most while `action` is done; 0 where the system does not say.
  static func bytes(_ action: () -> Void) -> Int {
    trim()
    guard let file = fopen("/proc/self/clear_refs", "w") else { return 0 }
    fputs("5", file)  // the peak becomes what is resident now
    fclose(file)
    guard let before = resident("VmRSS:") else { return 0 }
    action()
    return max(0, (resident("VmHWM:") ?? before) - before)
  }

  /// Gives free memory back to the system, so that none of it is used again unseen.
  private static func trim() {
    typealias Trim = @convention(c) (Int) -> Int32
    if let function = dlsym(nil, "malloc_trim") { _ = unsafeBitCast(function, to: Trim.self)(0) }
  }

  /// Returns the bytes behind `key` in the process's status.
  private static func resident(_ key: String) -> Int? {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix(key) })
    else { return nil }
    return line.split(whereSeparator: { " \t".contains($0) }).dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
  }

}
