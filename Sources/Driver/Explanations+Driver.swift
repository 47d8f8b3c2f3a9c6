import Support

/// What the codes of the pipeline as a whole mean.
extension DiagnosticExplanation {

  /// The entries that this module reports.
  static let driving: [DiagnosticExplanation] = [
    .init(
      "CG0506", "An unknown schedule",
      """
      --schedule NAME follows the block 'schedule NAME' of the file, and there is none of this name. Without the flag the
      block without a name is followed.
      """,
      in: .schedule,
      erroneous: """
        schedule tight {
          checkpoint = sqrt()
        }
        """,
      flags: "--schedule tigth",
      corrected: """
        schedule tight {
          checkpoint = sqrt()
        }
        """,
      correctedFlags: "--schedule tight"),
    .init(
      "CG0507", "A policy that costs memory",
      """
      The schedule recomputes and still has a higher peak than the one that keeps everything, which happens in small
      models, where what is recomputed is live together with the gradients. It is valid, but the policy gains nothing:
      choose none(), or give a --budget and no policy.
      """,
      noExampleBecause: "whether a policy gains depends on how the values are placed in memory"),
    .init(
      "CG0701", "A model beyond the limits of plans",
      """
      A plan is read back by a strict parser with limits on the lengths of names and on the numbers of dims, values,
      instructions and components of data. The plan of this model would be refused; the message says by which limit.
      """,
      noExampleBecause: "an example would be as long as the limits"),
  ]

}
