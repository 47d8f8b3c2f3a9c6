import Operations
package import Planning
package import PlanFormat
import Support

extension Plan {

  /// The buffers that the training program needs in the arena, and where the plan puts them.
  ///
  /// A result that takes over the bytes of an operand shares its buffer, which has the operand's name. Steps count from 1.
  ///
  /// - Requires: the plan is verified.
  package var trainPacking: (table: PackingTable, offsets: [Int]) {
    let buffers = programs[0].arenaBuffers
    let alignment = PlanTarget(rawValue: header.target)?.alignment ?? 1
    let planned = buffers.map { PlannedBuffer(size: $0.size, birth: $0.birth, death: $0.death) }
    return (
      .init(ids: buffers.map(\.name), problem: .init(buffers: planned, alignment: alignment)), buffers.map(\.offset)
    )
  }

}

/// A range of the arena and when it is in use.
private struct ArenaBuffer {

  let name: String

  let size: Int

  let offset: Int

  let birth: Int

  var death: Int

}

extension PlanProgram {

  /// The buffers of values, in order of birth, then those that instructions work in.
  fileprivate var arenaBuffers: [ArenaBuffer] {
    let takeovers = takeovers
    var buffers: [ArenaBuffer] = []
    var bufferOfValue = [Int?](repeating: nil, count: values.count)
    var holders: [PlanValueIndex] = []
    for (t, i) in instructions.enumerated() {
      if i.action == .delete, let b = bufferOfValue[i.operands[0]], holders[b] == i.operands[0] {
        buffers[b].death = t + 1
      }
      for r in i.results {
        if let taken = takeovers[t], let b = bufferOfValue[taken] {
          (bufferOfValue[r], holders[b]) = (b, r)
        } else if case .arena(let offset) = values[r].place, values[r].type.size.value > 0 {
          bufferOfValue[r] = buffers.count
          holders.append(r)
          let size = values[r].type.size.value
          buffers.append(
            .init(name: values[r].name, size: size, offset: offset, birth: t + 1, death: instructions.count + 1))
        }
      }
    }
    return buffers + workBuffers
  }

  private var workBuffers: [ArenaBuffer] {
    instructions.enumerated().compactMap { (t, i) in
      guard let w = i.workspace else { return nil }
      return .init(
        name: "workspace of step \(t + 1)", size: w.byteCount, offset: w.offset, birth: t + 1, death: t + 2)
    }
  }

}
