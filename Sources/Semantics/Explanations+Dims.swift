package import Support

/// What the codes of dims and shapes mean.
extension DiagnosticExplanation {

  /// The entries of those of CG0201 to CG0223 that have to do with dims and shapes.
  package static let dims: [DiagnosticExplanation] = shapes + sizes

  private static let shapes: [DiagnosticExplanation] = [
    .init(
      "CG0203", "Two dims that should be one",
      """
      Dims are nominal: a dim means what it was declared for, and two dims are equal only if their expressions are, so
      that a batch of 128 and a vocabulary of 128 never match by accident. Derived dims are expanded: with Dh = D / H,
      H * Dh is D. Use the dim that is expected, or transpose or reshape where the axes are in another order.
      """,
      in: .model,
      erroneous: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[C, D]
          return x @ weight
        }
        """,
      corrected: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          return x @ weight
        }
        """),
    .init(
      "CG0204", "Shapes that do not broadcast",
      """
      Operations between tensors pair their axes from the last one backwards. Axes that meet must be the same dim, or one
      of them the literal 1; missing axes at the front count as 1. Equal sizes under different names do not match.
      """,
      in: .model,
      erroneous: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          param bias: f32[D]
          return x @ weight + bias
        }
        """,
      corrected: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          param bias: f32[C]
          return x @ weight + bias
        }
        """),
    .init(
      "CG0205", "An operation that does not apply",
      """
      The operation has no result for operands of these types, or one that is beyond the limits of tensors. The message
      shows the types that disagree with what the operation asks for.
      """,
      in: .file,
      erroneous: """
        dim B = 100_000_000
        data x: f32[B, 1] = synthetic()

        model Net(x: f32[B, 1]) -> f32[] {
          param weight: f32[1, B]
          return mean(x @ weight)
        }

        train {
          loss = Net(batch(x))
          optimizer = sgd(lr: 0.1)
        }
        """,
      corrected: """
        dim B = 100
        data x: f32[B, 1] = synthetic()

        model Net(x: f32[B, 1]) -> f32[] {
          param weight: f32[1, B]
          return mean(x @ weight)
        }

        train {
          loss = Net(batch(x))
          optimizer = sgd(lr: 0.1)
        }
        """),
    .init(
      "CG0209", "A type that is too large",
      """
      A tensor has at most 8 axes, and its size in bytes must stay far from the end of 64-bit arithmetic, so that sums of
      sizes never overflow. Sizes this large are slips: a product too many, or a zero too many.
      """,
      in: .model,
      erroneous: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          param table:  f32[1_000_000_000, 1_000_000_000]
          return x @ weight + mean(table)
        }
        """,
      corrected: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          param table:  f32[1_000, 1_000]
          return x @ weight + mean(table)
        }
        """),
  ]

  private static let sizes: [DiagnosticExplanation] = [
    .init(
      "CG0206", "Not a size",
      """
      The size of a dim, of an axis or of a part is a positive whole number that is known when the model is compiled.
      """,
      in: .items,
      erroneous: """
        dim N = 0
        """,
      corrected: """
        dim N = 16
        """),
    .init(
      "CG0207", "A dim without a size",
      """
      A dim that is declared without a value gets it from the command line, one --dim for each. Without it nothing can
      be planned. Give the flag, or write a value into the model; --dim overrides that one too.
      """,
      in: .items,
      erroneous: """
        dim N
        """,
      corrected: """
        dim N
        """,
      correctedFlags: "--dim N=16"),
    .init(
      "CG0208", "Arithmetic on dims without a result",
      """
      Sizes are positive whole numbers of 64 bits: a division must come out even, a difference must stay above zero and
      no product may overflow. Heads that do not divide the width are the usual case. A fraction of two dims as a number
      is written with a number in front: 1.0 * D / H.
      """,
      in: .items,
      erroneous: """
        dim Width = 20, Heads = 6, Each = Width / Heads
        """,
      corrected: """
        dim Width = 24, Heads = 6, Each = Width / Heads
        """),
    .init(
      "CG0211", "A --dim that cannot be",
      """
      --dim NAME=SIZE sets a dim that the file declares with a size or without any. A dim that is derived from others
      follows them and cannot be set itself, so that the two never disagree.
      """,
      in: .items,
      erroneous: """
        dim N = 16, M = 2 * N
        """,
      flags: "--dim M=64",
      corrected: """
        dim N = 16, M = 2 * N
        """,
      correctedFlags: "--dim N=32"),
  ]

}
