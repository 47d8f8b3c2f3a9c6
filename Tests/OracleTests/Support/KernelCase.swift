import Operations
import Testing

/// One operation on numbers of given domains.
struct KernelCase: Sendable, CustomTestStringConvertible {

  struct Operand: Sendable {

    let type: TensorType

    let domain: Domain

    init(_ extents: [Int], _ domain: Domain = .any, element: ElementType = .f32) {
      type = .init(element, extents)
      self.domain = domain
    }

  }

  let operation: Operation

  let operands: [Operand]

  /// The part of the greatest element that errors are relative to, where an element is smaller: small for functions of
  /// one element, larger for sums, in which great terms cancel.
  let part: Double

  /// Makes what the operands are of the numbers drawn for them.
  private let prepare: @Sendable ([ReferenceTensor]) -> [ReferenceTensor]

  init(
    _ operation: Operation, _ operands: [Operand], part: Double,
    prepare: @escaping @Sendable ([ReferenceTensor]) -> [ReferenceTensor] = { $0 }
  ) {
    self.operation = operation
    self.operands = operands
    self.part = part
    self.prepare = prepare
  }

  var testDescription: String {
    "\(operation.text(operands: operands.map { $0.type.description })) of \(operands.map(\.domain))"
  }

  /// The values of the operands.
  var values: [ReferenceTensor] {
    var numbers = Numbers(testDescription)
    return prepare(operands.map { numbers.tensor($0.type.extents, $0.domain) })
  }

}
