import CKernels
import Glibc
import Testing

@Suite struct OptimizerTests {

  /// Returns the gradient of each of five steps.
  func gradients(_ n: Int) -> [[Float]] { (0..<5).map { numbers(n, seed: UInt64(10 + $0)) } }

  /// The constants of gradient descent with a rate of 0.1 and a decay of 0.01, or of 0.5 where it is decoupled.
  private func descent(momentum: Double = 0, nesterov: Bool = false, decoupled: Bool) -> cgad_sgd_options {
    .init(lr: 0.1, momentum: momentum, nesterov: nesterov, decay: decoupled ? 0.5 : 0.01, decoupled: decoupled)
  }

  @Test(arguments: sizes, [false, true]) func `gradient descent follows the formula`(n: Int, decoupled: Bool) {
    var p = numbers(n)
    var expected = p.map { Double($0) }
    for g in gradients(n) {
      p = changed(p) { cgad_sgd($0, n, $1, nil, g, 1, descent(decoupled: decoupled)) }
      for i in 0..<n {
        expected[i] -= 0.1 * (Double(g[i]) + (decoupled ? 0.5 : 0.01) * expected[i])
      }
    }
    #expect(worstError(p, expected) < 1e-6)
  }

  @Test(arguments: sizes, [(false, false), (true, false), (false, true), (true, true)])
  func `momentum follows the formula`(n: Int, form: (nesterov: Bool, decoupled: Bool)) {
    let options = descent(momentum: 0.9, nesterov: form.nesterov, decoupled: form.decoupled)
    var p = numbers(n)
    var v = [Float](repeating: 0, count: n)
    var expected = p.map { Double($0) }
    var velocity = [Double](repeating: 0, count: n)
    for g in gradients(n) {
      v = changed(v) { (pool, v) in
        p = changed(p) { (_, p) in cgad_sgd(pool, n, p, v, g, 1, options) }
      }
      for i in 0..<n {
        // decoupled decay does not enter the velocity
        let d = Double(g[i]) + (form.decoupled ? 0 : 0.01 * expected[i])
        velocity[i] = 0.9 * velocity[i] + d
        if form.decoupled { expected[i] -= 0.1 * 0.5 * expected[i] }
        expected[i] -= 0.1 * (form.nesterov ? d + 0.9 * velocity[i] : velocity[i])
      }
    }
    #expect(worstError(p, expected) < 2e-6)
    #expect(worstError(v, velocity) < 2e-6)
  }

  @Test func `decoupled decay leaves the velocity alone, coupled decay does not`() {
    // powers of two, so that every step is exact: rate 1/2, momentum 1/2, decay 1/4, two steps with gradient 1 from weight 8
    func steps(decoupled: Bool) -> (p: Float, v: Float) {
      let options = cgad_sgd_options(lr: 0.5, momentum: 0.5, nesterov: false, decay: 0.25, decoupled: decoupled)
      let both = changed([8, 0]) { (pool, both: UnsafeMutablePointer<Float>) in
        for _ in 0..<2 { cgad_sgd(pool, 1, both, both + 1, [1], 1, options) }
      }
      return (both[0], both[1])
    }
    // coupled: v = 1 + 8/4 = 3, p = 8 - 3/2 = 6.5; v = 3/2 + 1 + 6.5/4 = 4.125, p = 6.5 - 4.125/2
    #expect(steps(decoupled: false) == (4.4375, 4.125))
    // decoupled: p = 8 - 8/8 = 7, v = 1, p = 6.5; p = 6.5 - 6.5/8 = 5.6875, v = 1/2 + 1, p = 5.6875 - 1.5/2
    #expect(steps(decoupled: true) == (4.9375, 1.5))
  }

  @Test(arguments: sizes, [false, true]) func `Adam follows the formula`(n: Int, decoupled: Bool) {
    let o = cgad_adam_options(
      lr: 1e-2, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.05, decoupled: decoupled)
    var state = [numbers(n), [Float](repeating: 0, count: n), [Float](repeating: 0, count: n)]
    var expected = Adam(p: state[0].map { Double($0) })
    for (t, g) in gradients(n).enumerated() {
      state = adam(state, g, o, step: UInt64(t + 1))
      expected.step(g.map { Double($0) }, o)
    }
    #expect(worstError(state[0], expected.p) < 2e-6)
    #expect(worstError(state[1], expected.m) < 1e-6)
    #expect(worstError(state[2], expected.v) < 1e-6)
  }

  /// Returns the parameters and moments after a step.
  func adam(_ state: [[Float]], _ g: [Float], _ o: cgad_adam_options, step: UInt64) -> [[Float]] {
    let n = g.count
    let all = changed(state.flatMap { $0 }) {
      #expect(cgad_adam($0, n, $1, $1 + n, $1 + 2 * n, g, 1, o, step) == CGAD_OK)
    }
    return (0..<3).map { Array(all[($0 * n)..<(($0 + 1) * n)]) }
  }

  /// Adam in double, as its paper and that of AdamW write it.
  struct Adam {
    var p: [Double]
    var m: [Double]
    var v: [Double]
    var t = 0.0

    init(p: [Double]) {
      self.p = p
      m = [Double](repeating: 0, count: p.count)
      v = m
    }

    mutating func step(_ gradient: [Double], _ o: cgad_adam_options) {
      t += 1
      for i in p.indices {
        let g = gradient[i] + (o.decoupled ? 0 : o.decay * p[i])
        if o.decoupled { p[i] -= o.lr * o.decay * p[i] }
        m[i] = o.beta1 * m[i] + (1 - o.beta1) * g
        v[i] = o.beta2 * v[i] + (1 - o.beta2) * g * g
        let corrected = (m[i] / (1 - pow(o.beta1, t)), v[i] / (1 - pow(o.beta2, t)))
        p[i] -= o.lr * corrected.0 / (corrected.1.squareRoot() + o.epsilon)
      }
    }
  }

  @Test(arguments: sizes, [0, 0.9]) func `RMSprop follows the formula`(n: Int, momentum: Double) {
    let o = cgad_rmsprop_options(lr: 1e-2, alpha: 0.9, epsilon: 1e-4, momentum: momentum, decay: 0.05)
    var state = numbers(n) + [Float](repeating: 0, count: 2 * n)
    var p = state[..<n].map { Double($0) }
    var (v, u) = ([Double](repeating: 0, count: n), [Double](repeating: 0, count: n))
    for g in gradients(n) {
      state = changed(state) { cgad_rmsprop($0, n, $1, $1 + n, momentum == 0 ? nil : $1 + 2 * n, g, 1, o) }
      for i in 0..<n {
        let d = Double(g[i]) + o.decay * p[i]
        v[i] = o.alpha * v[i] + (1 - o.alpha) * d * d
        u[i] = momentum * u[i] + d / (v[i].squareRoot() + o.epsilon)
        p[i] -= o.lr * u[i]
      }
    }
    #expect(worstError(Array(state[..<n]), p) < 2e-6)
    #expect(worstError(Array(state[n..<(2 * n)]), v) < 1e-6)
    if momentum != 0 { #expect(worstError(Array(state[(2 * n)...]), u) < 2e-5) }
  }

  @Test(arguments: sizes) func `Lion follows the formula`(n: Int) {
    var state = numbers(n) + [Float](repeating: 0, count: n)
    var p = state[..<n].map { Double($0) }
    var m = [Double](repeating: 0, count: n)
    for g in gradients(n) {
      state = changed(state) { cgad_lion($0, n, $1, $1 + n, g, 1, 0.01, 0.9, 0.99, 0.1) }
      for i in 0..<n {
        let c = 0.9 * m[i] + 0.1 * Double(g[i])
        p[i] -= 0.01 * ((c > 0 ? 1 : c < 0 ? -1 : 0) + 0.1 * p[i])
        m[i] = 0.99 * m[i] + 0.01 * Double(g[i])
      }
    }
    // where the direction is next to 0, rounding may choose its sign
    let off = (0..<n).filter { abs(Double(state[$0]) - p[$0]) > 1e-6 }
    #expect(off.count <= n / 10_000)
    #expect(worstError(Array(state[n...]), m) < 1e-6)
  }

  @Test func `Lion does not move where there is no gradient`() {
    #expect(changed([2, 0] as [Float]) { cgad_lion($0, 1, $1, $1 + 1, [0], 1, 0.1, 0.9, 0.99, 0) } == [2, 0])
  }

  @Test func `Adam counts steps from one`() {
    let o = cgad_adam_options(lr: 1e-2, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0, decoupled: false)
    let p = changed([1, 2, 3] as [Float]) {
      #expect(cgad_adam($0, 1, $1, $1 + 1, $1 + 2, [1], 1, o, 0) == CGAD_BAD_ARGUMENT)
    }
    #expect(p == [1, 2, 3])
  }

}
