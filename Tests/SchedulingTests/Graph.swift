import Differentiation
import IR
import Operations
import Scheduling
import Support

/// A module under construction whose training program is given value by value.
struct Graph {

  private(set) var module = Module(
    source: "graph.cgm", model: "Graph", training: .init(length: .init(1, .steps), seed: 0),
    optimizer: .sgd(rate: 0.1, momentum: 0, nesterov: false, decay: 0, decoupled: false), train: Function(name: "train")
  )

  private let site = SourceSite(file: "graph.cgm", line: 1)

  /// Returns a new parameter.
  mutating func parameter(_ name: String, _ extents: Int...) -> ValueID {
    let s = Storage(.parameter, name, .init(.f32, extents), .zeros, site: site)
    return module.train.value(of: module.add(s), named: name, type: s.type)
  }

  /// Returns a new input.
  mutating func input(_ name: String, _ element: ElementType, _ extents: Int...) -> ValueID {
    let s = Storage(.input, name, .init(element, extents), nil, site: site)
    return module.train.value(of: module.add(s), named: name, type: s.type)
  }

  /// Returns the result of `operation`, called `name`.
  mutating func append(_ operation: Operation, _ operands: [ValueID], _ name: String) throws -> ValueID {
    try module.train.append(operation, operands, named: name, at: site)[0]
  }

  /// Returns `f(x)`, called `name`.
  mutating func unary(_ f: UnaryFunction, _ x: ValueID, _ name: String) throws -> ValueID {
    try append(.elementwise(.unary(f)), [x], name)
  }

  /// Returns `x @ y`, called `name`.
  mutating func matmul(_ x: ValueID, _ y: ValueID, _ name: String) throws -> ValueID {
    try append(.linear(.matmul(transposeLeft: false, transposeRight: false)), [x, y], name)
  }

  /// Returns the sum or mean of all elements of `x`, called `name`.
  mutating func reduce(_ f: ReductionFunction, _ x: ValueID, _ name: String) throws -> ValueID {
    let axes = Array(module.train[x].type.extents.indices)
    return try append(.reduction(.reduce(f, axes: axes, keep: false)), [x], name)
  }

  /// Makes a step `count` micro-batches, and clips gradients to `norm` where that is given.
  mutating func train(microBatches count: Int = 1, clip norm: Double? = nil) {
    module.training.microBatches = count
    module.clip = norm.map { .init(norm: $0, site: site) }
  }

  /// Marks `v` with `checkpoint(…)`.
  mutating func mark(_ v: ValueID) { module.train.checkpoints.append(v) }

  /// Makes `v` the loss.
  mutating func setLoss(_ v: ValueID) {
    module.train.results = [.init(.init(role: .loss, label: "loss"), v)]
  }

  /// Returns the training program with backward and updates.
  func differentiated() throws -> Function {
    try module.verify()
    let m = try module.differentiated()
    try m.verify()
    return m.train
  }

  /// Returns the problem of scheduling it.
  func problem(rules: [ScheduleRule] = []) throws -> SchedulingProblem {
    try .init(try differentiated(), rules: rules, cost: .flops)
  }

}

extension SchedulingProblem {

  /// Returns the schedule of the policy `name` with the argument `k`.
  func schedule(_ name: String, k: Int? = nil) throws -> Schedule {
    try Policy.schedule(.init(name: name, arguments: k.map { [.init("k", .integer($0))] } ?? []), of: self)
  }

  /// Returns the names of the values for which `isSaved` is true, of those that are numbered.
  func numberedNames(where isSaved: [Bool]) -> [String] {
    analysis.numbered.filter { isSaved[$0.index] }.map { analysis.function[$0].name }
  }

}
