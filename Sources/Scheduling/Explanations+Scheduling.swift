package import Support

/// What the codes of schedules mean.
extension DiagnosticExplanation {

  /// The entries CG0501 to CG0519 that this module reports.
  package static let scheduling: [DiagnosticExplanation] = policies + rules

  private static let policies: [DiagnosticExplanation] = [
    .init(
      "CG0501", "No schedule fits the budget",
      """
      The budget bounds the total peak: parameters, gradients, the optimizer's storage, the batch, what is saved for the
      backward pass and what is recomputed. Even the schedule with the least peak that was found needs more. The message
      gives that peak in bytes: pass it as --budget, or lower the size of the batch with --dim.
      """,
      in: .schedule,
      erroneous: """
        schedule {
          checkpoint = sqrt()
        }
        """,
      flags: "--budget 1KiB",
      corrected: """
        schedule {
          checkpoint = sqrt()
        }
        """,
      correctedFlags: "--budget 64KiB"),
    .init(
      "CG0502", "An unknown policy",
      """
      A policy says which values are kept for the backward pass. 'cgadc policies' lists those that there are.
      """,
      in: .schedule,
      erroneous: """
        schedule {
          checkpoint = sqr()
        }
        """,
      corrected: """
        schedule {
          checkpoint = sqrt()
        }
        """),
    .init(
      "CG0504", "A policy with other arguments",
      """
      Policies are called with the labelled arguments that 'cgadc policies' shows, and counts are at least 1. Of those of
      'optimal' only the budget must be there, and cost_per_byte, from 0 to 1e9, only beside 'offload: true'.
      """,
      in: .schedule,
      erroneous: """
        schedule {
          checkpoint = every(n: 3)
        }
        """,
      corrected: """
        schedule {
          checkpoint = every(k: 3)
        }
        """),
    .init(
      "CG0505", "manual() where nothing is marked",
      """
      The policy manual() keeps the values that the model marks with checkpoint(…) and recomputes all others. Without any
      mark everything would be recomputed from the inputs, which nobody means. Mark values, or choose another policy.
      """,
      in: .schedule,
      erroneous: """
        schedule {
          checkpoint = manual()
        }
        """,
      corrected: """
        schedule {
          checkpoint = sqrt()
        }
        """),
  ]

  private static let rules: [DiagnosticExplanation] = [
    .init(
      "CG0510", "A rule that matches no value",
      """
      Rules are obligations, so a rule without effect is a mistake: a mistyped path, or one of a value that has another
      name now. Paths are those of 'cgadc dump --stage schedule', with * for one part and ** for any number of them.
      """,
      in: .schedule,
      erroneous: """
        schedule {
          save layer.*.hh
        }
        """,
      corrected: """
        schedule {
          save layer.*.h
        }
        """),
    .init(
      "CG0511", "Rules that contradict each other",
      """
      A more specific rule overrides a less specific one, and these two are equally specific and demand different things of
      one value. Delete one of them, or make one more specific, with an index for a * or an operation behind '::'.
      """,
      in: .schedule,
      erroneous: """
        schedule {
          save      layer.*.h
          recompute layer.*.h
        }
        """,
      corrected: """
        schedule {
          save      layer.*.h
        }
        """),
    .init(
      "CG0512", "A rule against a mark in the model",
      """
      checkpoint(…) in the model obliges the schedule to keep the value, and the rule demands to recompute it. Remove
      the mark or the rule.
      """,
      in: .file,
      erroneous: """
        dim B = 4, D = 8
        data examples: f32[B, D] = synthetic()

        model Net(x: f32[B, D]) -> f32[B, D] {
          param weight: f32[D, D]
          let h = checkpoint(tanh(x @ weight))
          return exp(h)
        }

        train {
          let x = batch(examples)
          loss = mse(Net(x), x)
          optimizer = sgd(lr: 0.1)
        }

        schedule {
          recompute h
        }
        """,
      corrected: """
        dim B = 4, D = 8
        data examples: f32[B, D] = synthetic()

        model Net(x: f32[B, D]) -> f32[B, D] {
          param weight: f32[D, D]
          let h = tanh(x @ weight)
          return exp(h)
        }

        train {
          let x = batch(examples)
          loss = mse(Net(x), x)
          optimizer = sgd(lr: 0.1)
        }

        schedule {
          recompute h
        }
        """),
    .init(
      "CG0513", "A rule that overrides another",
      """
      A later, more specific rule takes values away from an earlier one. That is how exceptions are written, so it is only
      a warning; -Werror makes it an error. Without the exception written twice, both rules name disjoint values.
      """,
      in: .schedule,
      erroneous: """
        schedule {
          recompute layer.**
          save      layer.{1..2}.h
        }
        """,
      corrected: """
        schedule {
          recompute layer.{0..0}.**
          recompute layer.{3..3}.**
          save      layer.{1..2}.h
        }
        """),
    .init(
      "CG0514", "A rule that offloads nothing",
      """
      Values are copied to the host where the backward part reads them and the forward part is done with them, and it
      reads none of those that the rule names, so nothing is done for it. 'cgadc explain PLAN saved' lists what is kept
      for the backward part.
      """,
      in: .schedule,
      erroneous: """
        schedule {
          offload layer.** :: matmul
        }
        """,
      corrected: """
        schedule {
          offload layer.*.h
        }
        """),
  ]

}
