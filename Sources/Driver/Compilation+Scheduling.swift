import Emission
package import IR
import Operations
import Planning
package import PlanFormat
import Rematerialization
package import Scheduling
package import Support

/// A plan with what is said of it at compile time.
package struct CompiledModel: Sendable {

  package let plan: Plan

  /// What the schedule of the training step needs and costs.
  package let metrics: ScheduleMetrics

  /// The same for the schedule that keeps everything.
  package let keepAll: ScheduleMetrics

  /// The packed peak of the schedule that keeps everything, in bytes.
  package let keepAllPeakBytes: Int

  /// The names of the values that the policy gave up one after the other.
  package let released: [String]

  /// No schedule within the budget that keeps the order of first executions recomputes for less; `nil` where nothing is
  /// known.
  package let costBound: Int?

  /// The name of the unit of costs.
  package let costUnit: String

  /// What copying a byte between the device and the host is taken to cost.
  package let costPerByte: Double

  /// `true` iff the policy weighs what is waited for of copies, as it chose them.
  package let isWeighingCopies: Bool

  package let warnings: DiagnosticSet

  /// By how much the order of instructions lowers the live bytes of keeping everything; 0 for the source's order.
  package fileprivate(set) var bytesSavedByOrder = 0

}

/// A schedule with offsets.
struct PlacedProgram {

  let program: PlanProgram

  /// What is executed: the schedule that was given, with copies to the host and back where rules ask for them.
  let schedule: Schedule

  let arenaBytes: Int

  let hostBytes: Int

  let liveBytes: Int

}

extension Compilation {

  /// Returns the text of `model`'s plan, after reading it back.
  ///
  /// - Throws: `rejected` if the model is beyond what a plan can say, such as its number of dims or of components of data.
  package func text(of model: CompiledModel) throws(CompileFailure) -> String {
    let text = model.plan.text
    do throws(PlanError) {
      _ = try PlanReader.read(Array(text.utf8))
    } catch {
      var set = DiagnosticSet()
      set.report(.beyondPlans(error))
      throw .rejected(set, map)
    }
    return text
  }

  /// Runs all stages.
  ///
  /// - Throws: diagnostics of the model, `infeasible` if nothing fits the budget, `broken` if the plan's own verifier
  ///   refuses it.
  package func compiled() throws(CompileFailure) -> CompiledModel {
    let model = try differentiated()
    var result = try assembled(model.module, model.request, model.warnings)
    result.bytesSavedByOrder = model.bytesSavedByOrder
    return result
  }

  /// Returns what is remarkable about `model` and the rules of its schedule, without scheduling it.
  ///
  /// - Throws: `rejected` if a rule matches nothing or contradicts another, or the policy does not exist.
  package func warnings(ofRulesFor model: Differentiated) throws(CompileFailure) -> DiagnosticSet {
    let assembly = Assembly(module: model.module, options: options, map: map)
    var warnings = model.warnings
    let problem = try assembly.problem(model.request)
    if let asked = options.policy ?? model.request.policy {
      try assembly.reporting { () throws(DiagnosticError) in _ = try Policy.named(asked, for: problem) }
    }
    warnings.report(problem.obligations.warnings)
    return warnings
  }

  /// Schedules and lays out `module`, which has its backward part, as `request` says.
  ///
  /// - Throws: as `compiled`.
  package func assembled(
    _ module: Module, _ request: ScheduleRequest, _ warnings: DiagnosticSet = .init()
  ) throws(CompileFailure) -> CompiledModel {
    var assembly = Assembly(module: module, options: options, map: map)
    let result = try options.phases.measure("schedule", ending: "txt") { (m: CompiledModel) in
      m.plan.scheduleDump
    } _: { () throws(CompileFailure) in
      try assembly.compile(request, warnings)
    }
    do throws(PlanViolation) {
      try options.phases.measure("plan", ending: "cgplan", text: { (_: Void) in result.plan.text }) {
        () throws(PlanViolation) in try result.plan.verify()
      }
    } catch {
      throw .broken(stage: "plan", message: error.description)
    }
    return result
  }

}

/// Schedules, lays out and assembles one module.
struct Assembly {

  let module: Module

  let options: CompileOptions

  let map: SourceMap

  private let storage: [PlacedStorage]

  let persistentBytes: Int

  let beginning = ContinuousClock.now

  init(module: Module, options: CompileOptions, map: SourceMap) {
    self.module = module
    self.options = options
    self.map = map
    var (placed, end) = ([PlacedStorage](), 0)
    for s in module.storage {
      let offset = ByteCount(end).rounded(upTo: options.target.alignment).value
      placed.append(.init(s, offset: offset))
      end = offset + s.type.size.value
    }
    storage = placed
    persistentBytes = end
  }

  mutating func compile(_ request: ScheduleRequest, _ remarks: DiagnosticSet) throws(CompileFailure) -> CompiledModel {
    let problem = try problem(request)
    let evaluation = try module.eval.map { (f) throws(CompileFailure) in try placedEvaluation(f) }
    let plain = try SchedulingProblem.keepingAll(module.train, options, reporting)
    let none = plain.schedule(saving: .init(repeating: true, count: module.train.values.count))
    let keepAll = try place(none, of: plain)
    let (call, schedule) = try chosen(problem, request, evaluation?.arenaBytes ?? 0)
    let limit = call.isOffloading ? min(call.budget ?? .max, options.budget ?? .max) - persistentBytes : 0
    let train = try place(schedule, of: problem, limit: limit)
    let metrics = problem.metrics(of: train.schedule)
    let certificate = train.schedule.certificate.flatMap(certificate)
    let evaluations = evaluation.map { [$0] } ?? []
    var plan = plan(call, [train] + evaluations, metrics, certificate)
    if certificate != nil { plan.operandCertificate = schedule.operandCertificate }
    plan.header.computes = self.plan(call, [keepAll] + evaluations, metrics, nil).contentDigest
    var warnings = remarks
    warnings.report(problem.obligations.warnings)
    warnings.report(problem.idleOffloads(in: train.schedule))
    let keepAllArena = max(keepAll.arenaBytes, evaluation?.arenaBytes ?? 0)
    if plan.totals.peakBytes > persistentBytes + keepAllArena {
      warnings.report(.policyRaisesPeak(call, plan.totals.peakBytes, persistentBytes + keepAllArena))
    }
    return .init(
      plan: plan, metrics: metrics, keepAll: plain.metrics(of: none), keepAllPeakBytes: persistentBytes + keepAllArena,
      released: schedule.released.map { module.train[$0].name }, costBound: train.schedule.costBound,
      costUnit: options.cost.unit, costPerByte: problem.costPerByte, isWeighingCopies: call.isOffloading,
      warnings: warnings)
  }

  /// Returns the training step with what the rules of `request` demand of its values.
  func problem(_ request: ScheduleRequest) throws(CompileFailure) -> SchedulingProblem {
    do throws(DiagnosticError) {
      var problem = try SchedulingProblem(
        module.train, rules: request.rules, cost: options.cost, workspace: options.workspaceModel)
      problem.reservedBytes = persistentBytes
      if let asked = options.policy ?? request.policy, asked.isOffloading, let cost = asked.costPerByte {
        problem.costPerByte = cost
      }
      return problem
    } catch {
      var set = DiagnosticSet()
      set.report(error.diagnostics)
      set.report(try errors(ofPolicyOf: request))
      throw .rejected(set, map)
    }
  }

  /// Returns what is wrong with the policy that `request` names, whatever its rules.
  private func errors(ofPolicyOf request: ScheduleRequest) throws(CompileFailure) -> [Diagnostic] {
    guard options.policy == nil, let asked = request.policy else { return [] }
    let plain = try SchedulingProblem.keepingAll(module.train, options, reporting)
    do throws(DiagnosticError) {
      _ = try Policy.named(asked, for: plain)
      return []
    } catch {
      return error.diagnostics
    }
  }

  /// Returns the result of `action`, its diagnostics as a failure of this file.
  func reporting<R>(_ action: () throws(DiagnosticError) -> R) throws(CompileFailure) -> R {
    do throws(DiagnosticError) {
      return try action()
    } catch {
      var set = DiagnosticSet()
      set.report(error.diagnostics)
      throw .rejected(set, map)
    }
  }

  private func placedEvaluation(_ f: Function) throws(CompileFailure) -> PlacedProgram {
    let problem = try SchedulingProblem.keepingAll(f, options, reporting)
    return try place(problem.schedule(saving: .init(repeating: true, count: f.values.count)), of: problem)
  }

  /// Returns the policy and schedule that the options and the request ask for.
  private func chosen(
    _ problem: SchedulingProblem, _ request: ScheduleRequest, _ evaluationBytes: Int
  ) throws(CompileFailure) -> (PolicyCall, Schedule) {
    let marked = !module.train.checkpoints.isEmpty
    let asked =
      options.policy ?? (options.budget == nil ? request.policy ?? .init(name: marked ? "manual" : "none") : nil)
    guard let asked else {
      let call = PolicyCall(name: "optimal", arguments: [.init("budget", .integer(options.budget ?? .max))])
      return (call, try fitting(call, options.budget ?? .max, problem, evaluationBytes))
    }
    if let budget = asked.budget { return (asked, try fitting(asked, budget, problem, evaluationBytes)) }
    let schedule = try reporting { () throws(DiagnosticError) in try Policy.schedule(asked, of: problem) }
    if let budget = options.budget {
      let peak = persistentBytes + max(try place(schedule, of: problem).arenaBytes, evaluationBytes)
      if peak > budget {
        throw .infeasible(.budgetTooSmall(budget: budget, least: peak, leastPolicy: asked, at: nil), map, least: peak)
      }
    }
    return (asked, schedule)
  }

  /// Offloads what rules ask for and gives the values of `schedule` offsets.
  ///
  /// Copies overlap with computations unless packing needs more for that, and more than `limit` bytes. A layout of at most
  /// `enough` bytes is not improved on.
  func place(
    _ schedule: Schedule, of problem: SchedulingProblem, enough: Int = 0, limit: Int = 0
  ) throws(CompileFailure) -> PlacedProgram {
    let wide = try placed(problem.offloaded(schedule, overlapping: true), of: problem, enough: enough)
    if wide.hostBytes == 0 || wide.arenaBytes <= max(enough, limit) { return wide }
    let tight = try placed(problem.offloaded(schedule, overlapping: false), of: problem, enough: enough)
    return tight.arenaBytes < wide.arenaBytes ? tight : wide
  }

  /// Verifies `schedule` and gives its values offsets.
  private func placed(
    _ schedule: Schedule, of problem: SchedulingProblem, enough: Int
  ) throws(CompileFailure) -> PlacedProgram {
    let analysis = problem.analysis
    do throws(ScheduleViolation) {
      var verifier = ScheduleVerifier(schedule, of: analysis.function, obligedToSave: problem.obligations.saved)
      try verifier.verify()
    } catch {
      throw .broken(stage: "schedule", message: error.description)
    }
    let lives = Lives(of: schedule, analysis)
    let alignment = options.target.alignment
    let packing = PlanningProblem(buffers: lives.buffers, alignment: alignment)
    let layout = packing.layout(enough: enough)
    let host = PlanningProblem(buffers: lives.hostBuffers, alignment: alignment).layout()
    let program = PlanProgram(
      schedule, analysis, lives, layout.offsets, hostOffsets: host.offsets, demands: problem.demands(in: map))
    return .init(
      program: program, schedule: schedule, arenaBytes: layout.size, hostBytes: host.size,
      liveBytes: packing.liveBytesBound)
  }

  /// Returns `c` as plans have it: of the whole peak, and of floating-point operations alone.
  private func certificate(_ c: BoundCertificate) -> BoundCertificate? {
    guard options.cost.unit == CostModel.flops.unit else { return nil }
    return .init(bound: c.bound, budget: c.budget + persistentBytes, bits: c.bits, duals: c.duals)
  }

  private func plan(
    _ call: PolicyCall, _ programs: [PlacedProgram], _ metrics: ScheduleMetrics, _ certificate: BoundCertificate?
  ) -> Plan {
    var totals = PlanTotals()
    totals.persistentBytes = persistentBytes
    totals.arenaBytes = programs.reduce(0) { max($0, $1.arenaBytes) }
    totals.peakBytes = totals.persistentBytes + totals.arenaBytes
    totals.hostBytes = programs.reduce(0) { max($0, $1.hostBytes) }
    totals.liveLowerBoundBytes = persistentBytes + programs.reduce(0) { max($0, $1.liveBytes) }
    totals.activationPeakBytes = metrics.activationBytes
    totals.savedBytes = metrics.savedBytes
    (totals.stepFlops, totals.recomputeFlops) = flops(programs[0].program)
    let header = PlanHeader(
      source: module.source, model: module.model, policy: call.description, budget: options.budget,
      costs: options.costs?.source,
      target: options.target.rawValue, threads: options.threads, precision: options.precision,
      library: options.library,
      dims: module.dims.map { .init(name: $0.name, size: $0.size) })
    return .init(
      header: header, totals: totals, certificate: certificate, training: module.training, data: module.data,
      storage: storage,
      programs: programs.map(\.program))
  }

  /// Returns the operations of a plain step and of the recomputations.
  private func flops(_ p: PlanProgram) -> (step: Int, recompute: Int) {
    var (step, recompute) = (0, 0)
    for i in p.instructions {
      func flops(_ o: Operation) -> Int {
        o.flops(i.operands.map { p.values[$0].type }, i.results.map { p.values[$0].type })
      }
      switch i.action {
      case .compute(let o), .update(let o): step = step.addedSaturating(to: flops(o))
      case .recompute(let o): recompute = recompute.addedSaturating(to: flops(o))
      case .delete, .offload, .fetch: continue
      }
    }
    return (step, recompute)
  }

}

extension SchedulingProblem {

  /// Returns the problem without rules.
  fileprivate static func keepingAll(
    _ f: Function, _ options: CompileOptions,
    _ reporting: (() throws(DiagnosticError) -> SchedulingProblem) throws(CompileFailure) -> SchedulingProblem
  ) throws(CompileFailure) -> SchedulingProblem {
    try reporting { () throws(DiagnosticError) in
      try SchedulingProblem(f, rules: [], cost: options.cost, workspace: options.workspaceModel)
    }
  }

}

extension Diagnostic {

  /// A model whose plan could not be read.
  static func beyondPlans(_ error: PlanError) -> Diagnostic {
    .init(.error, "CG0701", "the model is beyond the limits of plans: \(error.message)", at: nil)
  }

  /// A policy that costs memory.
  static func policyRaisesPeak(_ call: PolicyCall, _ peak: Int, _ keepAll: Int) -> Diagnostic {
    .init(
      .warning, "CG0507",
      "\(call) has a higher peak, \(ByteCount(peak)), than keeping everything, \(ByteCount(keepAll))", at: call.span)
  }

}
