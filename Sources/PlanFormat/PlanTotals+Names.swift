extension PlanTotals {

  /// A total and the word that introduces its line.
  package struct Field: Sendable {

    package let name: StaticString

    package let path: any WritableKeyPath<PlanTotals, Int> & Sendable

  }

  /// All totals in the order of their lines.
  package static let fields: [Field] = [
    .init(name: "peak_bytes", path: \.peakBytes),
    .init(name: "arena_bytes", path: \.arenaBytes),
    .init(name: "persistent_bytes", path: \.persistentBytes),
    .init(name: "live_lower_bound_bytes", path: \.liveLowerBoundBytes),
    .init(name: "activation_peak_bytes", path: \.activationPeakBytes),
    .init(name: "saved_bytes", path: \.savedBytes),
    .init(name: "step_flops", path: \.stepFlops),
    .init(name: "recompute_flops", path: \.recomputeFlops),
  ]

}
