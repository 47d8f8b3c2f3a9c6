import IR
import Operations
import Support
import Syntax

/// Declared data.
struct DataSymbol: Sendable {

  let declaration: DataDeclaration

  /// The types of one batch, with dims.
  let types: [SymbolicType]

  let span: SourceSpan

}

/// A `train` block.
struct TrainSymbol: Sendable {

  let name: Name?

  let body: Body

  /// Where its keyword stands.
  let span: SourceSpan

  /// `true` iff errors of syntax left it incomplete.
  let isDamaged: Bool

}

/// A function and the file it stands in.
///
/// A class, as one is handed on at every call.
final class FunctionSymbol: Sendable {

  let unit: Int

  let syntax: FunctionSyntax

  /// Its name as instances are called: `LayerNorm` is `layer_norm`, `MLP` is `mlp`.
  let snakeName: String

  /// `true` iff errors of syntax left it incomplete.
  let isDamaged: Bool

  /// The labels of its arguments, in order.
  let labels: [String]

  /// How it is called, for messages.
  let form: String

  /// The positions of its formals in the order of binding: sizes and other numbers first, so that the types of tensors
  /// may name them wherever they stand.
  let bindingOrder: [Int]

  init(unit: Int, syntax: FunctionSyntax, snakeName: String, isDamaged: Bool) {
    self.unit = unit
    self.syntax = syntax
    self.snakeName = snakeName
    self.isDamaged = isDamaged
    labels = syntax.formals.map(\.name.text)
    form = "\(syntax.name.text)(\(labels.joined(separator: ", ")))"
    let formals = syntax.formals
    bindingOrder = formals.indices.filter { !formals[$0].isTensor } + formals.indices.filter { formals[$0].isTensor }
  }

}

extension Formal {

  /// `true` iff its type is that of a tensor, or of a tuple, which may hold some.
  fileprivate var isTensor: Bool {
    switch type.kind {
    case .tensor, .tuple: true
    case .dim, .int, .float, .bool: false
    }
  }

}

/// A shared instance: a block with some of its arguments, and a path.
struct LayerSymbol: Sendable {

  let function: FunctionSymbol

  /// The arguments given where it was declared.
  let actuals: [Actual?]

  /// The labels of the arguments that each use gives.
  let open: [String]

  /// How it is used, for messages.
  let form: String

  /// The path of its values, with a dot behind it.
  let prefix: String

  /// The path of its values.
  let path: String

  let name: Name

  /// The number of times it was expanded in this program.
  var uses = 0

  init(_ function: FunctionSymbol, _ actuals: [Actual?], path: String, name: Name) {
    self.function = function
    self.actuals = actuals
    open = zip(function.labels, actuals).filter { $0.1 == nil }.map(\.0)
    form = "\(name.text)(\(open.joined(separator: ", ")))"
    prefix = path + "."
    self.path = path
    self.name = name
  }

}

/// An argument as the caller gave it, or a default.
struct Actual: Sendable {

  let meaning: Meaning

  let span: SourceSpan

}

/// A function being expanded.
struct CallFrame: Sendable {

  let name: String

  let kind: FunctionSyntax.Kind

  /// The path of the instance, empty for a function.
  let path: String

  /// Where it is called.
  let call: SourceSpan

  /// Where its name stands and where its body ends.
  let text: SourceSpan

  /// `true` iff `span` is in the function's text.
  func span(contains span: SourceSpan) -> Bool { text.start <= span.start && span.end <= text.end }

}

/// What a state holds at the end of the step.
struct StateUpdate: Sendable {

  /// The state's path.
  let path: String

  let storage: ValueID

  var value: ValueID

  let span: SourceSpan

  let site: SourceSite

}

/// A name at the level of a file.
enum Global: Sendable {

  /// It was not needed so far.
  case pending(Declaration)

  /// Its value is being found.
  case open(SourceSpan)

  case ready(Binding)

  /// What declares it.
  enum Declaration: Sendable {
    case dim(DimDefinition)
    case constant(Name, Expression)
    case data(Name, TypeSyntax, Expression, SourceSpan)
  }

  /// Where it is declared.
  var span: SourceSpan {
    switch self {
    case .pending(.dim(let d)): d.name.span
    case .pending(.constant(let n, _)), .pending(.data(let n, _, _, _)): n.span
    case .open(let s): s
    case .ready(let b): b.span
    }
  }

}

/// What a file declares and imports.
struct UnitScope: Sendable {

  /// What other files call it; empty for the model.
  let path: String

  /// The file's name as sites print it.
  let nameInPlans: String

  var globals: [String: Global] = [:]

  /// The names of `globals` in order of declaration.
  var globalNames: [Name] = []

  /// The sizes that flags give to dims.
  var overrides: [String: Int] = [:]

  var functions: [String: FunctionSymbol] = [:]

  /// The names that imports list, and the files they are of.
  var importedNames: [String: (unit: Int, span: SourceSpan)] = [:]

  /// The files all of whose functions are imported, in order.
  var importedUnits: [Int] = []

  /// The names that imports list of files that were not found.
  var lostNames: Set<String> = []

  /// `true` iff a file all of whose functions are imported was not found.
  var hasLostUnit = false

  init(_ unit: SourceUnit) {
    path = unit.path
    nameInPlans = unit.file.nameInPlans
  }

}
