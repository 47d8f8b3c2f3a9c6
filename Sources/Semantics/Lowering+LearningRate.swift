import Operations
import Support
import Syntax

extension Lowering {

  private static let schedules = ["constant", "cosine", "linear", "step"]

  private static let anyRate = 0..<Double.infinity

  /// Returns the rate that `e` is: a number, or a schedule over the steps.
  mutating func learningRate(_ e: Expression) throws(Reported) -> LearningRate {
    guard case .call(let callee, let arguments) = e.kind, case .name(let name) = callee.kind else {
      return .constant(try setting("lr", e, default: 0, in: Self.anyRate))
    }
    switch name {
    case "constant": return try constantRate(arguments, at: e.span)
    case "linear": return try linearRate(arguments, at: e.span)
    case "cosine": return try cosineRate(arguments, at: e.span)
    case "step": return try stepRate(arguments, at: e.span)
    case _:
      if lookup(name) == nil, Builtin.named(name) == nil, try functionSymbol(name, at: callee.span) == nil {
        throw fail(.unknownName(name, at: callee.span, candidates: Self.schedules))
      }
      return .constant(try setting("lr", e, default: 0, in: Self.anyRate))
    }
  }

  private mutating func constantRate(_ arguments: [Argument], at span: SourceSpan) throws(Reported) -> LearningRate {
    let form = "constant(0.1)"
    let bound = try bind(arguments, to: ["value"], form: form, at: span)
    return .constant(try rate("value", bound[0], form: form, at: span))
  }

  private mutating func linearRate(_ arguments: [Argument], at span: SourceSpan) throws(Reported) -> LearningRate {
    let form = "linear(from: 0.1, to: 0.0, total: 1000, warmup: 0)"
    let bound = try bind(arguments, to: ["from", "to", "total", "warmup"], form: form, at: span)
    return .linear(
      from: try rate("from", bound[0], form: form, at: span), to: try rate("to", bound[1], form: form, at: span),
      try self.span(warmup: bound[3], total: bound[2], form: form, at: span))
  }

  private mutating func cosineRate(_ arguments: [Argument], at span: SourceSpan) throws(Reported) -> LearningRate {
    let form = "cosine(peak: 1e-3, warmup: 100, total: 2000, floor: 0.0)"
    let bound = try bind(arguments, to: ["peak", "warmup", "total", "floor"], form: form, at: span)
    return .cosine(
      peak: try rate("peak", bound[0], form: form, at: span),
      floor: try setting("floor", bound[3], default: 0, in: Self.anyRate),
      try self.span(warmup: bound[1], total: bound[2], form: form, at: span))
  }

  private mutating func stepRate(_ arguments: [Argument], at span: SourceSpan) throws(Reported) -> LearningRate {
    let form = "step(initial: 0.1, every: 500, factor: 0.5)"
    let bound = try bind(arguments, to: ["initial", "every", "factor"], form: form, at: span)
    guard let every = bound[1] else { throw fail(.badArguments("'every' is missing", at: span, form: form)) }
    return .step(
      initial: try rate("initial", bound[0], form: form, at: span), every: try steps("every", every, from: 1),
      factor: try rate("factor", bound[2], form: form, at: span))
  }

  /// Returns the number that the argument `name` must be.
  private mutating func rate(
    _ name: String, _ e: Expression?, form: String, at span: SourceSpan
  ) throws(Reported) -> Double {
    guard let e else { throw fail(.badArguments("'\(name)' is missing", at: span, form: form)) }
    return try setting(name, e, default: 0, in: Self.anyRate)
  }

  /// Returns the steps over which a rate changes, without a warm-up where none is given.
  private mutating func span(
    warmup: Expression?, total: Expression?, form: String, at span: SourceSpan
  ) throws(Reported) -> LearningRate.Span {
    guard let total else { throw fail(.badArguments("'total' is missing", at: span, form: form)) }
    let end = try steps("total", total, from: 1)
    guard let warmup else { return .init(warmup: 0, total: end) }
    let start = try steps("warmup", warmup, from: 0)
    if start >= end { throw fail(.badSetting("warmup", "fewer steps than 'total', which is \(end)", at: warmup.span)) }
    return .init(warmup: start, total: end)
  }

  /// Returns the number of steps that `e` is: a whole number of at least `least`, with or without the unit.
  private mutating func steps(_ name: String, _ e: Expression, from least: Int) throws(Reported) -> Int {
    if case .number(let n) = e.kind, n.unit?.quantity == .steps, let count = n.integer, count >= least { return count }
    guard case .dim(let d) = try lower(e, hint: ""), d.size >= least else {
      throw fail(.badSetting(name, "a number of steps from \(least)", at: e.span))
    }
    return d.size
  }

}
