import Driver
import Emission
import PlanFormat
import Support

extension Compile {

  /// Compiles `compilation` to the plans of a ladder, and writes `STEM.1.cgplan` and so on for `path` `STEM.cgplan`; none
  /// where one cannot be made.
  func writeLadder(of compilation: Compilation, beside path: String, rungs: Int) throws {
    let start = ContinuousClock.now
    let models = try attempt { () throws(CompileFailure) in try compilation.ladder(count: rungs) }
    let stem = path.hasSuffix(".cgplan") ? String(path.dropLast(".cgplan".count)) : path
    let paths = models.indices.map { "\(stem).\($0 + 1).cgplan" }
    for p in paths where Files.isSame(p, file) { throw sameFile(p) }
    let texts = try models.map { (m) in try attempt { () throws(CompileFailure) in try compilation.text(of: m) } }
    for (text, p) in zip(texts, paths) { try write(text, to: p) }
    let written = try zip(models, paths).flatMap { (m, p) in try review.write(m, beside: p, compilation) }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    Output.error(models[0].warnings.rendered(in: compilation.map))
    if json { return try Output.json(zip(models, paths).map { $0.report(path: $1, seconds: seconds) }) }
    if quiet { return }
    Output.result(Self.table(models, paths))
    Output.result("next: cgad run \(paths.joined(separator: " "))\(deviceFlag)\n")
    for w in written { Output.result("wrote \(w)\n") }
  }

  private static func table(_ models: [CompiledModel], _ paths: [String]) -> String {
    var table = TextTable([.left, .right, .right, .right, .left])
    table.append(["policy", "peak", "saved", "recompute", "wrote"])
    for (m, p) in zip(models, paths) {
      let t = m.plan.totals
      let share = t.stepFlops == 0 ? 0 : Double(t.recomputeFlops) / Double(t.stepFlops)
      table.append([
        m.plan.header.policy, "\(ByteCount(t.peakBytes))", "\(ByteCount(t.savedBytes))",
        "+" + CompiledModel.percent(share), p,
      ])
    }
    return table.description
  }

}
