import IR
import Operations

extension Policy {

  /// `all()`: saves what enters and leaves each outermost block call or repetition, and recomputes what is inside.
  ///
  /// A value inside is called by the path of its call, as `h.3.block.mlp.wide` in the repetition `h.3`. Saved are values
  /// that something outside reads in the forward part, and those outside of all calls:
  ///
  ///     x              outside               saved
  ///     h.0.act        read in h.0 alone     recomputed
  ///     h.0.return     read in h.1           saved
  ///
  /// It is what `torch.utils.checkpoint` around each block does.
  ///
  /// - Complexity: O(*n*).
  static let blocks = Policy(
    "all", form: "all()", summary: "Saves what enters and leaves each outermost block call; recomputes what is inside."
  ) { (problem, _) in
    problem.analysis.savedAtBlockBorders()
  }

}

extension StepAnalysis {

  /// Returns the decision that saves all forward values but those that only their own block call reads.
  fileprivate func savedAtBlockBorders() -> [Bool] {
    var saved = leastSaved()
    let calls = forward.map { (i) in i.results.first.map { Self.call(of: function[$0].name) } ?? "" }
    for (t, i) in forward.enumerated() {
      if calls[t].isEmpty { for r in i.results { saved[r.index] = true } }
      for o in i.operands {
        guard let d = definition(of: o), calls[d.index] != calls[t] else { continue }
        for r in function[d].results { saved[r.index] = true }
      }
    }
    return saved
  }

  /// Returns the outermost call or repetition in the path `name`, with its index, or nothing for a value outside of all.
  private static func call(of name: String) -> Substring {
    let parts = name.split(separator: ".", maxSplits: 2)
    guard parts.count > 1 else { return "" }
    let isIndexed = parts[1].utf8.allSatisfy { 48...57 ~= $0 }
    if isIndexed { return parts.count > 2 ? name[..<parts[1].endIndex] : "" }
    return parts[0]
  }

}
