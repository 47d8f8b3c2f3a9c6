import IR
import Operations
import Support
import Testing

/// An expression of a few tensors, whose gradients are checked.
struct GradientCase: Sendable, CustomTestStringConvertible {

  /// A tensor that the expression reads.
  struct Leaf: Sendable {

    let type: TensorType

    let domain: Domain

    /// `true` iff it is differentiated.
    let isParameter: Bool

    /// A parameter of type f32.
    static func parameter(_ extents: [Int], _ domain: Domain = .any) -> Leaf {
      .init(type: .init(.f32, extents), domain: domain, isParameter: true)
    }

    /// An input of type f32.
    static func input(_ extents: [Int], _ domain: Domain = .any) -> Leaf {
      .init(type: .init(.f32, extents), domain: domain, isParameter: false)
    }

    /// Truth values.
    static func truth(_ extents: [Int]) -> Leaf {
      .init(type: .init(.bool, extents), domain: .truth, isParameter: false)
    }

    /// Labels of type i32.
    static func labels(_ extents: [Int], classes: Int) -> Leaf {
      .init(type: .init(.i32, extents), domain: .labels(classes: classes), isParameter: false)
    }

  }

  let name: String

  let leaves: [Leaf]

  /// The operations that the case is there for.
  let operations: [Operation]

  /// Appends the expression to a function and returns its value, given those of the leaves.
  let build: @Sendable (inout Function, [ValueID]) throws(ShapeError) -> ValueID

  var testDescription: String { name }

  init(
    _ name: String, _ leaves: [Leaf], _ operations: [Operation],
    _ build: @escaping @Sendable (inout Function, [ValueID]) throws(ShapeError) -> ValueID
  ) {
    self.name = name
    self.leaves = leaves
    self.operations = operations
    self.build = build
  }

  /// Creates a case of one operation, whose operands are the leaves at the positions `uses`, all in order where `nil`.
  init(_ name: String, _ operation: Operation, _ leaves: [Leaf], uses: [Int]? = nil) {
    self.init(name, leaves, [operation]) { (f, v) throws(ShapeError) in
      try f.append(operation, (uses ?? Array(v.indices)).map { v[$0] }, named: "y", at: Self.site)[0]
    }
  }

  static let site = SourceSite(file: "case.cgm", line: 1)

}

extension GradientCase {

  /// A module whose loss is the sum of the expression's elements, each times a fixed number, and its storage.
  func module() throws(ShapeError) -> (module: Module, storage: [ReferenceTensor]) {
    var module = Module(
      source: "case.cgm", model: "Case", training: .init(length: .init(1, .steps), seed: 1),
      optimizer: .sgd(rate: 0.5, momentum: 0, nesterov: false, decay: 0, decoupled: false), train: .init(name: "train"))
    var storage: [ReferenceTensor] = []
    var numbers = Numbers(name)
    var values: [ValueID] = []
    for (i, leaf) in leaves.enumerated() {
      values.append(Self.add(leaf, named: "x\(i)", to: &module))
      storage.append(numbers.tensor(leaf.type.extents, leaf.domain))
    }
    let y = try build(&module.train, values)
    let weights = Leaf.input(module.train[y].type.extents, .awayFromZero)
    storage.append(numbers.tensor(weights.type.extents, weights.domain))
    let w = Self.add(weights, named: "factors", to: &module)
    let product = try module.train.append(.elementwise(.binary(.mul)), [y, w], named: "product", at: Self.site)
    let sum = Reduction.reduce(.sum, axes: Array(weights.type.extents.indices), keep: false)
    let loss = try module.train.append(.reduction(sum), product, named: "loss_sum", at: Self.site)[0]
    module.train.results = [.init(.init(role: .loss, label: "loss"), loss)]
    return (module, storage)
  }

  private static func add(_ leaf: Leaf, named name: String, to module: inout Module) -> ValueID {
    let kind = leaf.isParameter ? Storage.Kind.parameter : .input
    let id = module.add(.init(kind, name, leaf.type, leaf.isParameter ? .zeros : nil, site: site))
    return module.train.value(of: id, named: name, type: leaf.type)
  }

}
