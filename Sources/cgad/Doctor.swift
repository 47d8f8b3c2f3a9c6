import ArgumentParser
import CPUBackend
import CUDABackend
import Glibc
import Support

/// `cgad doctor`.
struct Doctor: ParsableCommand {

  static let configuration = CommandConfiguration(
    abstract: "Says what this machine and this build have to execute plans with.")

  @Flag(help: "Open the CUDA device and load its kernels; the exit code is 2 if that is not possible.")
  var cuda = false

  func run() throws {
    if cuda { return print(try Self.cudaTable(), terminator: "") }
    var table = TextTable([.left, .left])
    table.append(["processor", CPUBackend.processor + ", \(Self.cores) cores, \(Self.memory) of memory"])
    table.append(["blas", CPUBackend.library])
    table.append(["threads", try Self.threads()])
    table.append(["cuda", Self.cudaSummary])
    table.append(["mpi", "not built in: one process executes a plan"])
    print(table.description, terminator: "")
  }

  /// The device in one line, or that there is none.
  private static var cudaSummary: String {
    do throws(CUDAError) {
      let device = try Device()
      return "\(device.name), compute capability \(device.capabilityText); 'cgad doctor --cuda' tries it"
    } catch { return "no device: 'cgad doctor --cuda' tells what was looked for" }
  }

  /// What there is of CUDA, after kernels were loaded.
  private static func cudaTable() throws(Failure) -> String {
    try failing({ (e: CUDAError) in .init(.unusable, "\(e)") }) { () throws(CUDAError) in
      let backend = try CUDABackend()
      let (device, memory) = (backend.device, try backend.device.memoryInformation())
      var table = TextTable([.left, .left])
      table.append(["device", "\(device.name), compute capability \(device.capabilityText)"])
      table.append(["memory", "\(ByteCount(memory.total)), of which \(ByteCount(memory.free)) are free"])
      table.append(["driver", "for CUDA \(device.version / 1000).\(device.version % 1000 / 10)"])
      table.append(["kernels", backend.kernelOrigin])
      table.append(["cublaslt", productLibrary(of: backend)])
      return table.description
    }
  }

  /// The version of cuBLASLt, or that it is not there, which only plans mind that ask for it.
  private static func productLibrary(of backend: CUDABackend) -> String {
    let use = "plans compiled with --matmul-library cublaslt"
    do throws(CUDAError) { return try "version \(backend.productLibraryVersion()), for \(use)" } catch {
      guard case .library = error else { return "there, but of no use to \(use): \(error)" }
      return "not there, which only \(use) mind; running one tells what was looked for"
    }
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
