/// The inputs of a campaign: the same for the same seed and index.
struct Inputs {

  private var mutator: Mutator

  /// The plans that every other input is made from line by line; none for models.
  private let plans: [String]

  init(models: Seeds) {
    mutator = .init(models)
    plans = []
  }

  init(plans: PlanSeeds) {
    self.plans = plans.seeds.map(\.text)
    mutator = .init(Seeds(texts: plans.seeds.map { Array($0.text.utf8) }))
  }

  /// Returns the input `index` of the sequence `seed`.
  mutating func input(seed: UInt64, index: UInt64) -> [UInt8] {
    if plans.isEmpty || index % 2 == 0 { return mutator.input(seed: seed, index: index) }
    var random = SplitMix(seed: ~seed, index: index)
    var text = random.pick(plans)
    for _ in 0..<random.pick([1, 1, 2, 3, 5]) {
      var mutant = PlanMutant(text, SplitMix(seed: random.next()))
      text = mutant.text(with: random.pick(PlanChange.allCases)) ?? text
    }
    return Array(text.utf8)
  }

}
