import IR
import Operations
import Runtime

/// Executes functions in `Double`.
struct ReferenceInterpreter {

  /// The values of the module's storage, changed by updates.
  var storage: [ReferenceTensor]

  var keys = StepKeys(seed: 1)

  /// Executes `function` and returns the values of its instructions' results; those of storage are `nil`.
  mutating func execute(_ function: Function) -> [ReferenceTensor?] {
    var values = [ReferenceTensor?](repeating: nil, count: function.values.count)
    for i in function.instructions {
      let operands = i.operands.map { (o) in values[o.index] ?? storage[storageIndex(of: o, function)] }
      if case .update(let optimizer) = i.operation {
        let new = Reference.updated(by: optimizer, operands, keys)
        for (o, t) in zip(i.operands, new) { storage[storageIndex(of: o, function)] = t }
        continue
      }
      if case .state(let update) = i.operation {
        let isFirst = update == .assign || keys.microBatch == 0
        let new = isFirst ? operands[1] : operands[0].combined(operands[1], +)
        storage[storageIndex(of: i.operands[0], function)] = new
        continue
      }
      for (v, result) in zip(i.results, Reference.results(of: i.operation, operands, keys)) {
        precondition(result.extents == function[v].type.extents, "\(i.operation.mnemonic): a wrong shape")
        values[v.index] = result
      }
    }
    return values
  }

  /// Returns the loss of `function`, leaving storage as it is.
  func loss(of function: Function) -> Double {
    var copy = self
    guard let loss = function.loss, let value = copy.execute(function)[loss.index] else {
      preconditionFailure("a function without a loss")
    }
    return value.elements[0]
  }

  private func storageIndex(of v: ValueID, _ function: Function) -> Int {
    guard case .storage(let s) = function[v].origin else { preconditionFailure("an operand without a value") }
    return s.index
  }

}

extension Function {

  /// The parameters that are updated and the values of their gradients, in order of the updates.
  var parameterGradients: [(parameter: StorageID, gradient: ValueID)] {
    instructions.compactMap { (i) in
      guard case .update(let optimizer) = i.operation, let parameter = i.operands.first,
        case .storage(let s) = self[parameter].origin
      else { return nil }
      return (s, i.operands[optimizer.writtenCount])
    }
  }

}
