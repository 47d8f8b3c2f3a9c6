import Emission
import Operations
import PlanFormat
import Support

/// What `dump --stage schedule --format json` prints: the training program. Its schema is `Grammar/schedule.schema.json`.
struct ScheduleDocument: Encodable {

  struct Instruction: Encodable {
    let step: Int
    let action: String
    let value: String
    let op: String
    let inputs: [String]
    let bytes: Int
    let offset: Int?
    let inPlaceOf: String?
    let workspaceBytes: Int
    let hostOffset: Int?
    let liveBytes: Int
    let source: String
    let reason: String

    private enum CodingKeys: String, CodingKey {
      case step, action, value, op, inputs, bytes, offset, source, reason
      case inPlaceOf = "in_place_of"
      case workspaceBytes = "workspace_bytes"
      case hostOffset = "host_offset"
      case liveBytes = "live_bytes"
    }

    func encode(to encoder: any Encoder) throws {
      var c = encoder.container(keyedBy: CodingKeys.self)
      try c.encode(step, forKey: .step)
      try c.encode(action, forKey: .action)
      try c.encode(value, forKey: .value)
      try c.encode(op, forKey: .op)
      try c.encode(inputs, forKey: .inputs)
      try c.encode(bytes, forKey: .bytes)
      try c.encode(offset, forKey: .offset)  // null for storage, not left out
      try c.encode(inPlaceOf, forKey: .inPlaceOf)  // null for a place of its own
      try c.encode(workspaceBytes, forKey: .workspaceBytes)
      try c.encodeIfPresent(hostOffset, forKey: .hostOffset)
      try c.encode(liveBytes, forKey: .liveBytes)
      try c.encode(source, forKey: .source)
      try c.encode(reason, forKey: .reason)
    }
  }

  let instructions: [Instruction]

  init(_ program: PlanProgram) {
    instructions = program.scheduleLines().map { (l) in
      .init(
        step: l.step, action: l.action, value: l.value, op: l.operation, inputs: l.inputs, bytes: l.type.size.value,
        offset: l.offset, inPlaceOf: l.inPlaceOf, workspaceBytes: l.workspaceBytes, hostOffset: l.hostOffset,
        liveBytes: l.liveBytes, source: l.source, reason: l.reason)
    }
  }

}
