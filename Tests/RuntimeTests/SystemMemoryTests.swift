import Foundation
import Runtime
import Testing

/// What the system says of memory, from files made for the purpose.
@Suite struct SystemMemoryTests {

  private static let available = "MemTotal:       9000 kB\nMemAvailable:   1000 kB\n"

  /// Returns the limit where these files are all that there is.
  private func limit(_ files: [String: String]) throws -> SystemMemory.Limit? {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("cgad-memory-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    for (path, text) in files {
      let file = root.appendingPathComponent(path)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    return SystemMemory.limit(root: root.path)
  }

  @Test(
    arguments: [
      (["sys/fs/cgroup/a/b/memory.max": "500000\n"], 500_000),
      (["sys/fs/cgroup/a/memory.max": "400000\n", "sys/fs/cgroup/a/b/memory.max": "500000\n"], 400_000),
      (["sys/fs/cgroup/a/b/memory.max": "max\n", "sys/fs/cgroup/memory.max": "300000\n"], 300_000),
      (["sys/fs/cgroup/a/c/memory.max": "200000\n"], 1000 << 10),
      (["sys/fs/cgroup/a/b/memory.max": "max\n"], 1000 << 10),
      (["sys/fs/cgroup/a/b/memory.max": "5000000\n"], 1000 << 10),
    ] as [([String: String], Int)])
  func `of a control group and all that it is in, and of what is available, the least counts`(
    _ files: [String: String], _ bytes: Int
  ) throws {
    let all = files.merging(["proc/self/cgroup": "0::/a/b\n", "proc/meminfo": Self.available]) { (a, _) in a }
    let origin = bytes == 1000 << 10 ? "the memory that is available" : "the memory of its control group"
    #expect(try limit(all) == .init(bytes: bytes, origin: origin))
  }

  @Test func `the first version's files are known, too`() throws {
    let groups = "3:cpu,cpuacct:/x\n4:memory:/jobs/1\n0::/\n"
    let folder = "sys/fs/cgroup/memory"
    let unlimited = "\(Int.max / 4096 * 4096)\n"
    let files = [
      "proc/self/cgroup": groups, "\(folder)/jobs/1/memory.limit_in_bytes": "70000\n",
      "\(folder)/memory.limit_in_bytes": unlimited, "sys/fs/cgroup/x/memory.max": "5\n",
    ]
    #expect(try limit(files)?.bytes == 70000)
    #expect(try limit(["proc/self/cgroup": groups, "\(folder)/jobs/1/memory.limit_in_bytes": unlimited]) == nil)
  }

  @Test(arguments: ["", "MemAvailable:\n", "MemAvailable: 5 MB\n", "MemAvailable: x kB\n"])
  func `what cannot be read is no limit`(_ text: String) throws {
    #expect(try limit(["proc/meminfo": text]) == nil)
  }

  @Test func `this machine has memory`() throws {
    #expect(try #require(SystemMemory.limit()).bytes > 1 << 20)
  }

}
