import IR
import Operations
import Support

/// The type of a tensor with the dims its extents stand for.
struct SymbolicType: Hashable, Sendable, CustomStringConvertible {

  var element: ElementType

  var dims: [SymbolicDim]

  /// The type with sizes only, or `nil` if it is beyond the limits.
  var concrete: TensorType? {
    let extents = dims.map(\.size)
    return TensorType.isValid(element, extents) ? .init(element, extents) : nil
  }

  /// The type with names and sizes: `f32[B = 16, D = 192]`.
  var description: String { "\(element.rawValue)[\(dims.map(\.description).joined(separator: ", "))]" }

}

/// A value of the program with its dims.
struct Tensor: Sendable {

  let value: ValueID

  let type: SymbolicType

  init(_ value: ValueID, _ type: SymbolicType) {
    self.value = value
    self.type = type
  }

}

/// What an expression stands for.
enum Meaning: Sendable {

  /// A value of the program.
  case tensor(ValueID, SymbolicType)

  /// A whole number known to the compiler; a dim is one with an expression.
  case dim(SymbolicDim)

  /// A number known to the compiler.
  case number(Double)

  case boolean(Bool)

  case string(String)

  case tuple([Meaning])

  /// Data, by its position among the declarations.
  case data(Int)

  /// A shared instance, by its position among the declarations.
  case layer(Int)

  case elementType(ElementType)

  /// The result of what was already reported; its uses are silent.
  case poison

  /// What to call it in messages.
  var kind: String {
    switch self {
    case .tensor(_, let t): "a tensor \(t)"
    case .dim(let d): d.literal == nil ? "the dim \(d)" : "the number \(d)"
    case .number(let n): "the number \(n)"
    case .boolean: "a truth value"
    case .string: "a string"
    case .tuple(let m): "a tuple of \(m.count)"
    case .data: "data"
    case .layer: "a layer"
    case .elementType(let t): "the element type \(t.rawValue)"
    case .poison: "nothing"
    }
  }

}

/// What a name stands for in a scope.
struct Binding: Sendable {

  /// What may be done with a name.
  enum Kind: Sendable {

    case constant

    /// It may be assigned to.
    case variable

    /// It may be updated; the path of its storage and the type it keeps.
    indirect case state(path: String, SymbolicType)
  }

  var meaning: Meaning

  let kind: Kind

  let span: SourceSpan

  /// `true` iff it may be assigned to.
  var isVariable: Bool {
    switch kind {
    case .variable: true
    case .constant, .state: false
    }
  }

}
