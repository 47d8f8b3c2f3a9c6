import Glibc
import Operations
import PlanFormat
import Runtime

/// The model of a plan, compiled under other policies in a temporary folder that goes with the instance.
final class Rivals {

  private(set) var plans: [LoadedPlan] = []

  private let folder: String

  /// Compiles the model of `plan` under each of `policies`, with the same dims and threads.
  ///
  /// - Throws: if the compiler or the model is not found or the compiler refuses.
  init(policies: [String], of plan: LoadedPlan) throws(Failure) {
    if policies.isEmpty {
      folder = ""
      return
    }
    let compiler = try Self.compiler()
    let source = try Self.source(of: plan)
    folder = try Self.temporaryFolder()
    for (i, policy) in policies.enumerated() {
      let job = RivalCompilation(
        compiler: compiler, source: source, policy: policy.contains("(") ? policy : policy + "()",
        output: "\(folder)/\(i).cgplan", model: plan.plan)
      plans.append(try job.run())
    }
  }

  deinit {
    for p in plans { unlink(p.path) }
    if !folder.isEmpty { rmdir(folder) }
  }

  /// Returns the policies in `text`, which are separated by commas outside of parentheses.
  static func split(_ text: String) -> [String] {
    var (parts, depth) = ([""], 0)
    for c in text where c != " " {
      if c == "(" { depth += 1 }
      if c == ")" { depth -= 1 }
      if c == "," && depth == 0 { parts.append("") } else { parts[parts.count - 1].append(c) }
    }
    return parts.filter { !$0.isEmpty }
  }

  private static func compiler() throws(Failure) -> String {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let n = readlink("/proc/self/exe", &buffer, buffer.count)
    let folder = SearchPath.folder(of: n > 0 ? String(decoding: buffer[..<n], as: UTF8.self) : "")
    let path = SearchPath.join(folder, "cgadc")
    guard access(path, X_OK) == 0 else { throw .init(.usage, "--against needs the compiler, which is not at \(path)") }
    return path
  }

  private static func source(of plan: LoadedPlan) throws(Failure) -> String {
    let name = plan.plan.header.source
    let beside = SearchPath.join(SearchPath.folder(of: plan.path), name)
    let all = beside == name ? [name] : [beside, name]
    guard let found = all.first(where: SearchPath.exists) else {
      throw .init(.usage, "--against needs the model '\(name)'; looked for \(all.joined(separator: ", "))")
    }
    return found
  }

  private static func temporaryFolder() throws(Failure) -> String {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/cgad-bench-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw .init(.unusable, "cannot make a folder in \(parent): \(String(cString: strerror(errno)))")
    }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

}

/// One compilation of a model that gives a plan with the dims of another.
private struct RivalCompilation {

  let compiler: String

  let source: String

  let policy: String

  let output: String

  /// The plan to be like.
  let model: Plan

  /// Compiles, giving the first dim that differs until none does: dims derived from others follow those.
  func run() throws(Failure) -> LoadedPlan {
    var given: [PlanHeader.Dim] = []
    while true {
      try compile(given)
      let plan = try LoadedPlan(output)
      guard let different = model.header.dims.first(where: { !plan.plan.header.dims.contains($0) }) else {
        return plan
      }
      if given.contains(different) {
        throw .init(.usage, "--against: \(source) has no dim \(different.name) to set to \(different.size)")
      }
      given.append(different)
    }
  }

  private func compile(_ dims: [PlanHeader.Dim]) throws(Failure) {
    let flags = dims.flatMap { ["--dim", "\($0.name)=\($0.size)"] }
    let header = model.header
    let device =
      ["--target", header.target, "--threads", "\(header.threads)"]
      + (header.precision == .f32 ? [] : ["--matmul-precision", header.precision.rawValue])
      + (header.library == .cgad ? [] : ["--matmul-library", header.library.rawValue])
    let arguments = [compiler, "compile", source, "-o", output, "--policy", policy] + device + flags
    let status = Self.run(arguments)
    if status != 0 { throw .init(.usage, "--against: cgadc could not compile \(source) under \(policy)") }
  }

  /// Runs a program whose standard output is thrown away, and returns its exit code, or -1 if it has none.
  private static func run(_ arguments: [String]) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { for p in pointers { free(p) } }
    var child: pid_t = 0
    if posix_spawn(&child, arguments[0], &actions, nil, &pointers, environ) != 0 { return -1 }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 { if errno != EINTR { return -1 } }
    return status & 0x7f == 0 ? (status >> 8) & 0xff : -1
  }

}
