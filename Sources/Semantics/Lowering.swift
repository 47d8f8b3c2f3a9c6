import IR
import Operations
package import Support
import Syntax

/// Returns the forward programs of `program`, and all that is wrong with it.
///
/// Names are resolved, dims inferred, blocks expanded and repetitions unrolled. There is no model iff there are errors.
///
/// - Complexity: O(*n*) in the number of instructions produced and of tokens.
package func lower(
  _ program: SourceProgram, options: LoweringOptions = .init()
) -> (model: LoweredModel?, diagnostics: DiagnosticSet) {
  var lowering = Lowering(program)
  lowering.declare(options)
  let model = lowering.lowerModel(options)
  lowering.checkNames()
  return (lowering.diagnostics.hasErrors ? nil : model, lowering.diagnostics)
}

/// What a method throws after it reported an error.
struct Reported: Error {}

/// The state of lowering one model.
struct Lowering {

  /// What the compiler is willing to unroll.
  enum Limit {
    /// The most instructions, parameters, states and inputs of all programs.
    static let values = 210_000

    /// The number of instructions that a parameter, a state or an input counts as: it takes as long.
    static let storageWeight = 2

    /// The most expressions evaluated for all programs, each as often as what it stands in is expanded.
    static let evaluations = 410_000

    /// The most repetitions of all programs, with the instances among them.
    static let expansions = 120_000

    /// The number of repetitions that an instance counts as.
    static let instanceWeight = 2

    /// The number of expressions that an instance counts as.
    static let instanceEvaluations = 5

    static let depth = 256

    /// The most bytes of a path: all texts have to be able to name its value.
    static let path = 4096

    /// The most bytes of all operands and results of a step, so that no sum over a schedule overflows.
    static let bytes = 1 << 56
  }

  let program: SourceProgram

  var diagnostics = DiagnosticSet()

  /// What each file declares, the model first.
  var units: [UnitScope]

  /// The file whose text is being lowered.
  var unit = 0

  /// The data in order of declaration.
  var data: [DataSymbol] = []

  /// The `train` blocks in order.
  var trainBlocks: [TrainSymbol] = []

  var schedules: [ScheduleRequest] = []

  /// Where each schedule is named, by its name.
  var schedulePlaces: [String: SourceSpan] = [:]

  /// The storage declared so far, by its name, shared by the programs.
  var storage: [Storage] = []

  var storageIndex: [String: Int] = [:]

  /// Where each storage is declared.
  var storageSpans: [SourceSpan] = []

  /// The functions whose bodies were expanded at least once, by where their names stand.
  var expandedFunctions: Set<SourceSpan> = []

  /// The bodies that conditions left out in some expansion and the ones they took, by where they stand.
  var takenBodies: Set<SourceSpan> = []

  /// The repetitions and instances expanded so far.
  var expansions = 0

  /// The expressions evaluated so far.
  private var evaluations = 0

  /// The instructions and storage appended so far.
  private var valueCount = 0

  // What follows belongs to the program being lowered.

  var function = Function(name: "train")

  /// `true` iff a program is being lowered, and not the declarations of the file.
  var isInProgram = false

  /// `true` iff the program is for evaluation.
  var isEvaluation = false

  /// What the `train` block has set so far.
  var settings = TrainingSymbols()

  /// The data that `batch` reads in the evaluation program in place of the training data.
  var evaluationData: Int?

  /// The data that `batch` was asked for.
  var batchedData: [Int] = []

  /// The names in scope, innermost last.
  var scopes: [Scope] = []

  /// The path of the instance being expanded, with a dot behind it where it is not empty.
  var prefix = ""

  /// The instances made in each open scope of paths, innermost last.
  var instances: [[String: SourceSpan]] = []

  /// The functions being expanded, outermost first.
  var callStack: [CallFrame] = []

  /// The shared instances declared so far.
  var layers: [LayerSymbol] = []

  /// `true` iff what is being expanded is a shared instance that was expanded in this program before.
  var isSharedAgain = false

  /// The dims that `..` stands for in the function being expanded.
  var leadingDims: [SymbolicDim]?

  /// What each state holds at the end of the step, for those that were updated, in order of their first update.
  var updates: [StateUpdate] = []

  /// The names of a `let` of a tuple, for the call that gives its parts.
  var partNames: (span: SourceSpan, names: [String])?

  /// The bytes of the operands and results so far.
  var bytes = 0

  var depth = 0

  init(_ program: SourceProgram) {
    self.program = program
    units = program.units.map(UnitScope.init)
  }

  /// The file whose text is being lowered.
  var file: SourceFile { program.units[unit].file }

  /// Reports `d` and returns what is to be thrown.
  mutating func fail(_ d: Diagnostic) -> Reported {
    var d = d
    if let span = d.span, !diagnostics.isFull { d.notes += expansionNotes(for: span) }
    diagnostics.report(d)
    return .init()
  }

  /// Says which calls led to `span` if it is in the text of what is being expanded: the innermost two.
  private func expansionNotes(for span: SourceSpan) -> [Diagnostic.Note] {
    guard let inner = callStack.last, inner.span(contains: span), inner.kind != .model else { return [] }
    let frames = callStack.reversed().prefix { $0.kind != .model }.prefix(2)
    return frames.map { .init("in '\($0.name)', expanded here\($0.path.isEmpty ? "" : " as \($0.path)")", at: $0.call) }
  }

  /// The line of `span`, as instructions carry it.
  func site(_ span: SourceSpan) -> SourceSite {
    .init(file: units[unit].nameInPlans, line: program.units[unit].file.line(at: span.start))
  }

  /// Returns what `name` stands for, or `nil`.
  mutating func lookup(_ name: String) -> Binding? {
    for i in scopes.indices.reversed() { if let b = scopes[i][name] { return b } }
    return global(name)
  }

  /// Returns what `name` means, or `nil`.
  mutating func meaning(of name: String) -> Meaning? {
    for i in scopes.indices.reversed() { if let m = scopes[i].meaning(of: name) { return m } }
    return global(name)?.meaning
  }

  /// The names that a person may have meant, in order.
  var visibleNames: [String] {
    diagnostics.isFull ? [] : (scopes.flatMap(\.names) + units[unit].globals.keys).sorted()
  }

  /// Declares `name` in the innermost scope.
  mutating func declare(_ name: Name, _ meaning: Meaning, _ kind: Binding.Kind = .constant) {
    guard let last = scopes.indices.last else { preconditionFailure("no scope") }
    let earlier = scopes[last].declare(name.text, .init(meaning: meaning, kind: kind, span: name.span))
    if let earlier { diagnostics.report(.redeclared(name.text, at: name.span, earlier: earlier.span)) }
  }

  /// Returns the path of what is called `hint` in the instance being expanded; a function's result is called as its call.
  func path(_ hint: String) -> String {
    if hint.isEmpty { return String(prefix.dropLast()) }
    return hint.first == "." ? prefix.dropLast() + hint : prefix + hint
  }

  /// Appends an instruction and returns its first result.
  mutating func emit(
    _ operation: Operation, _ operands: [ValueID], named name: String, at span: SourceSpan
  ) throws(Reported) -> ValueID {
    guard let v = try append(operation, operands, named: name, at: span).first else {
      preconditionFailure("\(operation.mnemonic) has a result")
    }
    return v
  }

  /// Appends an instruction and returns its results.
  mutating func append(
    _ operation: Operation, _ operands: [ValueID], named name: String, at span: SourceSpan
  ) throws(Reported) -> [ValueID] {
    if !isInProgram { throw fail(.misplaced("a computation", "a model or 'train'", at: span)) }
    try countValue(at: span)
    let name = path(name)
    try checkPath(name, at: span)
    let results: [ValueID]
    do throws(ShapeError) {
      results = try function.append(operation, operands, named: name, at: site(span))
    } catch {
      throw fail(.doesNotApply(error, at: span))
    }
    for v in operands { bytes = bytes.addedSaturating(to: function.size(of: v).value) }
    for v in results { bytes = bytes.addedSaturating(to: function.size(of: v).value) }
    if bytes > Limit.bytes { throw fail(.tooMuch("bytes in the values of a step", limit: Limit.bytes, at: span)) }
    return results
  }

  /// Counts the evaluation of an expression, or what takes as long as `weight` of them.
  mutating func countEvaluation(_ weight: Int = 1, at span: SourceSpan) throws(Reported) {
    evaluations += weight
    if evaluations > Limit.evaluations {
      throw fail(.tooMuch("expressions in all that is expanded", limit: Limit.evaluations, at: span))
    }
  }

  /// Counts an instruction or storage, of which a model has only so many.
  mutating func countValue(_ weight: Int = 1, at span: SourceSpan) throws(Reported) {
    valueCount += weight
    if valueCount > Limit.values {
      throw fail(.tooMuch("instructions, parameters and states", limit: Limit.values, at: span))
    }
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
