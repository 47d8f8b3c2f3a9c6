/// Models that are made for a test.
enum Models {

  /// A chain of `pairs` times tanh and relu after a matrix product, on seeded numbers.
  static func chain(_ pairs: Int = 6, rate: String = "0.01") -> String {
    """
    dim B = 4, D = 8
    data examples: (f32[B, D], f32[B, D]) = synthetic()
    model Chain(x: f32[B, D]) -> f32[B, D] {
      param weight: f32[D, D] ~ kaiming()
      var h = x @ weight
      repeat \(pairs) as h {
        h = tanh(h)
        h = relu(h)
      }
      return h
    }
    train {
      let (x, y) = batch(examples)
      loss      = mse(Chain(x), y)
      optimizer = sgd(lr: \(rate))
      steps     = 3
      seed      = 1
    }

    """
  }

  /// Two wide products, each wanted only for its means, their statements in the given order: `a b s t` as people write them.
  static func branches(_ order: String) -> String {
    let statements = [
      "a": "let a = x @ u", "b": "let b = x @ v", "s": "let s = mean(a, axis: -1, keep: true)",
      "t": "let t = mean(b, axis: -1, keep: true)",
    ]
    return """
      dim B = 4, D = 8
      data examples: (f32[B, D], f32[B, D]) = synthetic()
      model M(x: f32[B, D]) -> f32[B, D] {
        param u: f32[D, 1024] ~ kaiming()
        param v: f32[D, 1024] ~ kaiming()
      \(order.split(separator: " ").map { "  \(statements[String($0)] ?? "")" }.joined(separator: "\n"))
        return x + s + t
      }
      train {
        let (x, y) = batch(examples)
        loss      = mse(M(x), y)
        optimizer = sgd(lr: 0.01)
        steps     = 3
        seed      = 1
      }

      """
  }

  /// A product with a matrix; `rate` can be so high that the loss overflows.
  static func linear(rate: String) -> String {
    """
    dim B = 4, D = 8
    data examples: (f32[B, D], f32[B, D]) = synthetic()
    model Linear(x: f32[B, D]) -> f32[B, D] {
      param weight: f32[D, D] ~ kaiming()
      return x @ weight
    }
    train {
      let (x, y) = batch(examples)
      loss      = mse(Linear(x), y)
      optimizer = sgd(lr: \(rate))
      steps     = 50
      seed      = 1
    }

    """
  }

  /// A classifier of 4 by 4 pixels into 3 classes, whose images and labels are in `images` and `labels`.
  static let classifier = """
    dim B = 2, Pixels = 4 * 4, Classes = 3
    data pictures: (f32[B, Pixels], i32[B]) = idx(images: "images", labels: "labels")
    model Classifier(image: f32[B, Pixels]) -> f32[B, Classes] {
      param weight: f32[Pixels, Classes] ~ kaiming()
      return image @ weight
    }
    train {
      let (image, label) = batch(pictures)
      loss      = cross_entropy(Classifier(image / 255), label)
      optimizer = sgd(lr: 0.1)
      steps     = 4
      seed      = 1
    }

    """

  /// A file in the form of MNIST's: elements of `type` (8 for u8, 13 for f32), in a tensor of the given sizes.
  static func idx(type: UInt8 = 8, _ sizes: [Int], _ bytes: [UInt8]) -> [UInt8] {
    [0, 0, type, UInt8(sizes.count)] + sizes.flatMap { [0, 0, UInt8($0 >> 8), UInt8($0 & 255)] } + bytes
  }

}
