import ArgumentParser
import CUDABackend
import Runtime
import Support

/// `cgad kernels`.
struct Kernels: ParsableCommand {

  static let configuration = CommandConfiguration(
    abstract: "Compiles the CUDA kernels ahead of time, for machines without NVRTC.",
    discussion: """
      NVRTC is needed here, but neither a driver nor a device. The files are found in the folder 'cuda-images' beside cgad, \
      or in the folder that CGAD_CUDA_IMAGES names; they fit this build of cgad only.
      """)

  @Option(help: ArgumentHelp("The device's compute capability, as 90 for 9.0. May be repeated.", valueName: "number"))
  var arch: [Int]

  @Option(name: .shortAndLong, help: ArgumentHelp("Write the files here.", valueName: "folder"))
  var output: String

  func validate() throws {
    for a in arch where !(10...999 ~= a) { throw ValidationError("--arch takes a number such as 90, not \(a)") }
  }

  func run() throws {
    let files = try failing({ (e: CUDAError) in .init(.unusable, "\(e)") }) { () throws(CUDAError) in
      try KernelFiles()
    }
    for a in arch {
      let file = try failing({ (e: CUDAError) in .init(.refused, "\(e)") }) { () throws(CUDAError) in
        try files.file(capability: a)
      }
      try failing({ (e: FileError) in .init(.unusable, "cannot write \(e)") }) { () throws(FileError) in
        try KernelFiles.write(file, to: output)
      }
      print("\(SearchPath.join(output, file.name))  \(ByteCount(file.bytes.count))  NVRTC \(files.version)")
    }
  }

}
