import CPUBackend
import Differentiation
import IR
import Operations
import Runtime
import Testing

/// Operations as texts of the IR, on the processor, against what PyTorch computed in f64.
@Suite struct TorchProgramTests {

  /// The relative error of losses and gradients.
  private static let tolerance = 1e-5

  private static let cases = (try? TorchCase.read("programs.json")) ?? []

  @Test(arguments: cases)
  func `a program of one operation has the loss and the gradients of PyTorch`(_ c: TorchCase) throws {
    let module = try Module(parsing: c.source.joined(separator: "\n") + "\n")
    try module.verify()
    let storage = try module.storage.map { (s) in
      let tensor = try #require(c.parameters[s.name] ?? c.inputs[s.name])
      return ReferenceTensor(tensor.shape, tensor.data)
    }
    let function = try module.differentiated().train
    let processor = CPUFunction(function, storage: storage, on: try CPUBackend(threads: 2))
    try processor.execute(.init(seed: 1))
    var error = WorstError()
    error.add(processor.values(of: try #require(function.loss)).elements, c.losses, floor: 0.1, "loss")
    for (parameter, gradient) in function.parameterGradients {
      let name = module[parameter].name
      error.add(processor.values(of: gradient).elements, try #require(c.gradients[name]).data, floor: 0.1, name)
    }
    #expect(function.parameterGradients.count == c.parameters.count)
    #expect(error.value < Self.tolerance, "\(error.place)")
    Figures.report("torch program \(c.name)", "\(error.value)")
  }

  @Test func `there are programs of every operation that moves, indexes or multiplies`() {
    let mnemonics = Set(
      Self.cases.flatMap(\.source).filter { $0.hasPrefix("  y = ") }.compactMap {
        $0.split(separator: " ").dropFirst(2).first
      })
    #expect(
      mnemonics == [
        "reshape", "transpose", "slice", "pad", "concat", "gather", "scatter_add", "gather_last", "scatter_last",
        "matmul",
      ])
  }

}
