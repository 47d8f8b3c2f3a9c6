import CPUBackend
import IR
import Operations
import Runtime

/// Executes a function with the kernels of the processor, every value in memory of its own.
struct CPUFunction {

  private let function: Function

  private let values: [GuardedTensor]

  private let kernels: [Kernel]

  /// Binds the kernels of `function`, whose storage has the given values.
  init(_ function: Function, storage: [ReferenceTensor], on backend: CPUBackend) {
    self.function = function
    let values = function.values.map { (v) in
      switch v.origin {
      case .storage(let s): GuardedTensor(v.type, storage[s.index])
      case .instruction: GuardedTensor(v.type)
      }
    }
    self.values = values
    kernels = function.instructions.map { (i) in
      backend.kernel(
        of: i.operation, operands: i.operands.map { values[$0.index].buffer },
        results: i.results.map { values[$0.index].buffer })
    }
  }

  /// Executes all instructions in order.
  func execute(_ keys: StepKeys) throws(KernelFailure) {
    for kernel in kernels { try kernel(keys) }
  }

  /// Returns the elements of `v`.
  func values(of v: ValueID) -> ReferenceTensor { values[v.index].values }

  /// `true` iff no kernel wrote beside its results.
  var isIntact: Bool { values.allSatisfy(\.isIntact) }

}
