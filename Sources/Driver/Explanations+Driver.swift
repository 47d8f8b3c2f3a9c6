import Support

/// What the codes of the pipeline as a whole mean.
extension DiagnosticExplanation {

  /// The entries that this module reports.
  static let driving: [DiagnosticExplanation] = imports + plans

  private static let imports: [DiagnosticExplanation] = [
    .init(
      "CG0230", "An unknown module of the standard library",
      """
      The paths that begin with 'std' name the files that come with the compiler, and there is none of this name.
      """,
      in: .items,
      erroneous: """
        import std.nm
        """,
      corrected: """
        import std.nn
        """),
    .init(
      "CG0231", "An import of a file that cannot be read",
      """
      'import a.b' names the file a/b.cgm in the folder of the model that is compiled, also where it stands in a file of
      another folder. The file is missing there, is a folder, or may not be read.
      """,
      in: .items,
      erroneous: """
        import no.such.file
        """,
      corrected: """
        import std.nn
        """),
    .init(
      "CG0232", "Files that import each other",
      """
      The imports lead back to a file that is still being read, so that none of the files could be first. The message
      shows the circle. Move what they both need to a file of its own and import that.
      """,
      noExampleBecause: "an example would need several files"),
    .init(
      "CG0233", "An import from outside the model's folder",
      """
      All files of a model lie below the folder of the file that is compiled, so that a model from elsewhere cannot read
      other files of this machine. A link leads out of that folder here; copy the file instead.
      """,
      noExampleBecause: "an example would need several files"),
    .init(
      "CG0234", "Too many imports",
      """
      The numbers of imported files, of levels and of bytes have limits, so that no model can make the compiler read
      without an end. The message shows them.
      """,
      noExampleBecause: "an example would need hundreds of files"),
    .init(
      "CG0235", "An import of a file that is no model",
      """
      The file is there, but it is not the text of a model: it is too large, not UTF-8, or a picture that is also called
      .cgm. The message says which.
      """,
      noExampleBecause: "an example would need several files"),
  ]

  private static let plans: [DiagnosticExplanation] = [
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
