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
  /// With several micro-batches a step, the loss counts by its part of their mean, and gradients are added up in storage.
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
    builder.differentiate(seed: 1 / Double(training.microBatches))
    let parameters = storage.indices.map(StorageID.init).filter { storage[$0.index].kind == .parameter }
    if parameters.isEmpty { throw .noParameters }
    let unreached = parameters.filter { builder.gradient(of: $0) == nil }
    if !unreached.isEmpty { throw .unreached(unreached) }
    result.appendUpdates(of: parameters, to: &builder)
    result.train = builder.function
    return result
  }

  /// Adds what follows once the gradients of `parameters` are there: their sums over the micro-batches if there are
  /// several, the factor that clips them, and the updates.
  private mutating func appendUpdates(of parameters: [StorageID], to builder: inout AdjointBuilder) {
    var gradients = parameters.map { (p) in
      guard let gradient = builder.gradient(of: p) else { preconditionFailure("checked by the caller") }
      return gradient
    }
    if training.microBatches > 1 {
      gradients = zip(parameters, gradients).map { appendAccumulation(of: $1, for: self[$0], to: &builder) }
      builder.startApplying()
    }
    let factor = clip.map { builder.appendClipping(of: gradients, to: $0.norm, at: $0.site) }
    for (p, gradient) in zip(parameters, gradients) { appendUpdate(of: p, from: gradient, factor, to: &builder) }
  }

  /// Adds storage for the sum of the gradients of `parameter` over the micro-batches and the instruction that adds
  /// `gradient` to it; returns the sum.
  private mutating func appendAccumulation(
    of gradient: ValueID, for parameter: Storage, to builder: inout AdjointBuilder
  ) -> ValueID {
    let sum = Storage(.gradient, "gradient(\(parameter.name))", parameter.type, .zeros, site: parameter.site)
    let value = builder.function.value(of: add(sum), named: sum.name, type: sum.type)
    builder.emit(.accumulate, [value, gradient], named: "", at: parameter.site)
    return value
  }

  /// Adds the slots of parameter `p` and the instruction that updates it.
  private mutating func appendUpdate(
    of p: StorageID, from gradient: ValueID, _ factor: ValueID?, to builder: inout AdjointBuilder
  ) {
    let parameter = self[p]
    var operands = [builder.function.value(of: p, named: parameter.name, type: parameter.type)]
    for slot in optimizer.slots {
      let s = Storage(.slot, "\(slot)(\(parameter.name))", parameter.type, .zeros, site: parameter.site)
      operands.append(builder.function.value(of: add(s), named: s.name, type: s.type))
    }
    operands += [gradient] + (factor.map { [$0] } ?? [])
    builder.emit(.update(optimizer), operands, named: "", at: parameter.site)
  }

}
