import Glibc
import Operations
import Runtime

extension Reference {

  /// Returns parameter and slots after one update; `operands` are the parameter, its slots, the gradient, and what that is
  /// multiplied by, if anything.
  static func updated(by optimizer: Optimizer, _ all: [ReferenceTensor], _ keys: StepKeys) -> [ReferenceTensor] {
    let count = optimizer.writtenCount
    let factor = all.count > count + 1 ? all[count + 1].elements[0] : 1
    let operands = all.prefix(count) + [all[count].map { $0 * factor }]
    let rate = optimizer.rate.value(atStep: Int(keys.step))
    return switch optimizer {
    case .sgd(_, let momentum, let nesterov, let decay, false):
      descended(Array(operands), rate, momentum, nesterov, decay)
    case .sgd(_, let momentum, let nesterov, let decay, true):
      descended(
        [operands[0].map { $0 - rate * decay * $0 }] + operands.dropFirst(), rate, momentum, nesterov, 0)
    case .adam(_, let beta1, let beta2, let epsilon, let decay, let decoupled):
      adapted(Array(operands), rate, (beta1, beta2), epsilon, decay, decoupled, steps: Double(keys.step) + 1)
    case .rmsprop(_, let alpha, let epsilon, let momentum, let decay):
      rootMeanSquare(Array(operands), rate, alpha, epsilon, momentum, decay)
    case .lion(_, let beta1, let beta2, let decay):
      signed(Array(operands), rate, (beta1, beta2), decay)
    }
  }

  private static func rootMeanSquare(
    _ x: [ReferenceTensor], _ rate: Double, _ alpha: Double, _ epsilon: Double, _ momentum: Double, _ decay: Double
  ) -> [ReferenceTensor] {
    let g = x[x.count - 1].combined(x[0]) { $0 + decay * $1 }
    let v = x[1].combined(g) { alpha * $0 + (1 - alpha) * $1 * $1 }
    let step = g.combined(v) { $0 / ($1.squareRoot() + epsilon) }
    if momentum == 0 { return [x[0].combined(step) { $0 - rate * $1 }, v] }
    let u = x[2].combined(step) { momentum * $0 + $1 }
    return [x[0].combined(u) { $0 - rate * $1 }, v, u]
  }

  private static func signed(
    _ x: [ReferenceTensor], _ rate: Double, _ beta: (Double, Double), _ decay: Double
  ) -> [ReferenceTensor] {
    let c = x[1].combined(x[2]) { beta.0 * $0 + (1 - beta.0) * $1 }
    let w = x[0].combined(c) { $0 - rate * (($1 > 0 ? 1 : $1 < 0 ? -1 : 0) + decay * $0) }
    return [w, x[1].combined(x[2]) { beta.1 * $0 + (1 - beta.1) * $1 }]
  }

  private static func descended(
    _ x: [ReferenceTensor], _ rate: Double, _ momentum: Double, _ nesterov: Bool, _ decay: Double
  ) -> [ReferenceTensor] {
    let (w, g) = (x[0], x[x.count - 1].combined(x[0]) { $0 + decay * $1 })
    if momentum == 0 { return [w.combined(g) { $0 - rate * $1 }] }
    let v = x[1].combined(g) { momentum * $0 + $1 }
    let step = nesterov ? g.combined(v) { $0 + momentum * $1 } : v
    return [w.combined(step) { $0 - rate * $1 }, v]
  }

  private static func adapted(
    _ x: [ReferenceTensor], _ rate: Double, _ beta: (Double, Double), _ epsilon: Double, _ decay: Double,
    _ decoupled: Bool, steps: Double
  ) -> [ReferenceTensor] {
    let g = decoupled ? x[3] : x[3].combined(x[0]) { $0 + decay * $1 }
    let w = decoupled ? x[0].map { $0 * (1 - rate * decay) } : x[0]
    let m = x[1].combined(g) { beta.0 * $0 + (1 - beta.0) * $1 }
    let v = x[2].combined(g) { beta.1 * $0 + (1 - beta.1) * $1 * $1 }
    let direction = m.combined(v) { (m, v) in
      m / (1 - pow(beta.0, steps)) / ((v / (1 - pow(beta.1, steps))).squareRoot() + epsilon)
    }
    return [w.combined(direction) { $0 - rate * $1 }, m, v]
  }

}
