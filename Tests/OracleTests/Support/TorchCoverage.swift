import Differentiation
import Driver
import IR
import Operations
import PlanFormat
import Support

/// Which operations have a case of PyTorch: their results reach a loss, gradient or parameter that is compared.
enum TorchCoverage {

  /// The kinds of all operations that are compared.
  static let kinds: Set<OperationKind> = {
    let all = [try? single, try? programs, try? values, try? updates, try? plans]
    return all.reduce(into: []) { $0.formUnion(($1 ?? []).map { OperationKind($0) }) }
  }()

  /// Single operations and their derivatives.
  private static var single: [Operation] {
    get throws {
      try TorchFile.decoded([TorchKernelTests.Case].self, "kernels.json").flatMap { (c) in
        var scanner = TextScanner(Array(c.operation.utf8))
        let operation = try scanner.operation().operation
        let leaves = c.operands.map { GradientCase.Leaf.parameter($0.shape) }
        return compared(in: try GradientCase(c.name, operation, leaves).module().module)
      }
    }
  }

  private static var programs: [Operation] {
    get throws {
      try TorchCase.read("programs.json").flatMap { (c) in
        compared(in: try Module(parsing: c.source.joined(separator: "\n") + "\n"))
      }
    }
  }

  private static var values: [Operation] { get throws { try TorchValue.all.map { try $0.operation } } }

  private static var updates: [Operation] {
    get throws {
      try TorchFile.decoded([TorchUpdateTests.Case].self, "updates.json").map { (c) in
        var scanner = TextScanner(Array(c.name.utf8))
        return try scanner.operation().operation
      }
    }
  }

  private static var plans: [Operation] {
    get throws {
      let models = try ["operations.json", "curves.json", "terms.json"].flatMap { try TorchCase.read($0) }.map { (c) in
        try Laboratory.compile(c.source.joined(separator: "\n") + "\n", named: "oracle").plan
      }
      let samples = try TorchSample.all.map { try SampleFile(name: $0.name).plan(dims: $0.dims) }
      return (models + samples).flatMap { compared(in: $0.programs[0]) }
    }
  }

  /// Returns the operations of the training program of `module`, which all reach its loss or a gradient.
  private static func compared(in module: Module) -> [Operation] {
    ((try? module.differentiated())?.train.instructions ?? []).map(\.operation)
  }

  /// Returns the operations whose results reach the loss or an update.
  private static func compared(in program: PlanProgram) -> [Operation] {
    var needed = Set(program.results.filter { $0.result.role == .loss }.map(\.value))
    var operations: [Operation] = []
    for i in program.instructions.reversed() {
      switch i.action {
      case .compute(let o), .recompute(let o):
        if needed.isDisjoint(with: i.results) { continue }
        operations.append(o)
      case .update(let o): operations.append(o)
      case .delete, .offload, .fetch: continue
      }
      needed.formUnion(i.operands)
    }
    return operations
  }

}
