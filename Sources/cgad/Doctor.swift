import ArgumentParser
import CPUBackend
import Glibc
import Support

/// `cgad doctor`.
struct Doctor: ParsableCommand {

  static let configuration = CommandConfiguration(
    abstract: "Says what this machine and this build have to execute plans with.")

  func run() throws {
    var table = TextTable([.left, .left])
    table.append(["processor", CPUBackend.processor + ", \(Self.cores) cores, \(Self.memory) of memory"])
    table.append(["blas", CPUBackend.library])
    table.append(["threads", try Self.threads()])
    table.append(["cuda", "not built in: plans are executed on cpu only"])
    table.append(["mpi", "not built in: one process executes a plan"])
    print(table.description, terminator: "")
  }

  /// The number of cores that this process may use.
  private static var cores: Int { sysconf(Int32(_SC_NPROCESSORS_ONLN)) }

  private static var memory: ByteCount {
    .init(max(0, sysconf(Int32(_SC_PHYS_PAGES))) * max(0, sysconf(Int32(_SC_PAGESIZE))))
  }

  /// Whether a pool of two threads, the default of plans, can be made.
  private static func threads() throws -> String {
    do throws(CPUBackend.Unavailable) {
      _ = try CPUBackend(threads: 2)
      return "each plan names its number, 2 by default; a pool of 2 works"
    } catch { return "a pool of 2 cannot be made: \(error)" }
  }

}
