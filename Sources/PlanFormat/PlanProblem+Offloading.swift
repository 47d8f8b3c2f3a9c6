import Operations
import Support

/// Problems of copies between the arena and the host.
extension PlanProblem {

  static func malformedOffload(_ operands: Int, _ results: Int) -> Self {
    .init("offload takes one operand and gives nothing, not \(operands) and \(results)")
  }

  static func malformedFetch(_ operands: Int, _ results: Int) -> Self {
    .init("fetch gives one result from one slot, not \(results) from \(operands) operands")
  }

  static func offloadedStorage(_ name: String) -> Self {
    .init("\(name.clipped) is persistent and must not be offloaded")
  }

  static func offloadedTwice(_ name: String, _ index: Int) -> Self {
    .init("\(name.clipped) was offloaded by instruction \(index)")
  }

  static func slotMisaligned(_ name: String, _ offset: Int, _ alignment: Int) -> Self {
    .init("the host slot of \(name.clipped) lies at \(offset), which is not a multiple of \(alignment)")
  }

  static func outsideHost(_ name: String, _ offset: Int, _ size: Int, _ limit: Int) -> Self {
    .init("the host slot of \(name.clipped) takes \(size) bytes at \(offset), outside of host_bytes \(limit)")
  }

  static func neverFetched(_ name: String) -> Self {
    .init("\(name.clipped) is offloaded and never fetched after that")
  }

  static func slotOverlap(_ a: PlanValue, _ aStart: Int, _ b: PlanValue, _ bStart: Int) -> Self {
    .init(
      "the host slot of \(a.name.clipped) at \(aStart) + \(a.type.size.value) overlaps that of \(b.name.clipped) at "
        + "\(bStart) + \(b.type.size.value), which is fetched later")
  }

  static func overwrittenWhileCopied(_ name: String, _ index: Int) -> Self {
    .init("\(name.clipped) is overwritten, but no deletion waits for its copy, which instruction \(index) began")
  }

  static func neverOffloaded(_ name: String, _ source: String) -> Self {
    .init("\(name.clipped) is fetched of \(source.clipped), which no instruction before offloads")
  }

  static func wrongSlot(_ name: String, _ offset: Int, _ source: String, _ slot: Int) -> Self {
    .init("\(name.clipped) is fetched from host offset \(offset), but \(source.clipped) was offloaded to \(slot)")
  }

  static func fetchedWhileLive(_ name: String, _ source: String) -> Self {
    .init("\(name.clipped) is fetched before a deletion of \(source.clipped) waits for its copy")
  }

  static func fetchedType(_ result: PlanValue, _ source: PlanValue) -> Self {
    .init("\(result.name.clipped) is declared \(result.type), but \(source.name.clipped) is \(source.type)")
  }

  static func fetchedName(_ name: String, _ base: String) -> Self {
    .init("\(name.clipped) is fetched, but its name is no version of \(base.clipped)")
  }

  static func boundWithOffloading() -> Self {
    .init("bound_flops is there, but bounds hold for schedules that offload nothing")
  }

}
