import Differentiation
import IR
import Operations
import Testing

/// A14: adjoints against central differences, both in `Double` by the reference interpreter.
@Suite struct FiniteDifferenceTests {

  /// The error up to which gradient and difference agree, relative to the greater of the gradient's element and a
  /// hundredth of its greatest one.
  private static let tolerance = 1e-6

  @Test(arguments: GradientCase.all)
  func `A14: adjoints equal finite differences`(_ c: GradientCase) throws {
    let (module, storage) = try c.module()
    let error = try Self.worstError(of: module, storage)
    #expect(error.value < Self.tolerance, "\(error.place)")
    Figures.report("difference \(c.name)", "\(error.value)")
  }

  @Test func `a wrong adjoint does not pass`() throws {
    let c = GradientCase("square", .elementwise(.unary(.square)), [.parameter([3])])
    let (module, storage) = try c.module()
    let differentiated = try module.differentiated()
    var interpreter = ReferenceInterpreter(storage: storage)
    let (parameter, gradient) = differentiated.train.parameterGradients[0]
    let values = interpreter.execute(differentiated.train)
    let wrong = try #require(values[gradient.index]).map { $0 * (1 + 1e-5) }
    let error = Self.worstError(wrong, of: parameter, module.train, .init(storage: storage))
    #expect(error.value > Self.tolerance)
  }

  @Test func `inputs get no adjoint and updates follow the gradients`() throws {
    let c = GradientCase("div", .elementwise(.binary(.div)), [.parameter([2]), .input([2], .awayFromZero)])
    let (module, storage) = try c.module()
    let differentiated = try module.differentiated()
    var interpreter = ReferenceInterpreter(storage: storage)
    let values = interpreter.execute(differentiated.train)
    let gradients = differentiated.train.parameterGradients
    #expect(gradients.map(\.parameter) == [StorageID(0)])
    let gradient = try #require(values[gradients[0].gradient.index])
    #expect(interpreter.storage[0] == storage[0].combined(gradient) { $0 - 0.5 * $1 })
    #expect(interpreter.storage[1...] == storage[1...])
  }

  /// Returns the greatest error of the gradients of all parameters of `module`, which has no backward part yet.
  static func worstError(of module: Module, _ storage: [ReferenceTensor]) throws -> WorstError {
    let differentiated = try module.differentiated()
    try differentiated.verify()
    let interpreter = ReferenceInterpreter(storage: storage)
    var execution = interpreter
    let values = execution.execute(differentiated.train)
    var worst = WorstError()
    for (parameter, gradient) in differentiated.train.parameterGradients {
      let g = try #require(values[gradient.index])
      let error = worstError(g, of: parameter, module.train, interpreter)
      if error.value > worst.value { worst = error }
    }
    return worst
  }

  /// Returns the greatest error of `gradient` against differences of the loss of `function`.
  private static func worstError(
    _ gradient: ReferenceTensor, of parameter: StorageID, _ function: Function, _ interpreter: ReferenceInterpreter
  ) -> WorstError {
    let differences = gradient.elements.indices.map { (i) in
      let x = interpreter.storage[parameter.index].elements[i]
      let (low, high) = (x - 1e-5 * max(1, abs(x)), x + 1e-5 * max(1, abs(x)))
      return (loss(at: high) - loss(at: low)) / (high - low)
      func loss(at value: Double) -> Double {
        var moved = interpreter
        moved.storage[parameter.index].elements[i] = value
        return moved.loss(of: function)
      }
    }
    var error = WorstError()
    error.add(gradient.elements, differences, part: 0.01, "x\(parameter.index)")
    return error
  }

}
