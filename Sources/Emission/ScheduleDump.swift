package import Operations
package import PlanFormat
import Support

/// One instruction of a program with what is live after it.
package struct ScheduleLine: Hashable, Sendable {

  /// The position, counted from 1.
  package let step: Int

  /// `compute`, `recompute`, `delete`, `update`, `offload` or `fetch`.
  package let action: String

  /// The path of the value that is defined, deleted, updated or offloaded.
  package let value: String

  /// The operation's name; empty for `delete`, `offload` and `fetch`.
  package let operation: String

  package let inputs: [String]

  package let type: TensorType

  /// The offset in the arena, or `nil` for persistent storage.
  package let offset: Int?

  /// The path of the operand whose bytes the value takes over, or `nil` if it has a place of its own.
  package let inPlaceOf: String?

  /// The bytes that it works in.
  package let workspaceBytes: Int

  /// The offset of the copy on the host, `nil` for what is neither `offload` nor `fetch`.
  package let hostOffset: Int?

  /// The live bytes of the arena as the instruction ends, its workspace included.
  package let liveBytes: Int

  /// The line of source.
  package let source: String

  /// Why it is there.
  package let reason: String

}

extension PlanProgram {

  /// Returns the program's instructions with the live bytes of the arena after each; one with several results has a line
  /// for each of them, with the same step.
  ///
  /// - Complexity: O(*n*) where *n* is the number of operands.
  package func scheduleLines() -> [ScheduleLine] {
    var live = 0
    let takeovers = takeovers
    let taken = Set(takeovers.compactMap(\.self))
    return instructions.enumerated().flatMap { (t, i) in
      for r in i.results { live += arenaBytes(r) }
      if let v = takeovers[t] { live -= arenaBytes(v) }
      if i.action == .delete { for o in i.operands where !taken.contains(o) { live -= arenaBytes(o) } }
      let work = i.workspace?.byteCount ?? 0
      let (action, operation) = i.action.words
      let subjects = i.results.isEmpty ? [i.operands[0]] : i.results
      return subjects.map { (subject) in
        ScheduleLine(
          step: t + 1, action: action, value: values[subject].name, operation: operation,
          inputs: i.action.operation == nil ? [] : i.operands.map { values[$0].name }, type: values[subject].type,
          offset: values[subject].arenaOffset, inPlaceOf: takeovers[t].map { values[$0].name },
          workspaceBytes: work, hostOffset: i.action.hostOffset, liveBytes: live + work,
          source: i.site.description, reason: i.note)
      }
    }
  }

  /// The bytes of value `v` in the arena, 0 if it is in storage.
  func arenaBytes(_ v: PlanValueIndex) -> Int { values[v].arenaOffset == nil ? 0 : values[v].type.size.value }

}

extension PlanValue {

  /// The offset in the arena, or `nil` for persistent storage.
  var arenaOffset: Int? {
    switch place {
    case .arena(let offset): offset
    case .storage: nil
    }
  }

}

extension PlanInstruction.Action {

  /// The name of the action and of its operation.
  fileprivate var words: (action: String, operation: String) {
    switch self {
    case .compute(let o): ("compute", o.mnemonic)
    case .recompute(let o): ("recompute", o.mnemonic)
    case .update(let o): ("update", o.mnemonic)
    case .delete: ("delete", "")
    case .offload: ("offload", "")
    case .fetch: ("fetch", "")
    }
  }

  /// The offset of a copy on the host.
  var hostOffset: Int? {
    switch self {
    case .offload(let host), .fetch(_, let host): host
    case .compute, .recompute, .update, .delete: nil
    }
  }

}

extension Plan {

  /// The schedules of all programs for people: one line an instruction; columns for workspaces and for
  /// offsets on the host where there are any.
  ///
  ///     program train      peak 1.2 MiB
  ///     step  action     value         operation  type          live    offset  source     reason
  ///        1  compute    hidden.0.x    relu       f32[128,256]  128 KiB      0  mlp.cgm:18
  package var scheduleDump: String {
    var s = "\(header.source)  \(header.model)  \(header.policy)\n"
    for p in programs {
      let lines = p.scheduleLines()
      let most = lines.reduce(0) { max($0, $1.liveBytes) }
      s += "\nprogram \(p.name): \(p.instructions.count) instructions, at most \(most) live bytes in the arena\n"
      if let start = p.applyStart {
        s += "from step \(start + 1) on: in the last of \(training.microBatches) micro-batches alone\n"
      }
      let works = lines.contains { $0.workspaceBytes > 0 }
      let isOffloading = lines.contains { $0.hostOffset != nil }
      let work = works ? [TextTable.Alignment.right] : []
      let host = isOffloading ? [TextTable.Alignment.right] : []
      var table = TextTable(
        [.right, .left, .left, .left, .left, .right] + work + [.right, .right] + host + [.left, .left])
      table.append(
        ["step", "action", "value", "operation", "type", "bytes"] + (works ? ["workspace"] : [])
          + ["live", "offset"] + (isOffloading ? ["host"] : []) + ["source", "reason"])
      for l in lines {
        table.append(
          ["\(l.step)", l.action, l.value, l.operation, "\(l.type)", "\(l.type.size.value)"]
            + (works ? [l.workspaceBytes > 0 ? "\(l.workspaceBytes)" : "-"] : [])
            + ["\(l.liveBytes)", l.offset.map { "@\($0)" } ?? "-"]
            + (isOffloading ? [l.hostOffset.map { "@\($0)" } ?? "-"] : []) + [l.source, l.reason])
      }
      s += table.description
    }
    return s
  }

}
