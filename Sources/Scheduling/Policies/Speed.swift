import IR
import Operations

extension Policy {

  /// `speed(ratio:)`: gives up the values that are cheapest to recompute for their bytes until no more than `ratio` of the
  /// bytes that backward reads are kept, a half where no ratio is given.
  ///
  /// The cost is that of the whole chain from what is kept, all other values that backward reads among it:
  ///
  ///     score = bytes / cost of the chain
  ///
  /// The highest score goes first; of equals the value that is computed first. Chains are counted up to 256 instructions.
  ///
  /// - Complexity: O(*n* log *n*).
  static let speed = Policy(
    "speed", form: "speed(ratio: NUMBER)",
    summary: "Recomputes what costs least for its bytes; keeps that ratio of the bytes, 0.5 if not given."
  ) { (problem, reader) in
    guard let ratio = reader.ratio() else { return nil }
    let choice = ReleaseChoice(problem)
    let scores = zip(choice.all, choice.costs()).map { Double($0.bytes) / Double($1) }
    return choice.saved(keeping: ratio, givingUp: choice.ranked(by: scores))
  }

}
