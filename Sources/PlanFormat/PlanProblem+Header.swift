import Operations

/// Problems of the lines before the first program.
extension PlanProblem {

  static func unknownTarget(_ target: String) -> Self {
    .init("target '\(target.clipped)' is not one of \(PlanVerifier.targets)")
  }

  static func threadsOutOfRange(_ threads: Int) -> Self {
    .init("threads \(threads) is not within \(PlanVerifier.threads)")
  }

  static func precisionOfTarget(_ precision: MatrixPrecision, _ target: String) -> Self {
    .init("matmul_precision \(precision.rawValue) is for the target cuda alone, not for \(target.clipped)")
  }

  static func libraryOfTarget(_ library: MatrixLibrary, _ target: String) -> Self {
    .init("matmul_library \(library.rawValue) is for the target cuda alone, not for \(target.clipped)")
  }

  static func dimTwice(_ name: String) -> Self { .init("dim \(name.clipped) is given twice") }

  static func emptyPeriod(_ what: String, _ period: TrainingSettings.Period) -> Self {
    .init("\(what) \(period); at least 1 is needed")
  }

  static func microBatchesOutOfRange(_ count: Int) -> Self {
    .init("micro_batches \(count) is not within \(PlanVerifier.microBatches)")
  }

  static func negativeSeed(_ seed: Int) -> Self { .init("seed \(seed) is negative") }

  static func evaluationWithoutProgram() -> Self { .init("evaluation is asked for, but there is no program eval") }

  static func programWithoutEvaluation() -> Self { .init("there is a program eval, but no evaluation is asked for") }

  static func badEvaluationBatches(_ count: Int) -> Self {
    .init("evaluation of \(count) batches; at least 1 is needed, and an evaluation period")
  }

  static func keepsNothing(_ count: Int) -> Self { .init("saving keeps \(count) checkpoints; at least 1 is needed") }

  static func dataTwice(_ name: String) -> Self { .init("data \(name.clipped) is declared twice") }

  static func dataWithoutExamples(_ name: String, _ type: TensorType) -> Self {
    .init("data \(name.clipped): component \(type) has no axis of examples")
  }

  static func dataExamplesDiffer(_ name: String, _ a: TensorType, _ b: TensorType) -> Self {
    .init("data \(name.clipped): components \(a) and \(b) have different numbers of examples")
  }

  static func storageTwice(_ name: String) -> Self { .init("\(name.clipped) is declared twice") }

  static func storageMisaligned(_ name: String, _ offset: Int, _ alignment: Int) -> Self {
    .init("\(name.clipped) lies at \(offset), which is not a multiple of \(alignment)")
  }

  static func storageOutside(_ name: String, _ offset: Int, _ size: Int, _ limit: Int) -> Self {
    .init("\(name.clipped) takes \(size) bytes at \(offset), outside of persistent_bytes \(limit)")
  }

  static func storageOverlap(_ a: String, _ b: String, _ end: Int, _ start: Int) -> Self {
    .init("\(a.clipped) ends at \(end), but \(b.clipped) starts at \(start)")
  }

  static func initializerMisplaced(_ storage: Storage) -> Self {
    let name = storage.name.clipped
    return storage.kind == .input ? .init("input \(name) has an initializer") : .init("\(name) has no initializer")
  }

  static func badInitializer(_ name: String, _ initializer: Initializer) -> Self {
    .init("\(name.clipped): \(initializer) has numbers out of range")
  }

  static func unboundInput(_ name: String) -> Self { .init("input \(name.clipped) is bound in no program") }

  static func programsOutOfOrder(_ names: [String]) -> Self {
    .init("the programs are \(names.prefix(4).map(\.clipped)), not train and at most eval after it")
  }

  static func bytesOverflow(_ persistent: Int, _ arena: Int) -> Self {
    .init("\(persistent) persistent bytes and \(arena) arena bytes are more than can be counted")
  }

  static func wrongTotal(_ name: StaticString, said: Int, derived: Int) -> Self {
    .init("\(name) is \(said), but the instructions give \(derived)")
  }

  static func wrongContent(said: String, derived: String) -> Self {
    .init("computes \(said), but what is declared and computed gives \(derived)")
  }

  static func boundOfLess(peak: Int, budget: Int) -> Self {
    .init("bound_flops is that of a budget of \(budget), but peak_bytes is \(peak)")
  }

  static func noCertificate() -> Self {
    .init("duals are no certificate: steps ascend and have more bytes live than the budget, weights are in range")
  }

  static func wrongBound(said: Int, proven: Int) -> Self {
    .init("bound_flops is \(said), but the duals prove \(proven)")
  }

  static func operandBoundAlone() -> Self { .init("operand_bound_flops is there without bound_flops") }

  static func noOperandCertificate() -> Self {
    .init(
      "the weights of operand_bound_flops are no certificate: they are positive, in order, and of what may be recomputed"
    )
  }

  static func wrongOperandBound(said: Int, proven: Int) -> Self {
    .init("operand_bound_flops is \(said), but the weights prove \(proven)")
  }

  static func overBudget(peak: Int, budget: Int) -> Self {
    .init("peak_bytes \(peak) is more than the budget of \(budget)")
  }

}
