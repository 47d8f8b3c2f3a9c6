extension PlanDifference: Encodable {

  private enum CodingKeys: String, CodingKey {
    case same, settings, totals, values, reordered
    case movedValues = "moved_values"
  }

  package func encode(to encoder: any Encoder) throws {
    var c = encoder.container(keyedBy: CodingKeys.self)
    try c.encode(isSame, forKey: .same)
    try c.encode(settings, forKey: .settings)
    try c.encode(totals, forKey: .totals)
    try c.encode(values, forKey: .values)
    try c.encode(movedCount, forKey: .movedValues)
    try c.encode(isReordered, forKey: .reordered)
  }

}

extension ValueChange: Encodable {

  private enum CodingKeys: String, CodingKey { case change, path, old, new }

  package func encode(to encoder: any Encoder) throws {
    var c = encoder.container(keyedBy: CodingKeys.self)
    try c.encode(kind.rawValue, forKey: .change)
    try c.encode(path, forKey: .path)
    try c.encode(old, forKey: .old)  // null, not left out
    try c.encode(new, forKey: .new)
  }

}

extension ValueFacts: Encodable {

  private enum CodingKeys: String, CodingKey { case type, bytes, fate, definition }

  package func encode(to encoder: any Encoder) throws {
    var c = encoder.container(keyedBy: CodingKeys.self)
    try c.encode("\(type)", forKey: .type)
    try c.encode(bytes, forKey: .bytes)
    try c.encode("\(fate)", forKey: .fate)
    try c.encode(definition, forKey: .definition)
  }

}
