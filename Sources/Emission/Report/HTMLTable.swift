/// A table of a report; cells are HTML.
struct HTMLTable {

  private let numeric: Set<Int>

  private var rows: String

  /// Creates a table whose columns at the positions `numeric` are aligned to the right.
  init(_ heads: [String], numeric: Set<Int> = []) {
    self.numeric = numeric
    rows = ""
    let cells = heads.enumerated().map { (c, h) in
      "<th\(numeric.contains(c) ? " class=\"n\"" : "")>\(Markup.escaped(h))</th>"
    }
    rows = "<thead><tr>\(cells.joined())</tr></thead>\n<tbody>\n"
  }

  /// Adds a row.
  mutating func append(_ cells: [String], style: String = "") {
    let texts = cells.enumerated().map { (c, text) in
      "<td class=\"\(numeric.contains(c) ? "n" : c == 0 ? "k" : "")\">\(text)</td>".replacing(" class=\"\"", with: "")
    }
    rows += "<tr\(style.isEmpty ? "" : " class=\"\(style)\"")>\(texts.joined())</tr>\n"
  }

  var html: String { "<div class=\"scroll\"><table>\n\(rows)</tbody>\n</table></div>\n" }

}
