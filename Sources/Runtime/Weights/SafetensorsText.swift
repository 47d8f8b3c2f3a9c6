import Operations
import Support

/// Writes headers of safetensors files.
enum SafetensorsText {

  /// Returns the header of a file that holds `tensors` one behind the other, and `metadata`.
  ///
  /// The elements of the first tensor stand at a multiple of 8 in the file.
  static func header(
    metadata: [(key: String, value: String)], tensors: [(name: String, type: TensorType)]
  ) -> [UInt8] {
    var members = ["\(SafetensorsHeader.metadataName.quotedAsJSON):{\(metadata.map(pair).joined(separator: ","))}"]
    var offset = 0
    for t in tensors {
      let end = offset + t.type.size.value
      let shape = t.type.extents.map(String.init).joined(separator: ",")
      members.append(
        "\(t.name.quotedAsJSON):{\"dtype\":\"\(name(of: t.type.element))\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}"
      )
      offset = end
    }
    var text = Array("{\(members.joined(separator: ","))}".utf8)
    text += [UInt8](repeating: 0x20, count: (8 - text.count % 8) % 8)
    let size = UInt64(text.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: size >> (8 * $0)) } + text
  }

  private static func pair(_ member: (key: String, value: String)) -> String {
    "\(member.key.quotedAsJSON):\(member.value.quotedAsJSON)"
  }

  /// Returns what the format calls `element`.
  private static func name(of element: ElementType) -> String {
    switch element {
    case .f64: "F64"
    case .f32: "F32"
    case .f16: "F16"
    case .bf16: "BF16"
    case .i64: "I64"
    case .i32: "I32"
    case .u16: "U16"
    case .u8: "U8"
    case .bool: "BOOL"
    }
  }

}
