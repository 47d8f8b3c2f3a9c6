package import Support

extension DiagnosticExplanation {

  /// The entry as `cgadc explain` prints it.
  package var text: String {
    var s = "\(code): \(title)\n\n\(explanation)\n\n"
    switch illustration {
    case .absent(let reason): s += "There is no example: \(reason).\n"
    case .example(let e):
      s += "Erroneous, \(e.frame)\(Self.flags(e.erroneousFlags)):\n\n" + Self.indented(e.erroneous)
      s += "\nCorrected\(Self.flags(e.correctedFlags)):\n\n" + Self.indented(e.corrected)
    }
    return s
  }

  /// The entry as a section of `Grammar/diagnostics.md`.
  package var markdown: String {
    var s = "### \(code): \(title)\n\n\(explanation)\n\n"
    switch illustration {
    case .absent(let reason): s += "There is no example: \(reason).\n"
    case .example(let e):
      s += "Erroneous, \(e.frame)\(Self.flags(e.erroneousFlags, "`")):\n\n" + Self.fenced(e.erroneous)
      s += "\nCorrected\(Self.flags(e.correctedFlags, "`")):\n\n" + Self.fenced(e.corrected)
    }
    return s
  }

  private static func flags(_ flags: String, _ quote: String = "") -> String {
    flags.isEmpty ? "" : ", with \(quote)\(flags)\(quote)"
  }

  private static func indented(_ example: String) -> String {
    example.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "\n" : "    \($0)\n" }.joined()
  }

  private static func fenced(_ example: String) -> String { "```cgm\n\(example)\n```\n" }

}

extension DiagnosticCatalogue {

  /// The areas of codes by their first two digits.
  private static let areas = [
    "01": "Syntax", "02": "Names, dims and shapes", "03": "Effects and state", "04": "Training and gradients",
    "05": "Schedule and memory", "06": "Data", "07": "Plan files",
  ]

  /// All entries as the text of `Grammar/diagnostics.md`.
  package static var markdown: String {
    var s = """
      # Diagnostics

      What every code means, made by `cgadc explain --all --markdown` from the entries that stand beside the code that
      reports it; `cgadc explain CG0203` prints one of them. Where an example is a part of a file, the rest is that of

      \(fencedFrame)

      """
    var area = ""
    for e in all {
      let digits = String(e.code.dropFirst(2).prefix(2))
      if digits != area { s += "\n## \(areas[digits] ?? "Others")\n" }
      area = digits
      s += "\n" + e.markdown
    }
    return s
  }

  private static var fencedFrame: String { "```cgm\n\(ExampleFrame.wholeFile)```" }

}
