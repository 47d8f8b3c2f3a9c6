import Differentiation
package import IR
import Operations
import Passes
import Scheduling
package import Semantics
package import Support
package import Syntax

/// The stages from source to plan, each a function of the one before.
package struct Compilation: Sendable {

  /// The model and what it imports.
  package let program: SourceProgram

  /// What is wrong with the text of these files.
  private let syntaxDiagnostics: DiagnosticSet

  package private(set) var options: CompileOptions

  /// The model's file.
  package var file: SourceFile { map.root }

  /// The files that diagnostics are about.
  package var map: SourceMap { program.map }

  /// Reads the files that `file` imports, from `folder` or its own folder.
  package init(_ file: SourceFile, options: CompileOptions = .init(), folder: String? = nil) {
    let loader = options.phases.measure("parse", ending: "txt") { (l: ProgramLoader) in
      l.program.units[0].tree.dump(in: l.program.map.root)
    } _: {
      ProgramLoader(file, folder: folder)
    }
    program = loader.program
    syntaxDiagnostics = loader.diagnostics
    self.options = options
  }

  /// Returns the same compilation under other options.
  func with(_ options: CompileOptions) -> Compilation {
    var copy = self
    copy.options = options
    return copy
  }

  /// Returns the syntax of the model.
  package func tree() throws(CompileFailure) -> Tree {
    if syntaxDiagnostics.hasErrors { throw .rejected(syntaxDiagnostics, map) }
    return program.units[0].tree
  }

  /// Returns the forward programs, simplified.
  package func lowered() throws(CompileFailure) -> LoweredModel {
    let (model, diagnostics) = options.phases.measure("lower") { (result: (LoweredModel?, DiagnosticSet)) in
      result.0?.module.text ?? ""
    } _: {
      lower(program, options: .init(dims: options.dims, train: options.train))
    }
    if syntaxDiagnostics.hasErrors {
      var all = syntaxDiagnostics
      all.report(diagnostics.elements)
      throw .rejected(all, map)
    }
    guard var model else { throw .rejected(diagnostics, map) }
    model.warnings = diagnostics
    return model
  }

  /// A model with its gradients, the request that its schedule follows, and what was remarked on the way.
  package struct Differentiated: Sendable {

    package let module: Module

    package let request: ScheduleRequest

    package let warnings: DiagnosticSet

    /// By how much the order of its instructions lowers the live bytes of keeping everything; 0 for the source's order.
    package let bytesSavedByOrder: Int

  }

  /// Returns the module with forward, backward and updates, and the request that its schedule follows.
  package func differentiated() throws(CompileFailure) -> Differentiated {
    let model = try lowered()
    let request = try request(of: model)
    let context = PassContext(selectors: request.rules.map(\.selector))
    let simplified = try optimized(model.module, context, stage: "ir", FunctionPass.forward)
    let withGradients: Module
    do throws(DifferentiationError) {
      withGradients = try options.phases.measure("differentiate", text: { (m: Module) in m.text }) {
        () throws(DifferentiationError) in try simplified.differentiated()
      }
    } catch {
      throw .rejected(diagnostics(error, model), map)
    }
    let module = try optimized(withGradients, context, stage: "grad", FunctionPass.step)
    let (ordered, saved) = try options.phases.measure("order", text: { (m: (Module, Int)) in m.0.text }) {
      () throws(CompileFailure) in try reordered(module)
    }
    return .init(module: ordered, request: request, warnings: model.warnings, bytesSavedByOrder: saved)
  }

  /// Returns `module` with its programs in the order that needs least at their peaks, and how much less training needs.
  private func reordered(_ module: Module) throws(CompileFailure) -> (Module, bytesSaved: Int) {
    let (train, eval) = (
      module.train.reordered(workspace: options.workspaceModel),
      module.eval?.reordered(workspace: options.workspaceModel)
    )
    if train == nil, eval == nil { return (module, 0) }
    var result = module
    if let train { result.train = train.function }
    if let eval { result.eval = eval.function }
    do throws(IRViolation) {
      try result.verify()
    } catch {
      throw .broken(stage: "order", message: error.description)
    }
    return (result, train.map { $0.liveBytes.written - $0.liveBytes.reordered } ?? 0)
  }

  /// Returns `module` after `passes`, verified.
  private func optimized(
    _ module: Module, _ context: PassContext, stage: String, _ passes: [FunctionPass]
  ) throws(CompileFailure) -> Module {
    do throws(IRViolation) {
      try module.verify()
      var result = module
      for p in passes {
        result = try options.phases.measure("\(stage).\(p.name)", text: { (m: Module) in m.text }) {
          () throws(IRViolation) in try p.run(on: result, context)
        }
      }
      return result
    } catch {
      throw .broken(stage: stage, message: error.description)
    }
  }

  private func diagnostics(_ e: DifferentiationError, _ model: LoweredModel) -> DiagnosticSet {
    var set = DiagnosticSet()
    switch e {
    case .noParameters:
      set.report(.nothingToTrain(isFrozen: model.module.storage.contains { $0.kind == .frozen }, at: model.lossSpan))
    case .unreached(let storage):
      for s in storage {
        let name = model.module[s].name
        set.report(.unreachedParameter(name, at: model.storageSpans[s.index]))
      }
    }
    return set
  }

  /// Returns the schedule block that the options name.
  private func request(of model: LoweredModel) throws(CompileFailure) -> ScheduleRequest {
    if let r = model.schedules.first(where: { $0.name == options.schedule }) { return r }
    guard let name = options.schedule else { return .init() }
    var set = DiagnosticSet()
    set.report(.noSuchSchedule(name, known: model.schedules.compactMap(\.name)))
    throw .rejected(set, map)
  }

}

extension Diagnostic {

  /// A `--schedule` that the file does not have.
  static func noSuchSchedule(_ name: String, known: [String]) -> Diagnostic {
    let near = Suggestion.nearest(to: name, in: known).map { "; did you mean '\($0)'?" } ?? ""
    return .init(.error, "CG0506", "there is no schedule '\(name)'\(near)", at: nil)
  }

}
