package import IR
import Operations
package import Support
import Syntax

/// What the command line says about a model.
package struct LoweringOptions: Hashable, Sendable {

  /// A dim's size from `--dim`.
  package struct DimOverride: Hashable, Sendable {

    package let name: String

    package let size: Int

    package init(name: String, size: Int) {
      self.name = name
      self.size = size
    }

  }

  package var dims: [DimOverride]

  package init(dims: [DimOverride] = []) { self.dims = dims }

}

/// A model as IR, before differentiation.
package struct LoweredModel: Sendable {

  package let module: Module

  /// The `schedule` blocks, in order.
  package let schedules: [ScheduleRequest]

  /// Where each parameter is declared, by its path.
  package let parameterSpans: [String: SourceSpan]

  /// Where the loss is set.
  package let lossSpan: SourceSpan

}

/// Returns the forward programs of the model in `tree`, and all that is wrong with it.
///
/// Names are resolved, dims inferred, blocks expanded and repetitions unrolled. There is no model iff there are errors.
///
/// - Complexity: O(*n*) in the number of instructions produced.
package func lower(
  _ program: SourceProgram, options: LoweringOptions = .init()
) -> (model: LoweredModel?, diagnostics: DiagnosticSet) {
  var lowering = Lowering(program.units[0].file)
  lowering.declare(program.units[0].tree, options)
  let model = lowering.lowerTraining()
  return (lowering.diagnostics.hasErrors ? nil : model, lowering.diagnostics)
}

/// What a method throws after it reported an error.
struct Reported: Error {}

/// The state of lowering one file.
struct Lowering {

  /// What the compiler is willing to unroll.
  enum Limit {
    static let instructions = 4_000_000
    static let expansions = 1_000_000
    static let depth = 256

    /// The most bytes of a path: all texts have to be able to name its value.
    static let path = 4096

    /// The most bytes of all operands and results of a step, so that no sum over a schedule overflows.
    static let bytes = 1 << 56
  }

  let file: SourceFile

  var diagnostics = DiagnosticSet()

  /// The names of the file: dims, constants and data.
  var globals: [String: Binding] = [:]

  /// The dims in order of declaration.
  var dims: [Module.Dim] = []

  var data: [DataSymbol] = []

  var functions: [String: FunctionSyntax] = [:]

  var train: (body: Body, span: SourceSpan)?

  var schedules: [ScheduleRequest] = []

  /// Where each schedule is named, by its name.
  var schedulePlaces: [String: SourceSpan] = [:]

  /// The storage declared so far, by its name, shared by the programs.
  var storage: [Storage] = []

  var storageIndex: [String: Int] = [:]

  var parameterSpans: [String: SourceSpan] = [:]

  // What follows belongs to the program being lowered.

  var function = Function(name: "train")

  /// `true` iff a program is being lowered, and not the declarations of the file.
  var isInProgram = false

  /// `true` iff the program is for evaluation.
  var isEvaluation = false

  /// The data that `batch` reads in the evaluation program in place of the training data.
  var evaluationData: Int?

  /// The data that `batch` was asked for.
  var batchedData: [Int] = []

  /// The names in scope, innermost last.
  var scopes: [[String: Binding]] = []

  /// The path of the instance being expanded, with a dot behind it where it is not empty.
  var prefix = ""

  /// The instances made in each open scope of paths, innermost last.
  var instances: [[String: SourceSpan]] = []

  /// The blocks being expanded, outermost first.
  var callStack: [String] = []

  /// The dims that `..` stands for in the block being expanded.
  var leadingDims: [SymbolicDim]?

  /// The bytes of the operands and results so far.
  var bytes = 0

  /// The repetitions and instances expanded so far.
  var expansions = 0

  var depth = 0

  /// The file's name as sites print it.
  private(set) var nameInPlans: String

  init(_ file: SourceFile) {
    self.file = file
    nameInPlans = file.nameInPlans
  }

  /// Reports `d` and returns what is to be thrown.
  mutating func fail(_ d: Diagnostic) -> Reported {
    diagnostics.report(d)
    return .init()
  }

  /// The line of `span`, as instructions carry it.
  func site(_ span: SourceSpan) -> SourceSite { .init(file: nameInPlans, line: file.line(at: span.start)) }

  /// Returns what `name` stands for, or `nil`.
  func lookup(_ name: String) -> Binding? {
    for s in scopes.reversed() { if let b = s[name] { return b } }
    return globals[name]
  }

  /// The names that a person may have meant, in order.
  var visibleNames: [String] { diagnostics.isFull ? [] : (scopes.flatMap(\.keys) + globals.keys).sorted() }

  /// Declares `name` in the innermost scope.
  mutating func declare(_ name: Name, _ meaning: Meaning, isVariable: Bool = false) {
    guard let last = scopes.indices.last else { preconditionFailure("no scope") }
    if let earlier = scopes[last][name.text] {
      diagnostics.report(.redeclared(name.text, at: name.span, earlier: earlier.span))
    }
    scopes[last][name.text] = .init(meaning: meaning, isVariable: isVariable, span: name.span)
  }

  /// Appends an instruction and returns its first result.
  mutating func emit(
    _ operation: Operation, _ operands: [ValueID], named name: String, at span: SourceSpan
  ) throws(Reported) -> ValueID {
    if !isInProgram { throw fail(.misplaced("a computation", "a model or 'train'", at: span)) }
    if function.instructions.count >= Limit.instructions {
      throw fail(.tooMuch("instructions", limit: Limit.instructions, at: span))
    }
    try checkPath(prefix + name, at: span)
    do throws(ShapeError) {
      guard let v = try function.append(operation, operands, named: prefix + name, at: site(span)).first else {
        preconditionFailure("\(operation.mnemonic) has a result")
      }
      for used in operands + [v] { bytes = bytes.addedSaturating(to: function[used].type.size.value) }
      if bytes <= Limit.bytes { return v }
    } catch {
      throw fail(.doesNotApply(error, at: span))
    }
    throw fail(.tooMuch("bytes in the values of a step", limit: Limit.bytes, at: span))
  }

  /// Demands that `path` is no longer than paths may be.
  mutating func checkPath(_ path: String, at span: SourceSpan) throws(Reported) {
    if path.utf8.count > Limit.path { throw fail(.tooMuch("bytes in a path", limit: Limit.path, at: span)) }
  }

  /// Calls `action` one level deeper, up to a limit.
  mutating func nested<R>(at span: SourceSpan, _ action: (inout Lowering) throws(Reported) -> R) throws(Reported) -> R {
    if depth >= Limit.depth { throw fail(.tooMuch("levels of expressions and blocks", limit: Limit.depth, at: span)) }
    depth += 1
    defer { depth -= 1 }
    return try action(&self)
  }

}

/// Declared data.
struct DataSymbol: Sendable {

  let declaration: DataDeclaration

  /// The types of one batch, with dims.
  let types: [SymbolicType]

  let span: SourceSpan

}
