import IR
import Operations
import Support
import Syntax

/// What a `train` block sets.
struct TrainingSymbols {

  /// Where each setting is made.
  var places: [String: SourceSpan] = [:]

  var loss: (value: ValueID, span: SourceSpan)?

  var optimizer: Optimizer?

  var length: TrainingSettings.Period?

  var seed = 0

  /// The most that the norm of all gradients together may be.
  var clip: Module.Clip?

  /// The number of micro-batches of a step.
  var microBatches = 1

  /// The parameters that training leaves as they are.
  var frozen: [FrozenPattern] = []

  var evaluation: (period: TrainingSettings.Period, data: Int, batches: Int?, span: SourceSpan)?

  var saving: TrainingSettings.Saving?

}

extension Lowering {

  /// The settings of `train`.
  private static let settingNames = [
    "loss", "optimizer", "clip", "accumulate", "freeze", "epochs", "steps", "seed", "eval", "save",
  ]

  /// Lowers the `train` block that the options name, and the others for what is wrong with them.
  mutating func lowerModel(_ options: LoweringOptions) -> LoweredModel? {
    guard let chosen = chosenTrain(options.train) else { return nil }
    let fresh = self
    let model = lowerTraining(trainBlocks[chosen])
    for i in trainBlocks.indices where i != chosen {
      var other = fresh
      _ = other.lowerTraining(trainBlocks[i])
      diagnostics.report(other.diagnostics.elements)
      expandedFunctions.formUnion(other.expandedFunctions)
      takenBodies.formUnion(other.takenBodies)
    }
    return model
  }

  /// Returns the position of the `train` block called `name`, or of the one without a name, or else of the first.
  private mutating func chosenTrain(_ name: String?) -> Int? {
    if let name {
      if let i = trainBlocks.firstIndex(where: { $0.name?.text == name }) { return i }
      if program.isWhole { diagnostics.report(.noSuchTrain(name, known: trainBlocks.compactMap(\.name?.text))) }
      return nil
    }
    if let i = trainBlocks.firstIndex(where: { $0.name == nil }) { return i }
    if trainBlocks.isEmpty, !diagnostics.hasErrors, program.isWhole { diagnostics.report(.noTrain()) }
    return trainBlocks.isEmpty ? nil : 0
  }

  /// Lowers a `train` block to the training program and, where it asks for evaluation, once more to the evaluation
  /// program.
  private mutating func lowerTraining(_ train: TrainSymbol) -> LoweredModel? {
    guard let symbols = lowerProgram("train", train.body), !diagnostics.hasErrors else { return nil }
    guard let loss = symbols.loss, let optimizer = symbols.optimizer, !train.isDamaged else {
      if train.isDamaged { return nil }
      if symbols.loss == nil { diagnostics.report(.noLoss(at: train.span)) }
      if symbols.optimizer == nil { diagnostics.report(.noOptimizer(at: train.span)) }
      return nil
    }
    var training = TrainingSettings(
      length: symbols.length ?? .init(1, .epochs), seed: symbols.seed, microBatches: symbols.microBatches,
      saving: symbols.saving)
    let trainFunction = function
    var evalFunction: Function?
    if let e = symbols.evaluation {
      (training.evaluation, training.evaluationBatches) = (e.period, e.batches)
      evalFunction = lowerEvaluation(on: e.data, train.body, at: e.span)
    }
    do throws(Reported) { try freeze(symbols.frozen) } catch { return nil }
    var module = Module(
      source: units[0].nameInPlans, model: modelName, training: training, optimizer: optimizer, train: trainFunction)
    module.clip = symbols.clip
    module.dims = declaredDims
    module.data = data.map(\.declaration)
    for s in storage { _ = module.add(s) }
    module.eval = evalFunction
    return .init(module: module, schedules: schedules, storageSpans: storageSpans, lossSpan: loss.span)
  }

  /// The name of the first model in the file, or `train` where there is none.
  private var modelName: String {
    units[0].functions.values.map(\.syntax).filter { $0.kind == .model }
      .min { $0.name.span.start < $1.name.span.start }?.name.text ?? "train"
  }

  private mutating func lowerEvaluation(on other: Int, _ body: Body, at span: SourceSpan) -> Function? {
    guard batchedData.count == 1 else {
      diagnostics.report(.badSetting("eval", "a model that calls 'batch' once", at: span))
      return nil
    }
    let (asked, given) = (data[batchedData[0]], data[other])
    guard asked.types == given.types else {
      diagnostics.report(.evaluationTypes("\(asked.types)", "\(given.types)", at: span))
      return nil
    }
    (isEvaluation, evaluationData) = (true, other)
    return lowerProgram("eval", body) == nil ? nil : function
  }

  /// Lowers `body` to a program of its own.
  private mutating func lowerProgram(_ name: String, _ body: Body) -> TrainingSymbols? {
    (unit, isInProgram) = (0, true)
    function = Function(name: name)
    scopes = [.init()]
    prefix = "train."
    instances = [[:]]
    (batchedData, layers, updates) = ([], [], [])
    bytes = 0
    settings = .init()
    do throws(Reported) {
      _ = try lower(body)
      try storeUpdates()
    } catch {
      return nil
    }
    function.checkpoints = Array(Set(function.checkpoints)).sorted()
    return settings
  }

  /// Appends the instructions that write the new values of states, one for each.
  private mutating func storeUpdates() throws(Reported) {
    for u in updates {
      do throws(ShapeError) {
        try function.append(.assign, [u.storage, u.value], named: "", at: u.site)
      } catch {
        throw fail(.doesNotApply(error, at: u.span))
      }
    }
  }

  /// Sets what `train` calls `name`.
  mutating func set(_ name: Name, _ value: Expression) throws(Reported) {
    if let earlier = settings.places.updateValue(name.span, forKey: name.text) {
      throw fail(.redeclared(name.text, at: name.span, earlier: earlier))
    }
    switch name.text {
    case "loss":
      settings.loss = (try report(.loss, "loss", value), name.span)
    case "optimizer": settings.optimizer = try optimizer(value)
    case "epochs", "steps":
      if settings.length != nil {
        throw fail(.lengthTwice(at: name.span))
      }
      let p = try period(value, of: name.text, default: name.text == "epochs" ? .epochs : .steps)
      if p.unit.rawValue != name.text { throw fail(.badSetting(name.text, "a number of \(name.text)", at: value.span)) }
      settings.length = p
    case "seed":
      let m = try lower(value, hint: "")
      guard case .dim(let d) = m, d.size >= 0 else {
        throw fail(.badSetting("seed", "a whole number from 0", at: value.span))
      }
      settings.seed = d.size
    case "eval": settings.evaluation = try evaluation(value)
    case "clip": settings.clip = .init(norm: try clipNorm(value), site: site(name.span))
    case "accumulate": settings.microBatches = try microBatches(value)
    case "freeze": settings.frozen = try frozenPatterns(value)
    case "save": settings.saving = try saving(value)
    case _: throw fail(.unknownSetting(name.text, at: name.span, known: Self.settingNames))
    }
  }

  /// Returns the norm that `e` is, a number above 0 that f32 holds.
  private mutating func clipNorm(_ e: Expression) throws(Reported) -> Double {
    let norm = try scalar(try lower(e, hint: ""), at: e.span)
    guard norm.isFinite, Float(norm) > 0, Float(norm).isFinite else {
      throw fail(.badSetting("clip", "the greatest norm of all gradients together, a number above 0", at: e.span))
    }
    return norm
  }

  /// The most micro-batches of a step: random draws are keyed by 16 bits of them.
  private static let microBatchLimit = 65_536

  private mutating func microBatches(_ e: Expression) throws(Reported) -> Int {
    guard case .dim(let d) = try lower(e, hint: ""), (1...Self.microBatchLimit).contains(d.size) else {
      let expected = "the number of micro-batches of a step, from 1 to \(Self.microBatchLimit)"
      throw fail(.badSetting("accumulate", expected, at: e.span))
    }
    return d.size
  }

  /// Lowers a scalar that the program reports.
  @discardableResult
  mutating func report(
    _ role: ProgramResult.Role, _ label: String, _ value: Expression
  ) throws(Reported) -> ValueID {
    let x = try tensor(value, hint: label)
    let v = x.value
    guard x.type == .init(element: .f32, dims: []) else { throw fail(.lossNotScalar(x.type, at: value.span)) }
    if case .storage = function[v].origin {
      throw fail(.expected("a computed value", found: "'\(function[v].name)' itself", at: value.span))
    }
    if function.results.contains(where: { $0.result.label == label }) {
      throw fail(.redeclared(label, at: value.span, earlier: nil))
    }
    function.results.append(.init(.init(role: role, label: label), v))
    return v
  }

  mutating func period(
    _ e: Expression, of name: String, default unit: TrainingSettings.Period.Unit
  ) throws(Reported) -> TrainingSettings.Period {
    if case .number(let n) = e.kind, let count = n.integer, count >= 1, let quantity = n.unit?.quantity {
      switch quantity {
      case .steps: return .init(count, .steps)
      case .epochs: return .init(count, .epochs)
      case .minutes:
        let expected = "a number of steps or epochs, not of minutes, in which every run does another number"
        throw fail(.badSetting(name, expected, at: e.span))
      case .memory: throw fail(.badSetting(name, "a number of steps or epochs", at: e.span))
      }
    }
    return .init(try dim(e).size, unit)
  }

  private mutating func evaluation(
    _ e: Expression
  ) throws(Reported) -> (period: TrainingSettings.Period, data: Int, batches: Int?, span: SourceSpan) {
    let form = "every(1 epoch, on: DATA, batches: 20)"
    guard case .call(let callee, let arguments) = e.kind, case .name("every") = callee.kind else {
      throw fail(.badSetting("eval", form, at: e.span))
    }
    let bound = try bind(arguments, to: ["period", "on", "batches"], form: form, at: e.span)
    guard let p = bound[0], let on = bound[1] else { throw fail(.badSetting("eval", form, at: e.span)) }
    let m = try lower(on, hint: "")
    guard case .data(let d) = m else { throw fail(.expected("data", found: m.kind, at: on.span)) }
    let batches = try bound[2].map { (b) throws(Reported) in try dim(b).size }
    return (try period(p, of: "every", default: .steps), d, batches, e.span)
  }

}
