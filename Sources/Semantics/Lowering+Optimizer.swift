import Operations
import Support
import Syntax

extension Lowering {

  /// Returns the optimizer that `e` names, with the defaults of PyTorch for what is not given.
  mutating func optimizer(_ e: Expression) throws(Reported) -> Optimizer {
    guard case .call(let callee, let arguments) = e.kind, case .name(let name) = callee.kind else {
      throw fail(.badSetting("optimizer", "an optimizer such as sgd(lr: 0.1)", at: e.span))
    }
    switch name {
    case "sgd": return try sgd(arguments, decoupled: false, at: e.span)
    case "sgdw": return try sgd(arguments, decoupled: true, at: e.span)
    case "adam": return try adam(arguments, decoupled: false, defaultDecay: 0, at: e.span)
    case "adamw": return try adam(arguments, decoupled: true, defaultDecay: 0.01, at: e.span)
    case "lion": return try lion(arguments, at: e.span)
    case "rmsprop": return try rmsprop(arguments, at: e.span)
    case _:
      throw fail(.unknownName(name, at: callee.span, candidates: ["adam", "adamw", "lion", "rmsprop", "sgd", "sgdw"]))
    }
  }

  private mutating func sgd(
    _ arguments: [Argument], decoupled: Bool, at span: SourceSpan
  ) throws(Reported) -> Optimizer {
    let form = "\(decoupled ? "sgdw" : "sgd")(lr: 0.1, momentum: 0.9, nesterov: false, decay: 0.0)"
    let bound = try bind(arguments, to: ["lr", "momentum", "nesterov", "decay"], form: form, at: span)
    let nesterov = try bound[2].map { (e) throws(Reported) in try truth(e) } ?? false
    let momentum = try setting("momentum", bound[1], default: 0, in: 0..<1)
    if nesterov, momentum == 0 { throw fail(.badSetting("nesterov", "a momentum", at: span)) }
    return .sgd(
      rate: try rate(bound[0], form: form, at: span), momentum: momentum, nesterov: nesterov,
      decay: try setting("decay", bound[3], default: 0, in: 0..<Double.infinity), decoupled: decoupled)
  }

  private mutating func adam(
    _ arguments: [Argument], decoupled: Bool, defaultDecay: Double, at span: SourceSpan
  ) throws(Reported) -> Optimizer {
    let form = "\(decoupled ? "adamw" : "adam")(lr: 1e-3, betas: (0.9, 0.999), eps: 1e-8, decay: \(defaultDecay))"
    let bound = try bind(arguments, to: ["lr", "betas", "eps", "decay"], form: form, at: span)
    let betas = try betas(bound[1], default: (0.9, 0.999))
    return .adam(
      rate: try rate(bound[0], form: form, at: span), beta1: betas.first, beta2: betas.second,
      epsilon: try setting("eps", bound[2], default: 1e-8, in: 0..<1),
      decay: try setting("decay", bound[3], default: defaultDecay, in: 0..<Double.infinity), decoupled: decoupled)
  }

  private mutating func lion(_ arguments: [Argument], at span: SourceSpan) throws(Reported) -> Optimizer {
    let form = "lion(lr: 1e-4, betas: (0.9, 0.99), decay: 0.0)"
    let bound = try bind(arguments, to: ["lr", "betas", "decay"], form: form, at: span)
    let betas = try betas(bound[1], default: (0.9, 0.99))
    return .lion(
      rate: try rate(bound[0], form: form, at: span), beta1: betas.first, beta2: betas.second,
      decay: try setting("decay", bound[2], default: 0, in: 0..<Double.infinity))
  }

  private mutating func rmsprop(_ arguments: [Argument], at span: SourceSpan) throws(Reported) -> Optimizer {
    let form = "rmsprop(lr: 0.01, alpha: 0.99, eps: 1e-8, momentum: 0.0, decay: 0.0)"
    let bound = try bind(arguments, to: ["lr", "alpha", "eps", "momentum", "decay"], form: form, at: span)
    return .rmsprop(
      rate: try rate(bound[0], form: form, at: span), alpha: try setting("alpha", bound[1], default: 0.99, in: 0..<1),
      epsilon: try setting("eps", bound[2], default: 1e-8, in: 0..<1),
      momentum: try setting("momentum", bound[3], default: 0, in: 0..<1),
      decay: try setting("decay", bound[4], default: 0, in: 0..<Double.infinity))
  }

  private mutating func betas(
    _ e: Expression?, default standard: (Double, Double)
  ) throws(Reported) -> (first: Double, second: Double) {
    guard let e else { return standard }
    guard case .tuple(let parts) = e.kind, parts.count == 2 else {
      throw fail(.badSetting("betas", "two numbers, as (0.9, 0.999)", at: e.span))
    }
    return (
      try setting("betas", parts[0], default: 0, in: 0..<1), try setting("betas", parts[1], default: 0, in: 0..<1)
    )
  }

  private mutating func rate(_ e: Expression?, form: String, at span: SourceSpan) throws(Reported) -> LearningRate {
    guard let e else { throw fail(.badArguments("an optimizer needs 'lr'", at: span, form: form)) }
    return try learningRate(e)
  }

  /// Returns the number that `e` is, `value` where there is none.
  mutating func setting(
    _ name: String, _ e: Expression?, default value: Double, in range: Range<Double>
  ) throws(Reported) -> Double {
    guard let e else { return value }
    let n = try scalar(try lower(e, hint: ""), at: e.span)
    guard range.contains(n) else {
      let bound =
        range.upperBound.isFinite ? "from \(range.lowerBound) to less than \(range.upperBound)" : "not below 0"
      throw fail(.badSetting(name, "a number \(bound)", at: e.span))
    }
    return n
  }

  private mutating func truth(_ e: Expression) throws(Reported) -> Bool {
    guard case .bool(let b) = e.kind else {
      throw fail(.expected("true or false", found: "another expression", at: e.span))
    }
    return b
  }

}
