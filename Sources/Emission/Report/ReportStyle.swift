/// How a report looks, in light and in dark.
enum ReportStyle {

  /// The colours of the groups: light, dark.
  private static let colours: [(ReviewCategory, String, String)] = [
    (.parameters, "#5b6b82", "#7d8ca3"), (.state, "#8795aa", "#9aa8bd"), (.optimizer, "#a9b4c4", "#56647a"),
    (.batch, "#cfd6e0", "#3d4859"), (.gradients, "#7c4fd0", "#a583ee"), (.adjoints, "#3b76d6", "#5f9bf2"),
    (.saved, "#1f9d6b", "#34c088"), (.transient, "#d9a90f", "#e3bd45"), (.recomputed, "#e06a1b", "#f08a45"),
    (.fetched, "#0f8f9d", "#3bbccb"), (.workspace, "#cc3f83", "#e8699f"),
  ]

  private static func variables(_ colour: ((ReviewCategory, String, String)) -> String) -> String {
    colours.map { "--\($0.0.rawValue):\(colour($0))" }.joined(separator: ";")
  }

  private static var classes: String {
    colours.map { ".c-\($0.0.rawValue){fill:var(--\($0.0.rawValue));background:var(--\($0.0.rawValue))}" }.joined(
      separator: "\n")
  }

  /// The style sheet.
  static var sheet: String {
    """
    :root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#1a2230;--soft:#5a6678;--rule:#dfe4ea;--accent:#c22f2f;\(variables { $0.1 })}
    @media (prefers-color-scheme:dark){:root{--page:#12161d;--card:#1a2029;--ink:#e6eaf0;--soft:#9aa6b6;--rule:#2d3642;--accent:#ff7b72;\(variables { $0.2 })}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
    main{max-width:1120px;margin:0 auto;padding:32px 24px 64px}
    h1{font-size:26px;margin:0;letter-spacing:-.01em}
    h2{font-size:17px;margin:0 0 4px}
    section{background:var(--card);border:1px solid var(--rule);border-radius:10px;padding:20px 24px;margin:18px 0}
    p{margin:4px 0 12px}
    .sub,.note{color:var(--soft)}
    .note{font-size:13px}
    .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(170px,1fr));gap:14px;margin:22px 0 0}
    .card{background:var(--card);border:1px solid var(--rule);border-radius:10px;padding:14px 18px}
    .card b{display:block;font-size:23px;font-weight:650;letter-spacing:-.01em}
    .card span{color:var(--soft);font-size:13px}
    svg{width:100%;height:auto;display:block}
    .scroll{overflow-x:auto}
    table{border-collapse:collapse;width:100%;font-size:13.5px}
    th{text-align:left;color:var(--soft);font-weight:600;border-bottom:1px solid var(--rule);padding:6px 14px 6px 0;white-space:nowrap}
    td{border-bottom:1px solid var(--rule);padding:5px 14px 5px 0;vertical-align:top}
    tr:last-child td{border-bottom:0}
    td.n,th.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
    td.k{white-space:nowrap}
    tr.chosen td{font-weight:650}
    code{font:12.5px/1.45 ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",monospace;white-space:nowrap}
    .note code{white-space:normal;overflow-wrap:anywhere}
    .legend{display:flex;flex-wrap:wrap;gap:4px 18px;margin:10px 0 0;padding:0;list-style:none;font-size:13px;color:var(--soft)}
    .chip{display:inline-block;width:11px;height:11px;border-radius:3px;margin-right:7px;vertical-align:-1px}
    .bar{display:flex;height:22px;border-radius:5px;overflow:hidden;margin:10px 0 14px}
    .bar i{display:block;min-width:1px}
    .label,.mark-label,.block-label{font:11.5px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:var(--soft)}
    .mark-label{fill:var(--accent);font-weight:600}
    .block-label{font-size:10px;fill:#fff;pointer-events:none}
    .grid{stroke:var(--rule);stroke-width:1}
    .part{stroke:var(--soft);stroke-width:2}
    .mark{stroke:var(--accent);stroke-width:1.5;stroke-dasharray:4 3}
    .budget{stroke:var(--accent);stroke-width:1.5}
    .block{stroke:var(--card);stroke-width:.5}
    .curve{fill:none;stroke:var(--adjoints);stroke-width:2}
    .swept{fill:var(--adjoints)}.policy{fill:var(--soft)}.chosen{fill:var(--accent)}
    \(classes)
    @media print{section,.card{break-inside:avoid}}
    """
  }

}
