package import IR
package import Operations
package import Support

/// The state of reverse-mode differentiation of one function.
package struct AdjointBuilder {

  package internal(set) var function: Function

  /// For each forward value, whether its adjoint is wanted.
  private var isActive: [Bool]

  /// For each forward value, the sum of the contributions to its adjoint so far.
  private var adjoints: [ValueID?]

  /// For each forward value, how many contributions its adjoint will get in all.
  private var expectedContributions: [Int]

  /// For each forward value, how many it has got.
  private var contributions: [Int]

  /// For each forward value, the contributions to parts of its adjoint that wait to be joined.
  private var slices: [AdjointSlices?]

  /// Starts with the activity analysis of `function`.
  init(function: Function, storage: [Storage]) {
    self.function = function
    let count = function.values.count
    isActive = .init(repeating: false, count: count)
    adjoints = .init(repeating: nil, count: count)
    expectedContributions = .init(repeating: 0, count: count)
    contributions = .init(repeating: 0, count: count)
    slices = .init(repeating: nil, count: count)
    findActiveValues(storage)
    countContributions()
  }

  private mutating func findActiveValues(_ storage: [Storage]) {
    for (v, value) in function.values.enumerated() {
      if case .storage(let s) = value.origin { isActive[v] = storage[s.index].kind == .parameter }
    }
    for id in function.instructionIDs where function[id].operands.contains(where: { isActive[$0.index] }) {
      let isDifferentiable = if case .reads = function[id].operation.adjoint { true } else { false }
      // a second result is there for the adjoint alone
      if let r = function[id].results.first { isActive[r.index] = isDifferentiable }
    }
  }

  private mutating func countContributions() {
    guard let loss = function.loss, isActive[loss.index] else { return }
    var isReached = [Bool](repeating: false, count: function.values.count)
    isReached[loss.index] = true
    for i in function.instructions.reversed()
    where i.results.contains(where: { isReached[$0.index] && isActive[$0.index] }) {
      for o in i.operands where isActive[o.index] {
        isReached[o.index] = true
        expectedContributions[o.index] += 1
      }
    }
  }

  /// Appends the backward part; `seed` is the derivative of what is made small with respect to the loss.
  mutating func differentiate(seed: Double) {
    let forward = Array(function.instructionIDs)
    function.backwardStart = .init(forward.count)
    guard let loss = function.loss, isActive[loss.index] else { return }
    adjoints[loss.index] = emit(
      .elementwise(.constant(seed)), [], named: "grad(\(function[loss].name))", at: site(of: loss))
    for id in forward.reversed() {
      let i = function[id]
      guard let result = i.results.first, let adjoint = adjoints[result.index] else { continue }
      addAdjoints(of: i, result: result, adjoint: adjoint)
    }
  }

  /// Lets what follows be executed once a step, after the last micro-batch.
  mutating func startApplying() { function.applyStart = .init(function.instructions.count) }

  private func site(of v: ValueID) -> SourceSite {
    guard case .instruction(let id) = function[v].origin else { preconditionFailure("a loss is computed") }
    return function[id].site
  }

  /// Returns the finished adjoint of parameter `p`, or `nil` if the loss does not depend on it.
  package func gradient(of p: StorageID) -> ValueID? {
    function.existingValue(of: p).flatMap { $0.index < adjoints.count ? adjoints[$0.index] : nil }
  }

  /// `true` iff the adjoint of forward value `v` is wanted.
  package func isActive(_ v: ValueID) -> Bool { isActive[v.index] }

  /// Appends an instruction whose operands are known to fit and returns its first result, if it has any.
  @discardableResult
  package mutating func emit(
    _ operation: Operation, _ operands: [ValueID], named name: String, at site: SourceSite
  ) -> ValueID? {
    emitAll(operation, operands, named: name, at: site).first
  }

  /// Appends an instruction whose operands are known to fit and returns its results.
  mutating func emitAll(
    _ operation: Operation, _ operands: [ValueID], named name: String, at site: SourceSite
  ) -> [ValueID] {
    do throws(ShapeError) {
      return try function.append(operation, operands, named: name, at: site)
    } catch {
      preconditionFailure("an adjoint does not fit: \(error)")
    }
  }

  /// Appends one step of a formula for the adjoint of `v` and returns its result.
  package mutating func step(
    _ operation: Operation, _ operands: [ValueID], of v: ValueID, named suffix: String, at site: SourceSite
  ) -> ValueID {
    guard let r = emit(operation, operands, named: "grad(\(function[v].name)).\(suffix)", at: site) else {
      preconditionFailure("it has a result")
    }
    return r
  }

  /// Adds the result of `operation` to the adjoint of `v`, if that is wanted.
  package mutating func contribute(
    to v: ValueID, _ operation: Operation, _ operands: [ValueID], at site: SourceSite
  ) {
    guard isActive[v.index], let c = emit(operation, operands, named: nextName(of: v), at: site) else { return }
    contribute(to: v, c, at: site)
  }

  /// Adds `contribution` to the adjoint of `v`, if that is wanted.
  package mutating func contribute(to v: ValueID, _ contribution: ValueID, at site: SourceSite) {
    guard isActive[v.index] else { return }
    contributions[v.index] += 1
    add(contribution, to: v, isLast: isComplete(v) && slices[v.index] == nil, at: site)
    if isComplete(v) { joinSlices(of: v, at: site) }
  }

  /// Adds `contribution` to the part of the adjoint of `v` that begins at `starts`, if that is wanted.
  ///
  /// Parts wait until the last contribution is there, so that those that lie side by side become one tensor instead of a
  /// sum of tensors that are mostly zeros.
  package mutating func contributeSlice(
    to v: ValueID, _ contribution: ValueID, from starts: [Int], at site: SourceSite
  ) {
    guard isActive[v.index] else { return }
    let (own, whole) = (function[contribution].type.extents, function[v].type.extents)
    let cut = whole.indices.filter { own[$0] != whole[$0] }
    if cut.isEmpty { return contribute(to: v, contribution, at: site) }
    if cut.count > 1 || own.contains(0) { return contributePadded(to: v, contribution, from: starts, at: site) }
    let part = AdjointSlices.Part(start: starts[cut[0]], extent: own[cut[0]], value: contribution)
    var pending = slices[v.index] ?? .init()
    slices[v.index] = nil
    switch pending.place(axis: cut[0], start: part.start, extent: part.extent) {
    case .same(let layer, let position):
      let name = "\(adjointName(of: v)).part"
      let sum = emit(.elementwise(.binary(.add)), [pending[layer, position], contribution], named: name, at: site)
      pending[layer, position] = sum ?? contribution
    case .free(let layer, let position): pending.insert(part, axis: cut[0], layer: layer, position: position)
    case .none:
      slices[v.index] = pending
      return contributePadded(to: v, contribution, from: starts, at: site)
    }
    slices[v.index] = pending
    contributions[v.index] += 1
    if isComplete(v) { joinSlices(of: v, at: site) }
  }

  private mutating func contributePadded(
    to v: ValueID, _ contribution: ValueID, from starts: [Int], at site: SourceSite
  ) {
    contribute(to: v, padded(contribution, starts, as: v, named: nextName(of: v), at: site), at: site)
  }

  /// `true` iff all contributions to the adjoint of `v` are there.
  private func isComplete(_ v: ValueID) -> Bool { contributions[v.index] == expectedContributions[v.index] }

  /// Adds what the parts of the adjoint of `v` make up together.
  private mutating func joinSlices(of v: ValueID, at site: SourceSite) {
    guard let layers = slices[v.index]?.layers else { return }
    slices[v.index] = nil
    for (n, layer) in layers.enumerated() {
      let isOnly = layers.count == 1 && adjoints[v.index] == nil
      let name = isOnly ? adjointName(of: v) : "\(adjointName(of: v)).parts"
      add(joined(layer, as: v, named: name, at: site), to: v, isLast: n == layers.count - 1, at: site)
    }
  }

  /// Adds `contribution` to the sum of those to the adjoint of `v`.
  private mutating func add(_ contribution: ValueID, to v: ValueID, isLast: Bool, at site: SourceSite) {
    guard let sum = adjoints[v.index] else {
      adjoints[v.index] = contribution
      return
    }
    let name = isLast ? adjointName(of: v) : "\(adjointName(of: v)).sum\(contributions[v.index])"
    adjoints[v.index] = emit(.elementwise(.binary(.add)), [sum, contribution], named: name, at: site)
  }

  private func adjointName(of v: ValueID) -> String { "grad(\(function[v].name))" }

  /// Returns the name of the next contribution to the adjoint of `v`: `grad(v)` for the only one, else `grad(v).use2`.
  private func nextName(of v: ValueID) -> String {
    let name = adjointName(of: v)
    return expectedContributions[v.index] == 1 ? name : "\(name).use\(contributions[v.index] + 1)"
  }

}

extension AdjointBuilder {

  /// Adds the contributions of instruction `i` to the adjoints of its operands, given that of its result.
  mutating func addAdjoints(of i: Instruction, result: ValueID, adjoint: ValueID) {
    switch i.operation {
    case .elementwise(let f): addAdjoints(of: f, i, result: result, adjoint: adjoint)
    case .reduction(let f): addAdjoints(of: f, i, result: result, adjoint: adjoint)
    case .layout(let f): addAdjoints(of: f, i, adjoint: adjoint)
    case .indexing(let f): addAdjoints(of: f, i, adjoint: adjoint)
    case .linear(let f): addAdjoints(of: f, i, adjoint: adjoint)
    case .classification(let f): addAdjoints(of: f, i, result: result, adjoint: adjoint)
    case .convolution(let f): addAdjoints(of: f, i, adjoint: adjoint)
    case .pooling(let f): addAdjoints(of: f, i, adjoint: adjoint)
    case .attention(let f): addAdjoints(of: f, i, adjoint: adjoint)
    case .normalization(let f): addAdjoints(of: f, i, adjoint: adjoint)
    case .random(let f): addAdjoints(of: f, i, adjoint: adjoint)
    case .update, .state: preconditionFailure("an update has no result")
    }
  }

}
