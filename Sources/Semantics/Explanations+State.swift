package import Support

/// What the codes of effects and state mean.
extension DiagnosticExplanation {

  /// The entries CG0301 to CG0399.
  package static let states: [DiagnosticExplanation] = updates + storage

  private static let updates: [DiagnosticExplanation] = [
    .init(
      "CG0301", "An update of what is no state",
      """
      'update' changes what lives from one step to the next, and only 'state' declares that. A value inside a step is
      assigned to with '=', and parameters are changed by the optimizer alone.
      """,
      in: .model,
      erroneous: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          var h = x @ weight
          update h = tanh(h)
          return h
        }
        """,
      corrected: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          var h = x @ weight
          h = tanh(h)
          return h
        }
        """),
    .init(
      "CG0302", "An update to another type",
      """
      A state has one place in memory for the whole training, so its type never changes. Reduce or broadcast the new value
      to the type that the note shows, or declare the state with the type of the value.
      """,
      in: .model,
      erroneous: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          state average: f32[D] = zeros()
          update average = mean(x)
          return (x - average) @ weight
        }
        """,
      corrected: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          state average: f32[D] = zeros()
          update average = mean(x, axis: 0)
          return (x - average) @ weight
        }
        """),
    .init(
      "CG0303", "Two updates of one state in a step",
      """
      Every effect happens exactly once in a step, however often values are recomputed, and reading a state gives its value
      from before the step. With two updates the order would matter. Compute with a 'var' and update once.
      """,
      in: .model,
      erroneous: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          state average: f32[D] = zeros()
          update average = 0.9 * average
          update average = average + 0.1 * mean(x, axis: 0)
          return (x - average) @ weight
        }
        """,
      corrected: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          state average: f32[D] = zeros()
          update average = 0.9 * average + 0.1 * mean(x, axis: 0)
          return (x - average) @ weight
        }
        """),
  ]

  private static let storage: [DiagnosticExplanation] = [
    .init(
      "CG0304", "A shared instance with two types",
      """
      A 'layer' is one instance with one set of parameters, wherever it is used, so all its uses must infer the same dims.
      Call the block itself where each use is meant to have parameters of its own.
      """,
      in: .file,
      erroneous: """
        dim B = 4, D = 8, C = 3
        data examples: f32[B, D] = synthetic()

        block Scale(x: f32[B, N]) -> f32[B, N] {
          param weight: f32[N]
          return x * weight
        }

        model Net(x: f32[B, D]) -> f32[B, C] {
          param last: f32[D, C]
          layer scale = Scale()
          return scale(scale(x) @ last)
        }

        train {
          loss = mean(Net(batch(examples)))
          optimizer = sgd(lr: 0.1)
        }
        """,
      corrected: """
        dim B = 4, D = 8, C = 3
        data examples: f32[B, D] = synthetic()

        block Scale(x: f32[B, N]) -> f32[B, N] {
          param weight: f32[N]
          return x * weight
        }

        model Net(x: f32[B, D]) -> f32[B, C] {
          param last: f32[D, C]
          return Scale((Scale(x) as inner) @ last) as outer
        }

        train {
          loss = mean(Net(batch(examples)))
          optimizer = sgd(lr: 0.1)
        }
        """),
    .init(
      "CG0305", "Storage of another element type",
      """
      Parameters, states and what optimizers keep are f32: sums over many small steps lose too much in anything shorter.
      """,
      in: .model,
      erroneous: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f64[D, C]
          return x @ weight
        }
        """,
      corrected: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          return x @ weight
        }
        """),
  ]

}
