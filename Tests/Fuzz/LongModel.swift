/// Writes long models that look like those of people.
enum LongModel {

  /// Returns a model of about `lines` lines: a few dims and data, then blocks and functions, then a model that uses
  /// some of them.
  static func text(lines: Int) -> String {
    var text = """
      // A model of \(lines) lines, to see how long the compiler takes.
      dim B = 32, T = 64, D = 128, H = 8
      dim Dh = D / H, F = 4 * D, Classes = 10

      data examples: (f32[B, D], i32[B]) = synthetic()


      """
    var written = 7
    var number = 0
    while written < lines - 40 {
      let (part, count) = part(number)
      text += part
      written += count
      number += 1
    }
    return text + ending(parts: number)
  }

  /// Returns the part `i`, a function and a block that uses it, and the number of its lines.
  private static func part(_ i: Int) -> (text: String, lines: Int) {
    let text = """
      // Part \(i): a gate, and a block with a residual path through it.
      func gate\(i)(x: f32[B, D], y: f32[B, D]) -> f32[B, D] {
        let open   = sigmoid(x * \(i % 7 + 1) / 8)    // how much goes through
        let closed = 1 - open
        var z = open * y + closed * x
        z = z * (1 + 0.0\(i % 9 + 1)) - 1e-3
        return z
      }

      block Layer\(i)(x: f32[B, D], Out: dim) -> f32[B, Out] {
        param gain:   f32[D]      ~ ones()
        param wide:   f32[D, F]   ~ normal(std: 0.02)
        param narrow: f32[F, D]   ~ normal(std: 0.02 / sqrt(2 * \(i % 5 + 1)))
        param out:    f32[D, Out] ~ kaiming()
        param bias:   f32[Out]    ~ zeros()
        let m = mean(x, axis: 1, keep: true)
        let v = mean(square(x - m), axis: 1, keep: true)
        var h = (x - m) / sqrt(v + 1e-5) * gain
        repeat 2 as inner {
          param weight: f32[D, D] ~ kaiming()
          h += relu(h @ weight)
          h = dropout(h, rate: 0.1)
        }
        if H > \(i % 8) {
          h = gate\(i)(h, tanh(h @ wide) @ narrow)
        } else {
          h = tanh(h @ wide) @ narrow
        }
        return h @ out + bias
      }


      """
    return (text, text.utf8.count { $0 == UInt8(ascii: "\n") })
  }

  /// Returns the model and its training, which use every part once.
  private static func ending(parts: Int) -> String {
    let calls = (0..<parts).map { "  h += Layer\($0)(h, Out: D)\n" }.joined()
    return """
      model Long(x: f32[B, D]) -> f32[B, Classes] {
        param head: f32[D, Classes] ~ kaiming()
        var h = x
      \(calls)  return h @ head
      }

      train {
        let (x, label) = batch(examples)
        let scores = Long(x)
        loss            = cross_entropy(scores, label)
        metric accuracy = mean(argmax(scores) == label)
        optimizer = adam(lr: 1e-3)
        steps     = 10
        seed      = 1
      }

      schedule {
        checkpoint = sqrt()
      }

      """
  }

}
