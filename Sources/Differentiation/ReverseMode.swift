package import IR
import Operations

/// Why a module has no gradients.
package enum DifferentiationError: Error, Hashable, Sendable {

  /// The loss does not depend on these parameters through differentiable operations.
  case unreached([StorageID])

  /// The model has no parameters to train.
  case noParameters

}

extension Module {

  /// Appends the backward part and the updates to the training program, and adds the optimizer's slots.
  ///
  /// Reverse-mode differentiation: instructions are visited last to first; each adds, by the formula of its operation, to
  /// the adjoints of its active operands. A value is active iff it depends on a parameter through differentiable
  /// operations; nothing is computed for others, so inputs cost nothing.
  ///
  /// - Requires: the training program has a loss and no backward part.
  /// - Throws: `DifferentiationError` naming every parameter that the loss does not depend on.
  /// - Complexity: O(*n*) where *n* is the number of operands.
  /// - Source: Griewank & Walther, Evaluating Derivatives, 2008, chapter 3.
  package func differentiated() throws(DifferentiationError) -> Module {
    var result = self
    var builder = AdjointBuilder(function: train, storage: storage)
    builder.differentiate()
    let parameters = storage.indices.map(StorageID.init).filter { storage[$0.index].kind == .parameter }
    if parameters.isEmpty { throw .noParameters }
    let unreached = parameters.filter { builder.gradient(of: $0) == nil }
    if !unreached.isEmpty { throw .unreached(unreached) }
    for p in parameters { result.appendUpdate(of: p, to: &builder) }
    result.train = builder.function
    return result
  }

  /// Adds the slots of parameter `p` and the instruction that updates it.
  private mutating func appendUpdate(of p: StorageID, to builder: inout AdjointBuilder) {
    let parameter = self[p]
    guard let gradient = builder.gradient(of: p) else { preconditionFailure("checked by the caller") }
    var operands = [builder.function.value(of: p, named: parameter.name, type: parameter.type)]
    for slot in optimizer.slots {
      let s = Storage(.slot, "\(slot)(\(parameter.name))", parameter.type, .zeros, site: parameter.site)
      operands.append(builder.function.value(of: add(s), named: s.name, type: s.type))
    }
    builder.emit(.update(optimizer), operands + [gradient], named: "", at: parameter.site)
  }

}
