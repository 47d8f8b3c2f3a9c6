/// How a search that takes buffers away again decides.
struct EjectionRule: Hashable, Sendable {

  /// What a buffer weighs, and gains in weight each time that it finds no room.
  enum Weight: CaseIterable, Sendable {

    /// The square root of size times lifetime.
    case area

    /// Lifetime in steps.
    case lifetime

    /// Ten times the square root of the number of conflicts.
    case conflicts

    case one

  }

  /// Which of the buffers that wait is placed next.
  enum Turn: CaseIterable, Sendable {

    case random

    case largest

    /// The one that was taken away last.
    case latest

    case heaviest

  }

  let weight: Weight

  let turn: Turn

  /// The rules that are tried in turn: no one of them is best for all problems.
  static let all: [EjectionRule] = Turn.allCases.flatMap { (t) in
    Weight.allCases.map { (w) in .init(weight: w, turn: t) }
  }

}
