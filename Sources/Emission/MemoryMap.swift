package import PlanFormat
import Operations
import Support

extension Plan {

  /// Where every value lies and when, for people: persistent storage, then the arena of each program by offset.
  ///
  ///     arena of train: 1.2 MiB
  ///     offset  end     bytes   steps      value
  ///     @0      131072  131072  [3, 17)    hidden.0.x
  package var memoryMap: String {
    var s = "persistent: \(totals.persistentBytes) bytes\n"
    var table = TextTable([.right, .right, .right, .left, .left])
    table.append(["offset", "end", "bytes", "kind", "name"])
    for p in storage {
      let bytes = p.storage.type.size.value
      table.append(["@\(p.offset)", "\(p.offset + bytes)", "\(bytes)", p.storage.kind.rawValue, p.storage.name])
    }
    s += table.description
    for p in programs { s += "\n" + p.arenaMap }
    return s
  }

}

extension PlanProgram {

  /// The values of the arena by offset, then by birth.
  fileprivate var arenaMap: String {
    let rows = lives().sorted { ($0.offset, $0.birth, $0.value) < ($1.offset, $1.birth, $1.value) }
    let end = rows.reduce(0) { max($0, $1.offset + $1.bytes) }
    var table = TextTable([.right, .right, .right, .left, .left])
    table.append(["offset", "end", "bytes", "steps", "value"])
    for r in rows {
      table.append([
        "@\(r.offset)", "\(r.offset + r.bytes)", "\(r.bytes)", "[\(r.birth), \(r.death))", values[r.value].name,
      ])
    }
    return "arena of \(name): \(end) bytes, \(rows.count) values, \(instructions.count) steps\n" + table.description
  }

  private struct Life {
    let value: PlanValueIndex
    let offset: Int
    let bytes: Int
    let birth: Int
    let death: Int
  }

  /// Returns the lives of the values in the arena, in steps counted from 1.
  private func lives() -> [Life] {
    var (birth, death) = (
      [Int](repeating: 0, count: values.count), [Int](repeating: instructions.count + 1, count: values.count)
    )
    for (t, i) in instructions.enumerated() {
      for r in i.results { birth[r] = t + 1 }
      if i.action == .delete { death[i.operands[0]] = t + 1 }
    }
    return values.indices.compactMap { (v) in
      guard let offset = values[v].arenaOffset else { return nil }
      return .init(value: v, offset: offset, bytes: arenaBytes(v), birth: birth[v], death: death[v])
    }
  }

}
