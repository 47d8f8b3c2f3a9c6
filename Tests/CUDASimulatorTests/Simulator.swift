import CCUDA
import Glibc

typealias Address = cgad_cu_address

typealias Stream = cgad_cu_stream

typealias Event = OpaquePointer

/// The simulator, opened in this process, which must not open it again with other settings.
///
/// Functions of the driver return its codes, 0 where all is well.
final class Simulator {

  let driver: cgad_cuda_driver

  let compiler: cgad_cuda_compiler

  let cublasLt: cgad_cublaslt

  private let library: UnsafeMutableRawPointer

  private var module: cgad_cu_module?

  /// Opens the simulator with its environment and makes its context current.
  init(seed: Int = 1, _ environment: [String: String] = [:]) {
    setenv("CGAD_SIM_SEED", "\(seed)", 1)
    for (name, value) in environment { setenv(name, value, 1) }
    let path = Self.path
    driver = Self.table(path, cgad_cuda_open_driver)
    compiler = Self.table(path, cgad_cuda_open_compiler)
    cublasLt = Self.table(path, cgad_cuda_open_cublaslt)
    library = dlopen(path, RTLD_NOW)
    var context: cgad_cu_context?
    precondition(driver.cuInit(0) == 0 && driver.cuDevicePrimaryCtxRetain(&context, 0) == 0)
    precondition(driver.cuCtxSetCurrent(context) == 0)
  }

  /// Returns the functions that `open` finds.
  private static func table<Table>(
    _ path: String, _ open: (UnsafePointer<CChar>, UnsafeMutablePointer<Table>) -> UnsafePointer<CChar>?
  ) -> Table {
    let table = UnsafeMutablePointer<Table>.allocate(capacity: 1)
    defer { table.deallocate() }
    if let problem = open(path, table) { fatalError(String(cString: problem)) }
    return table.pointee
  }

  /// The library, which is built beside the tests.
  private static var path: String {
    var program = [CChar](repeating: 0, count: 4096)
    let length = readlink("/proc/self/exe", &program, program.count - 1)
    let path = String(decoding: program.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return path.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/libCUDASimulator.so"
  }

  // MARK: Functions that the machine does not call

  private func symbol<F>(_ name: String, _ type: F.Type) -> F {
    guard let found = dlsym(library, name) else { fatalError("no \(name)") }
    return unsafeBitCast(found, to: type)
  }

  /// The text of the first violation.
  var report: String {
    String(cString: symbol("cgadSimReport", (@convention(c) () -> UnsafePointer<CChar>).self)())
  }

  func poison(_ address: Address, _ bytes: Int, _ stream: Stream? = nil) -> Int32 {
    symbol("cgadSimPoison", (@convention(c) (UInt64, Int, Stream?) -> Int32).self)(address, bytes, stream)
  }

  func synchronize() -> Int32 { symbol("cuCtxSynchronize", (@convention(c) () -> Int32).self)() }

  func event() -> Event {
    var event: Event?
    let create = symbol("cuEventCreate", (@convention(c) (UnsafeMutablePointer<Event?>, UInt32) -> Int32).self)
    precondition(create(&event, 0) == 0)
    return event!
  }

  func record(_ event: Event, _ stream: Stream) -> Int32 {
    symbol("cuEventRecord", (@convention(c) (Event, Stream) -> Int32).self)(event, stream)
  }

  func wait(_ stream: Stream, for event: Event) -> Int32 {
    symbol("cuStreamWaitEvent", (@convention(c) (Stream, Event, UInt32) -> Int32).self)(stream, event, 0)
  }

  // MARK: Memory

  /// Returns new memory for `count` floats.
  func allocate(_ count: Int) -> Address {
    var address: Address = 0
    precondition(driver.cuMemAlloc_v2(&address, count * 4) == 0)
    return address
  }

  func upload(_ values: [Float]) -> Address {
    let address = allocate(values.count)
    precondition(driver.cuMemcpyHtoDAsync_v2(address, values, values.count * 4, nil) == 0 && synchronize() == 0)
    return address
  }

  func download(_ address: Address, _ count: Int) -> [Float] {
    var values = [Float](repeating: 0, count: count)
    return driver.cuMemcpyDtoHAsync_v2(&values, address, count * 4, nil) == 0 ? values : []
  }

  func stream() -> Stream {
    var stream: Stream?
    precondition(driver.cuStreamCreate(&stream, UInt32(CGAD_CU_STREAM_NON_BLOCKING)) == 0)
    return stream!
  }

  // MARK: Kernels

  /// Compiles a text and gives NVRTC's code, the log and the image.
  func compile(_ text: String, _ options: [String] = ["--fmad=false"]) -> (code: UInt32, log: String, image: [CChar]) {
    var program: cgad_nvrtc_program?
    precondition(compiler.nvrtcCreateProgram(&program, text, "test.cu", 0, nil, nil) == 0)
    let copies = options.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    let code = compiler.nvrtcCompileProgram(program, Int32(options.count), copies.map { UnsafePointer($0) })
    var size = 0
    precondition(compiler.nvrtcGetProgramLogSize(program, &size) == 0)
    var log = [CChar](repeating: 0, count: size)
    precondition(compiler.nvrtcGetProgramLog(program, &log) == 0)
    precondition(compiler.nvrtcGetCUBINSize(program, &size) == 0)
    var image = [CChar](repeating: 0, count: size)
    precondition(compiler.nvrtcGetCUBIN(program, &image) == 0)
    return (code, String(decoding: log.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self), image)
  }

  /// Compiles and loads the text of the kernels that `launch` runs.
  func load(_ text: String, _ options: [String] = ["--fmad=false"]) {
    let result = compile(text, options)
    guard result.code == 0 else { fatalError(result.log) }
    precondition(driver.cuModuleLoadData(&module, result.image) == 0)
  }

  /// Launches a kernel whose parameters are addresses first and then `long long`s.
  func launch(
    _ name: String, blocks: Int = 1, threads: Int, shared: Int = 0, _ addresses: [Address], _ integers: [Int64] = [],
    on stream: Stream? = nil
  ) -> Int32 {
    var function: cgad_cu_function?
    let code = driver.cuModuleGetFunction(&function, module, name)
    if code != 0 { return Int32(code) }
    var words = addresses + integers.map { UInt64(bitPattern: $0) }
    return words.withUnsafeMutableBufferPointer { (words) in
      var pointers: [UnsafeMutableRawPointer?] = words.indices.map { .init(words.baseAddress! + $0) }
      return Int32(
        driver.cuLaunchKernel(
          function, UInt32(blocks), 1, 1, UInt32(threads), 1, 1, UInt32(shared), stream, &pointers, nil))
    }
  }

  /// Records what `body` puts into `stream` and gives the code of the end of the capture, and the graph.
  func capture(
    _ stream: Stream, mode: Int = CGAD_CU_CAPTURE_RELAXED, _ body: () -> Void
  ) -> (code: Int32, graph: cgad_cu_graph?) {
    precondition(driver.cuStreamBeginCapture_v2(stream, UInt32(mode)) == 0)
    body()
    var graph: cgad_cu_graph?
    return (Int32(driver.cuStreamEndCapture(stream, &graph)), graph)
  }

}
