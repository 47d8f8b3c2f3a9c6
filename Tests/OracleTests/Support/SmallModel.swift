import Testing

/// A model that trains in no time, with marks for the policy `manual`.
struct SmallModel: Sendable, CustomTestStringConvertible {

  let name: String

  let text: String

  var testDescription: String { name }

  private static let dense = """
    block Dense(x: f32[B, N], M: dim) -> f32[B, M] {
      param weight: f32[N, M] ~ kaiming()
      param bias:   f32[M]    ~ zeros()
      return x @ weight + bias
    }

    """

  /// Models with dropout, residuals, skip connections, shared values and tied weights.
  static let all = [residual, normed, branched, tied]

  private static let residual = SmallModel(
    name: "residual",
    text: """
      dim B = 10, In = 7, Hidden = 33, Out = 5
      data batches: (f32[B, In], i32[B]) = synthetic(count: 30)
      data others:  (f32[B, In], i32[B]) = synthetic(count: 20)
      \(dense)
      model Residual(x: f32[B, In]) -> f32[B, Out] {
        var h = relu(Dense(x, M: Hidden) as input)
        repeat 6 as hidden {
          h += relu(Dense(h, M: Hidden))
          h = checkpoint(dropout(h, rate: 0.2))
        }
        return Dense(h, M: Out) as output
      }
      train {
        let (x, label) = batch(batches)
        let scores = Residual(x)
        loss = cross_entropy(scores, label)
        metric accuracy = mean(argmax(scores) == label)
        optimizer = sgd(lr: 0.01, momentum: 0.9)
        steps = 3
        eval = every(3 steps, on: others)
      }
      """)

  private static let normed = SmallModel(
    name: "normed",
    text: """
      dim B = 6, D = 19
      data batches: (f32[B, D], f32[B, D]) = synthetic()
      \(dense)
      block Norm(x: f32[B, D]) -> f32[B, D] {
        param gain: f32[D] ~ ones()
        param bias: f32[D] ~ zeros()
        let centred = x - mean(x, axis: 1, keep: true)
        return centred * rsqrt(mean(square(centred), axis: 1, keep: true) + 1e-5) * gain + bias
      }
      model Normed(x: f32[B, D]) -> f32[B, D] {
        var h = x
        repeat 4 as layers {
          h = h + dropout(gelu(Dense(Norm(h), M: D) as wide), rate: 0.5)
          h = checkpoint(h * sigmoid(Dense(h, M: D) as gate))
        }
        return silu(h)
      }
      train {
        let (x, y) = batch(batches)
        loss = mse(Normed(x), y)
        optimizer = adam(lr: 1e-2)
        steps = 3
      }
      """)

  private static let branched = SmallModel(
    name: "branched",
    text: """
      dim B = 5, D = 17
      data batches: (f32[B, D], i32[B]) = synthetic()
      \(dense)
      model Branched(x: f32[B, D]) -> f32[B, D] {
        let stem = checkpoint(tanh(Dense(x, M: D) as stem))
        let left = dropout(exp(0.1 * (Dense(stem, M: D) as left)), rate: 0.1)
        let right = softplus(Dense(stem, M: D) as right)
        let joined = left * right + stem / (1 + square(right))
        let gate = checkpoint(softmax(joined))
        let late = sin(Dense(gate * stem, M: D) as late) + cos(left) - abs(stem)
        return late * log(1 + square(gate)) + sqrt(1 + square(joined)) - late
      }
      train {
        let (x, label) = batch(batches)
        loss = cross_entropy(Branched(x), label)
        optimizer = adamw(lr: 1e-2)
        steps = 3
      }
      """)

  private static let tied = SmallModel(
    name: "tied",
    text: """
      dim B = 4, D = 9
      data batches: (f32[B, D], f32[B, D]) = synthetic()
      model Tied(x: f32[B, D]) -> f32[B, D] {
        param weight: f32[D, D] ~ xavier()
        param scale:  f32[1]    ~ ones()
        var h = x
        repeat 5 as h {
          let wide = h @ weight
          h = checkpoint(relu(wide) * scale - wide * wide + wide)
          h = dropout(tanh(h), rate: 0.3)
        }
        return h + (-x) @ weight
      }
      train {
        let (x, y) = batch(batches)
        let result = Tied(x)
        loss = mse(result, y) + 0.01 * sum(square(result))
        optimizer = sgd(lr: 0.05, momentum: 0.5, nesterov: true, decay: 0.01)
        steps = 3
      }
      """)

}
