package import IR
package import Operations

/// A function in another order than the source's.
package struct ReorderedFunction: Sendable {

  package let function: Function

  /// The most live bytes if every value is kept to its last use, in the source's order and in this one.
  package let liveBytes: (written: Int, reordered: Int)

}

extension Function {

  /// The most instructions of a function that is put into another order.
  private static let orderedInstructions = 4000

  /// The part of the live bytes that another order has to save, so that it is worth another order than the source's.
  private static let worthwhilePart = 256

  /// The steps that a search for an order may look at.
  private static let orderEffort = 4_000_000

  /// Returns the function with its instructions in an order that needs less memory at its peak if every value is kept to
  /// its last use, or `nil` where none is found: then the order is that of the source.
  ///
  ///     a = exp x   b = exp y   s = sum a   t = sum b      as written: a and b live together
  ///     a = exp x   s = sum a   b = exp y   t = sum b      as returned
  ///
  /// Every instruction stays in its part, forward, backward or behind the last micro-batch, and reads what it read before,
  /// so that every value has the same bits. An order is taken that saves a 256th at least, and that needs no more than the
  /// source's for what is not kept from forward to backward, which is what is left under a small budget.
  ///
  /// - Complexity: O(*n*·*r*) where *n* is the number of operands and *r* that of instructions ready at a time, and a search
  ///   of at most four million steps; above 4,000 instructions none is sought.
  package func reordered(workspace: WorkspaceModel) -> ReorderedFunction? {
    if instructions.count > Self.orderedInstructions { return nil }
    let analysis = StepAnalysis(self, workspace: workspace)
    let model = OrderModel(analysis)
    let written = Array(model.items.indices)
    var best = OrderSearch(model, from: written, effort: Self.orderEffort)
    let transientPeak = best.transientPeak
    best.improve()
    for start in [model.greedyOrder(), model.depthFirstOrder()] {
      var search = OrderSearch(model, from: start, effort: Self.orderEffort)
      search.improve()
      if search.profile.peak < best.profile.peak, search.transientPeak <= transientPeak { best = search }
    }
    if best.order == written { return nil }
    let found = permuted(model.withUpdates(best.order, of: self))
    let (old, new) = (analysis.plainPeak, StepAnalysis(found, workspace: workspace).plainPeak)
    return new < old - old / Self.worthwhilePart ? .init(function: found, liveBytes: (old, new)) : nil
  }

}

extension StepAnalysis {

  /// The most live bytes if every value is kept to its last use.
  fileprivate var plainPeak: Int {
    metrics(of: schedule(saving: .init(repeating: true, count: function.values.count)), cost: .flops).liveBytes
  }

}

extension OrderModel {

  /// Returns the instructions of `order` with the updates of `function`, which stand at the ends of their parts.
  fileprivate func withUpdates(_ order: [Int], of function: Function) -> [InstructionID] {
    let count = function.instructions.count
    let borders = [0, function.backwardStart?.index ?? count, function.applyStart?.index ?? count, count]
    return (0...2).flatMap { (part) in
      let written = (borders[part]..<borders[part + 1]).map(InstructionID.init)
      let moved = order.filter { items[$0].part == part }.map { items[$0].instruction }
      return moved + written.filter { function[$0].operation.effect == .update }
    }
  }

}
