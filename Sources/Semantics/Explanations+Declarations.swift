package import Support

/// What the codes of functions, conditions and imported names mean.
extension DiagnosticExplanation {

  /// The entries CG0224 to CG0239 that this module reports.
  package static let declarations: [DiagnosticExplanation] = uses + imported

  private static let uses: [DiagnosticExplanation] = [
    .init(
      "CG0224", "A dot behind what has no members",
      """
      Tensors, numbers and tuples have no members. Operations are called as functions, as in mean(x), sizes are the dims
      of the type, and the parts of a tuple are named with 'let (a, b) = …'.
      """,
      in: .model,
      erroneous: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          let h = x @ weight
          return h.tanh
        }
        """,
      corrected: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          let h = x @ weight
          return tanh(h)
        }
        """),
    .init(
      "CG0226", "A condition on values that are not known yet",
      """
      'if' chooses what is compiled, so its condition is about dims and constants. What a tensor holds is known only when
      the plan runs; choose among elements with where(condition, x, y), which computes both.
      """,
      in: .model,
      erroneous: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          if mean(x) > 0 {
            return x @ weight
          }
          return tanh(x @ weight)
        }
        """,
      corrected: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          if D > 4 {
            return x @ weight
          }
          return tanh(x @ weight)
        }
        """),
    .init(
      "CG0227", "A block called by a function",
      """
      A 'func' is pure: it computes its result from its arguments and owns nothing. A block may own parameters and state,
      which need a place in the paths of the model. Declare the caller with 'block'.
      """,
      in: .file,
      erroneous: """
        dim B = 4, D = 8
        data examples: f32[B, D] = synthetic()

        block Dense(x: f32[B, D]) -> f32[B, D] {
          param weight: f32[D, D]
          return x @ weight
        }

        func layer_of(x: f32[B, D]) -> f32[B, D] {
          return tanh(Dense(x))
        }

        model Net(x: f32[B, D]) -> f32[B, D] {
          return layer_of(x)
        }

        train {
          loss = mean(Net(batch(examples)))
          optimizer = sgd(lr: 0.1)
        }
        """,
      corrected: """
        dim B = 4, D = 8
        data examples: f32[B, D] = synthetic()

        block Dense(x: f32[B, D]) -> f32[B, D] {
          param weight: f32[D, D]
          return x @ weight
        }

        block Layer(x: f32[B, D]) -> f32[B, D] {
          return tanh(Dense(x))
        }

        model Net(x: f32[B, D]) -> f32[B, D] {
          return Layer(x)
        }

        train {
          loss = mean(Net(batch(examples)))
          optimizer = sgd(lr: 0.1)
        }
        """),
    .init(
      "CG0228", "A pattern of 'rearrange' whose sides do not fit",
      """
      Both sides of a pattern name the same axes, each once, in the order they have before and after; axes in parentheses
      are one axis of the tensor, as in [B, T, (H, Dh)] -> [B, H, T, Dh]. Nothing is added, dropped or repeated.
      """,
      in: .file,
      erroneous: Self.rearranged("[B, D] -> [D]"),
      corrected: Self.rearranged("[B, D] -> [D, B]")),
    .init(
      "CG0236", "A function that hides a built-in one",
      """
      Calls of the name in this file mean the function declared here and no longer the operation of the language. That is
      allowed, so that new operations never break old models, but it is seldom meant.
      """,
      in: .items,
      erroneous: """
        func relu(x: f32[B, D]) -> f32[B, D] {
          return x * sigmoid(x)
        }
        """,
      corrected: """
        func gated(x: f32[B, D]) -> f32[B, D] {
          return x * sigmoid(x)
        }
        """),
    .init(
      "CG0237", "A definition that needs itself",
      """
      A dim or a constant is computed from others, and these lead back to it, so it has no value.
      """,
      in: .items,
      erroneous: """
        let width = 2 * half
        let half  = width / 2
        """,
      corrected: """
        let width = 16
        let half  = width / 2
        """),
  ]

  private static let imported: [DiagnosticExplanation] = [
    .init(
      "CG0238", "A name that the imported file does not have",
      """
      'import path (names)' takes the functions, blocks and models that it names from the file, and one of these is not
      declared there. Dims and constants belong to their file and are not imported.
      """,
      in: .items,
      erroneous: """
        import std.nn (Linaer)
        """,
      corrected: """
        import std.nn (Linear)
        """),
    .init(
      "CG0239", "A name that several imported files have",
      """
      Two imported files declare the name, and the order of imports shall not decide which is meant. Import it by name from
      the file that is meant, as 'import path (name)'.
      """,
      noExampleBecause: "an example would need several files"),
  ]

  /// A model that rearranges its input by `pattern`.
  private static func rearranged(_ pattern: String) -> String {
    """
    dim B = 4, D = 8
    data examples: f32[B, D] = synthetic()

    model Net(x: f32[B, D]) -> f32[] {
      param weight: f32[B, B]
      return mean(rearrange(x, \(pattern)) @ weight)
    }

    train {
      loss = Net(batch(examples)) * 1
      optimizer = sgd(lr: 0.1)
    }
    """
  }

}
