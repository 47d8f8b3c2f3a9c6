package import PlanFormat

/// Figures as files of SVG of their own.
package enum StandaloneFigure {

  /// Returns the map of the arena of the training step of `plan`.
  package static func arena(of plan: Plan) -> String { document(ProgramReview(plan).arenaChart) }

  /// Returns peak against recomputation of `rows`.
  package static func pareto(_ rows: [ComparedSchedule]) -> String { document(ParetoChart.figure(rows)) }

  /// Returns `figure` with the styles it needs.
  private static func document(_ figure: String) -> String {
    guard let end = figure.firstRange(of: ">\n"), let close = figure.firstRange(of: "</svg>\n") else { return "" }
    let background = "<rect width=\"100%\" height=\"100%\" fill=\"var(--card)\"/>\n"
    return figure[..<end.upperBound] + "<style>\(ReportStyle.sheet)</style>\n" + background
      + figure[end.upperBound..<close.upperBound]
  }

}
