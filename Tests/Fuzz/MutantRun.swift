import ArgumentParser
import Foundation
import PlanFormat
import Runtime

/// Makes mutants of valid plans and shows that each is refused, or gives the same bits at no higher peak.
struct MutantRun {

  /// What became of a mutant.
  private enum Fate: Int, CaseIterable {

    case unreadable, refused, harmless, survived

    var description: String {
      switch self {
      case .unreadable: "refused by the reader"
      case .refused: "refused by the verifier"
      case .harmless: "the same bits"
      case .survived: "survived"
      }
    }

  }

  private let seeds: PlanSeeds

  private let seed: UInt64

  /// What the seeds give, by position.
  private var results: [Int: PlanResults] = [:]

  /// The numbers of mutants by change and fate.
  private var counts: [PlanChange: [Int]] = [:]

  init(_ seeds: PlanSeeds, seed: UInt64) {
    self.seeds = seeds
    self.seed = seed
  }

  /// Makes `count` mutants, the changes in turn; survivors are left in the folder `out`.
  ///
  /// - Throws: if one survived.
  mutating func run(count: Int, out: String) throws {
    try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
    var (made, index, survivors) = (0, 0, 0)
    while made < count {
      let change = PlanChange.allCases[made % PlanChange.allCases.count]
      var random = SplitMix(seed: seed, index: UInt64(index))
      index += 1
      let s = random.below(seeds.seeds.count)
      var mutant = PlanMutant(seeds.seeds[s].text, random)
      guard let text = mutant.text(with: change), text != seeds.seeds[s].text else { continue }
      made += 1
      let fate = try fate(of: text, seed: s)
      counts[change, default: .init(repeating: 0, count: Fate.allCases.count)][fate.rawValue] += 1
      if fate != .survived { continue }
      survivors += 1
      let path = "\(out)/survivor-\(seed)-\(index - 1).cgplan"
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      print(
        "survived: \(change.rawValue) of \(seeds.seeds[s].name); \(path)\(Self.difference(seeds.seeds[s].text, text))")
    }
    summarize(made)
    if survivors > 0 { throw ExitCode(1) }
  }

  private mutating func fate(of text: String, seed s: Int) throws -> Fate {
    guard let plan = try? PlanReader.read(Array(text.utf8)) else { return .unreadable }
    guard let verified = try? VerifiedPlan(plan) else { return .refused }
    let original = try VerifiedPlan(PlanReader.read(Array(seeds.seeds[s].text.utf8)))
    if results[s] == nil { results[s] = try PlanResults(of: original) }
    // one for another device is refused when the machine is made
    if plan.header.target != original.plan.header.target { return .refused }
    guard plan.totals.peakBytes <= original.plan.totals.peakBytes, let found = try? PlanResults(of: verified) else {
      return .survived
    }
    return found == results[s] ? .harmless : .survived
  }

  /// Returns the first line that differs, as it was and as it is.
  private static func difference(_ old: String, _ new: String) -> String {
    let pairs = zip(old.split(separator: "\n"), new.split(separator: "\n"))
    return pairs.first { $0 != $1 }.map { "\n  - \($0)\n  + \($1)" } ?? ""
  }

  private func summarize(_ made: Int) {
    func row(_ name: String, _ c: [Int]) -> String {
      let parts = Fate.allCases.map { "\(c[$0.rawValue]) \($0.description)" }
      return "\(name): \(parts.joined(separator: ", "))"
    }
    for c in PlanChange.allCases { if let n = counts[c] { print(row(c.rawValue, n)) } }
    let all = Fate.allCases.map { (f) in counts.values.reduce(0) { $0 + $1[f.rawValue] } }
    let killed = all[Fate.unreadable.rawValue] + all[Fate.refused.rawValue]
    print(row("\(made) mutants of \(seeds.seeds.count) plans", all))
    print(
      "kill rate \(Double(killed * 10000 / max(1, made)) / 100) %, and \(all[Fate.harmless.rawValue]) proved harmless")
  }

}
