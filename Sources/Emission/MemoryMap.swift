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
    for p in programs { s += "\n" + p.arenaMap + p.hostMap }
    return s
  }

}

extension PlanProgram {

  /// The values of the arena by offset, then by birth.
  fileprivate var arenaMap: String {
    let rows = lives().sorted { ($0.offset, $0.birth, $0.order) < ($1.offset, $1.birth, $1.order) }
    let end = rows.reduce(0) { max($0, $1.offset + $1.bytes) }
    var table = TextTable([.right, .right, .right, .left, .left])
    table.append(["offset", "end", "bytes", "steps", "value"])
    for r in rows {
      table.append([
        "@\(r.offset)", "\(r.offset + r.bytes)", "\(r.bytes)", "[\(r.birth), \(r.death))", r.name,
      ])
    }
    let count = values.count { $0.arenaOffset != nil }
    return "arena of \(name): \(end) bytes, \(count) values, \(instructions.count) steps\n" + table.description
  }

  /// The copies on the host by offset, then by birth; nothing where nothing is offloaded.
  fileprivate var hostMap: String {
    let rows = hostLives().sorted { ($0.offset, $0.birth) < ($1.offset, $1.birth) }
    if rows.isEmpty { return "" }
    var table = TextTable([.right, .right, .right, .left, .left])
    table.append(["offset", "end", "bytes", "steps", "copy of"])
    for r in rows {
      table.append(["@\(r.offset)", "\(r.offset + r.bytes)", "\(r.bytes)", "[\(r.birth), \(r.death))", r.name])
    }
    let end = rows.reduce(0) { max($0, $1.offset + $1.bytes) }
    return "\nhost memory of \(name): \(end) bytes, \(rows.count) copies\n" + table.description
  }

  /// Returns the lives of copies on the host, each until its last fetch is done, in steps counted from 1.
  private func hostLives() -> [Life] {
    var deaths: [PlanValueIndex: Int] = [:]
    for (t, i) in instructions.enumerated() { if case .fetch(let v, _) = i.action { deaths[v] = t + 2 } }
    return instructions.enumerated().compactMap { (t, i) in
      guard case .offload(let host) = i.action else { return nil }
      let v = i.operands[0]
      return .init(
        name: values[v].name, order: v, offset: host, bytes: arenaBytes(v), birth: t + 1, death: deaths[v] ?? t + 2)
    }
  }

  private struct Life {
    let name: String
    let order: Int
    let offset: Int
    let bytes: Int
    let birth: Int
    let death: Int
  }

  /// Returns the lives of the values in the arena and of what instructions work in, in steps counted from 1.
  private func lives() -> [Life] {
    var (birth, death) = (
      [Int](repeating: 0, count: values.count), [Int](repeating: instructions.count + 1, count: values.count)
    )
    for (t, i) in instructions.enumerated() {
      for r in i.results { birth[r] = t + 1 }
      if i.action == .delete { death[i.operands[0]] = t + 1 }
    }
    let lives = values.indices.compactMap { (v) -> Life? in
      guard let offset = values[v].arenaOffset else { return nil }
      return .init(
        name: values[v].name, order: v, offset: offset, bytes: arenaBytes(v), birth: birth[v], death: death[v])
    }
    return lives + workspaces()
  }

  /// Returns what instructions work in, for the step of each.
  private func workspaces() -> [Life] {
    instructions.enumerated().compactMap { (t, i) in
      guard let w = i.workspace else { return nil }
      return .init(
        name: "workspace of \(values[i.results.first ?? i.operands[0]].name)", order: values.count + t,
        offset: w.offset, bytes: w.byteCount, birth: t + 1, death: t + 2)
    }
  }

}
