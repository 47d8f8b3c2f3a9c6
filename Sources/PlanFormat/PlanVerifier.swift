import Operations
import Support

/// What a plan must hold to be run; the checks are those of `Plan.verify()`.
enum PlanVerifier {

  /// The devices that plans may be made for.
  static let targets = PlanTarget.allCases.map(\.rawValue)

  /// The numbers of threads that a plan may pin.
  static let threads = 1...256

  /// The numbers of micro-batches that a step may have; random draws are keyed by 16 bits of them.
  static let microBatches = 1...65_536
}

extension Plan {

  /// Checks that running the plan cannot touch memory that it should not, and that every number in it is true.
  ///
  /// It executes the programs once without tensors: it follows which value is live where, which storage has been updated
  /// and what has been drawn. It trusts nothing that the compiler found out and shares no code with it; what it knows of
  /// operations is their table (shape rule, cost, effect).
  ///
  /// - Throws: the first violation, in the order of the text; wrong totals come last.
  /// - Complexity: O(*n* log *n*) for *n* values, operands and instructions.
  package func verify() throws(PlanViolation) {
    try verifyHeader()
    try verifyTraining()
    try verifyData()
    let persistentBytes = try verifyStorage()
    let names = programs.map(\.name)
    guard names == ["train"] || names == ["train", "eval"] else { throw .init(.header, .programsOutOfOrder(names)) }
    var figures: [ProgramFigures] = []
    var origins: [[PlanValueIndex]] = []
    for p in programs.indices {
      var verifier = ProgramVerifier(self, p)
      figures.append(try verifier.run())
      origins.append(verifier.origins)
    }
    try verifyBound()
    try verifyTotals(persistentBytes, figures)
    try verifyCertificate(origins[0])
    try verifyContent()
  }

  private func verifyHeader() throws(PlanViolation) {
    if !PlanVerifier.targets.contains(header.target) { throw .init(.header, .unknownTarget(header.target)) }
    if !PlanVerifier.threads.contains(header.threads) { throw .init(.header, .threadsOutOfRange(header.threads)) }
    let (precision, target) = (header.precision, header.target)
    if precision != .f32, target != PlanTarget.cuda.rawValue {
      throw .init(.header, .precisionOfTarget(precision, target))
    }
    if header.library != .cgad, target != PlanTarget.cuda.rawValue {
      throw .init(.header, .libraryOfTarget(header.library, target))
    }
    var names: Set<String> = []
    for d in header.dims where !names.insert(d.name).inserted { throw .init(.header, .dimTwice(d.name)) }
  }

  private func verifyTraining() throws(PlanViolation) {
    let t = training
    if t.length.count < 1 { throw .init(.header, .emptyPeriod("training for", t.length)) }
    if !PlanVerifier.microBatches.contains(t.microBatches) {
      throw .init(.header, .microBatchesOutOfRange(t.microBatches))
    }
    if t.seed < 0 { throw .init(.header, .negativeSeed(t.seed)) }
    if let e = t.evaluation {
      if e.count < 1 { throw .init(.header, .emptyPeriod("evaluation every", e)) }
      if programs.count < 2 { throw .init(.header, .evaluationWithoutProgram()) }
    } else if programs.count > 1 {
      throw .init(.header, .programWithoutEvaluation())
    }
    if let s = t.saving {
      if s.period.count < 1 { throw .init(.header, .emptyPeriod("saving every", s.period)) }
      if let k = s.keep, k < 1 { throw .init(.header, .keepsNothing(k)) }
    }
    if let b = t.evaluationBatches, b < 1 || t.evaluation == nil { throw .init(.header, .badEvaluationBatches(b)) }
  }

  private func verifyData() throws(PlanViolation) {
    var names: Set<String> = []
    for d in data {
      if !names.insert(d.name).inserted { throw .init(.header, .dataTwice(d.name)) }
      for t in d.types {
        guard let count = t.extents.first else { throw .init(.header, .dataWithoutExamples(d.name, t)) }
        if count != d.types[0].extents[0] { throw .init(.header, .dataExamplesDiffer(d.name, d.types[0], t)) }
      }
    }
  }

  /// Throws unless every input is bound somewhere.
  private func verifyBound() throws(PlanViolation) {
    var bound: Set<String> = []
    for p in programs { bound.formUnion(p.bindings.map(\.input)) }
    for s in storage where s.storage.kind == .input && !bound.contains(s.storage.name) {
      throw .init(.header, .unboundInput(s.storage.name))
    }
  }

  private func verifyTotals(_ persistentBytes: Int, _ figures: [ProgramFigures]) throws(PlanViolation) {
    var derived = PlanTotals()
    derived.persistentBytes = persistentBytes
    derived.arenaBytes = figures.map(\.arenaBytes).max() ?? 0
    let (peak, overflow) = persistentBytes.addingReportingOverflow(derived.arenaBytes)
    if overflow { throw .init(.header, .bytesOverflow(persistentBytes, derived.arenaBytes)) }
    derived.peakBytes = peak
    derived.liveLowerBoundBytes = persistentBytes + (figures.map(\.livePeakBytes).max() ?? 0)
    derived.activationPeakBytes = figures[0].activationPeakBytes
    derived.savedBytes = figures[0].savedBytes
    derived.stepFlops = figures[0].flops
    derived.recomputeFlops = figures[0].recomputeFlops
    for f in PlanTotals.fields {
      let (said, found) = (totals[keyPath: f.path], derived[keyPath: f.path])
      if said != found { throw .init(.header, .wrongTotal(f.name, said: said, derived: found)) }
    }
    let hostBytes = figures.map(\.hostBytes).max() ?? 0
    if totals.hostBytes != hostBytes {
      throw .init(.header, .wrongTotal("host_bytes", said: totals.hostBytes, derived: hostBytes))
    }
    if let budget = header.budget, peak > budget { throw .init(.header, .overBudget(peak: peak, budget: budget)) }
  }

  /// Throws unless the bound is what its weights prove, for a budget that the plan keeps.
  private func verifyCertificate(_ origins: [PlanValueIndex]) throws(PlanViolation) {
    guard let c = certificate else {
      if operandCertificate != nil { throw .init(.header, .operandBoundAlone()) }
      return
    }
    if totals.hostBytes > 0 { throw .init(.header, .boundWithOffloading()) }
    if totals.peakBytes > c.budget { throw .init(.header, .boundOfLess(peak: totals.peakBytes, budget: c.budget)) }
    let checker = BoundChecker(programs[0], origins: origins)
    guard let proven = checker.bound(c, arenaBudget: c.budget - totals.persistentBytes) else {
      throw .init(.header, .noCertificate())
    }
    if proven != c.bound { throw .init(.header, .wrongBound(said: c.bound, proven: proven)) }
    guard let o = operandCertificate else { return }
    var operands = OperandBoundChecker(checker, o, arenaBudget: c.budget - totals.persistentBytes)
    guard let proven = operands.bound() else { throw .init(.header, .noOperandCertificate()) }
    if proven != o.bound { throw .init(.header, .wrongOperandBound(said: o.bound, proven: proven)) }
  }

}
