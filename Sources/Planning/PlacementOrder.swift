/// What decides between buffers that may lie equally low: the larger one of the first key that differs comes first.
struct PlacementOrder: Hashable, Sendable {

  /// A property of a buffer.
  enum Key {

    /// Lifetime in steps.
    case lifetime

    /// Size times lifetime.
    case area

    /// The most bytes still to be placed in one of its sections.
    case pressure

  }

  let keys: [Key]

  /// The orders that are tried in turn.
  ///
  /// - Source: Moffitt, MiniMalloc: A Lightweight Memory Allocator for Hardware-Accelerated Machine Learning, 2023.
  static let all: [PlacementOrder] = [
    .init(keys: [.pressure, .lifetime, .area]), .init(keys: [.lifetime, .area, .pressure]),
    .init(keys: [.pressure, .area, .lifetime]),
  ]

}
