/// The models that schedules are tried on, as text.
enum Models {

  private static let head = """
    dim B = 4, D = 8, C = 3

    data train_set: (f32[B, D], i32[B]) = synthetic()


    """

  private static let train = """

    train {
      let (image, label) = batch(train_set)
      loss = cross_entropy(Net(image), label)
      optimizer = sgd(lr: 0.1)
    }

    """

  /// Returns a model of `body`, which sees `x: f32[B, D]` and `out: f32[D, C]` and returns `f32[B, C]`.
  static func model(_ body: String, blocks: String = "", schedule: String? = nil) -> String {
    head + blocks + "model Net(x: f32[B, D]) -> f32[B, C] {\n  param out: f32[D, C]\n\(body)\n}\n" + train
      + (schedule.map { "\nschedule {\n\($0)\n}\n" } ?? "")
  }

  /// The shapes of A12, by name.
  static let all: [(name: String, text: String)] = [
    ("chain", chain), ("diamond", diamond), ("multi-input cut", cut), ("skip", skip), ("nested", nested),
    ("tied", tied),
    ("fan-out", fanOut), ("branch", branch), ("additions", additions), ("dropout", dropout), ("evaluation", evaluation),
  ]

  /// Four dense layers.
  static let chain = model(
    """
      var h = x
      repeat 4 as layer {
        param weight: f32[D, D]
        param bias:   f32[D]
        h = relu(h @ weight + bias)
      }
      return h @ out
    """)

  /// Two ways from one value to another.
  static let diamond = model(
    """
      param left:  f32[D, D]
      param right: f32[D, D]
      param scale: f32[D] ~ ones()
      let top = tanh(x * scale)
      let a = exp(top @ left)
      let b = sigmoid(top @ right)
      return tanh(a * b) @ out
    """)

  /// Three values cross any cut in the middle.
  static let cut = model(
    """
      param scale: f32[D] ~ ones()
      let a = tanh(x * scale)
      let b = exp(a)
      let c = sigmoid(a)
      let p = a * b
      let q = b * c
      let r = c * a
      return (p * q * r) @ out
    """)

  /// The first value is read again at the end.
  static let skip = model(
    """
      param first: f32[D, D]
      let start = tanh(x @ first)
      var h = start
      repeat 6 as layer {
        param weight: f32[D, D]
        h = relu(h @ weight)
      }
      return (h * start) @ out
    """)

  /// Repeats in repeats, with a residual connection around each.
  static let nested = model(
    """
      var h = x
      repeat 3 as outer {
        let before = h
        repeat 3 as inner {
          param weight: f32[D, D]
          h += tanh(h @ weight)
        }
        h = h * before
      }
      return h @ out
    """)

  /// One parameter in four places.
  static let tied = model(
    """
      param shared: f32[D, D]
      var h = x
      repeat 4 as turn {
        h = tanh(h @ shared)
      }
      return h @ out
    """)

  /// One value with a hundred uses.
  static let fanOut = model(
    """
      param scale: f32[D] ~ ones()
      let root = tanh(x * scale)
      var h = root
      repeat 100 as fan {
        h += sigmoid(root * 2)
      }
      return h @ out
    """)

  /// A branch of fifty operations that meets the trunk at its end.
  static let branch = model(
    """
      param scale: f32[D] ~ ones()
      let trunk = x * scale
      var h = trunk
      repeat 50 as step {
        h = tanh(h)
      }
      return (h + trunk) @ out
    """)

  /// Five hundred additions.
  static let additions = model(
    """
      param scale: f32[D] ~ ones()
      let start = x * scale
      var h = start
      repeat 500 as step {
        h += start
      }
      return h @ out
    """)

  /// Random operations, which are recomputed like others.
  static let dropout = model(
    """
      var h = x
      repeat 5 as layer {
        param weight: f32[D, D]
        h = dropout(gelu(h @ weight), rate: 0.1)
      }
      return h @ out
    """)

  /// A model with an evaluation program, an optimizer with slots and a metric.
  static let evaluation = """
    dim B = 6, D = 8, C = 3
    data train_set: (f32[B, D], i32[B]) = synthetic()
    data test_set:  (f32[B, D], i32[B]) = synthetic()
    model Net(x: f32[B, D]) -> f32[B, C] {
      param a: f32[D, D]
      param b: f32[D, C]
      return dropout(tanh(x @ a), rate: 0.5) @ b
    }
    train {
      let (image, label) = batch(train_set)
      let scores = Net(image)
      loss = cross_entropy(scores, label)
      metric accuracy = mean(argmax(scores) == label)
      optimizer = adam(lr: 0.1)
      eval = every(1 epoch, on: test_set)
    }
    """

  /// Returns `layers` layers of which the values named `h` are selected one by one: A16.
  static func layers(_ layers: Int, width: Int, batch: Int, schedule: String) -> String {
    """
    dim B = \(batch), D = \(width)
    data examples: (f32[B, D], f32[B, D]) = synthetic()
    model Net(x: f32[B, D]) -> f32[B, D] {
      var h = x
      repeat \(layers) as layer {
        param weight: f32[D, D]
        h = tanh(h @ weight)
      }
      return h
    }
    train {
      let (x, y) = batch(examples)
      loss = mse(Net(x), y)
      optimizer = sgd(lr: 0.1)
    }
    schedule {
    \(schedule)
    }

    """
  }

}
