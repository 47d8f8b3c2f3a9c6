/// How the lines of a plan are changed.
enum PlanChange: String, CaseIterable {

  case drop, swap, duplicate, retarget, offset, size, type, attribute, header

}

/// Makes a plan that differs from a valid one in one place, and reads as a plan wherever that is possible.
struct PlanMutant {

  private var lines: [String]

  private var random: SplitMix

  /// The lines of instructions.
  private let instructions: [Int]

  /// The line of the first program.
  private let body: Int

  init(_ text: String, _ random: SplitMix) {
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    self.random = random
    let lines = lines
    let start = lines.firstIndex { $0.hasPrefix("program ") } ?? lines.count
    body = start
    instructions = lines.indices.filter { (i) in i > start && lines[i].hasPrefix("  ") && lines[i].contains("  // ") }
  }

  /// Returns the text with `change` made in one place, or `nil` if it finds none.
  mutating func text(with change: PlanChange) -> String? {
    guard !instructions.isEmpty, body > 0, isMade(change) else { return nil }
    return lines.map { $0 + "\n" }.joined()
  }

  private mutating func isMade(_ change: PlanChange) -> Bool {
    let i = random.pick(instructions)
    switch change {
    case .drop: lines.remove(at: random.below(8) == 0 ? random.below(lines.count) : i)
    case .swap: lines.swapAt(i, random.below(2) == 0 ? min(i + 1, lines.count - 1) : random.pick(instructions))
    case .duplicate: lines.insert(lines[i], at: random.below(2) == 0 ? i + 1 : random.pick(instructions))
    case .retarget: return isRetargeted(i)
    case .offset: return isReplaced(placed, after: "@", by: offset)
    case .size: return isReplaced(typed, within: typeRange, where: \.isNumber) { (m, n) in m.number(near: n) }
    case .type: return hasOtherType()
    case .attribute: return hasOtherAttribute(i)
    case .header: return isReplaced(random.below(body), by: { (m, n) in m.number(near: n) })
    }
    return true
  }

  // MARK: Parts of lines

  /// A line that places something, in the header or in a program.
  private var placed: [Int] { lines.indices.filter { lines[$0].contains(" @") } }

  private var typed: [Int] { lines.indices.filter { lines[$0].contains(" : ") } }

  /// Returns where the types of a line stand.
  private func typeRange(_ line: String) -> Range<String.Index>? {
    guard let start = line.firstRange(of: " : ")?.upperBound else { return nil }
    let end = line[start...].firstRange(of: " @")?.lowerBound ?? line[start...].firstRange(of: " = ")?.lowerBound
    return start..<(end ?? line.endIndex)
  }

  /// Returns the maximal runs of characters in `range` that are `kind`.
  private func runs(_ line: String, _ range: Range<String.Index>, _ kind: (Character) -> Bool) -> [Range<String.Index>]
  {
    line[range].split { !kind($0) }.map { $0.startIndex..<$0.endIndex }
  }

  /// Replaces one run of characters in the range that `part` gives of one of `candidates`.
  private mutating func isReplaced(
    _ candidates: [Int], within part: (String) -> Range<String.Index>?, where kind: (Character) -> Bool,
    by new: (inout PlanMutant, String) -> String
  ) -> Bool {
    if candidates.isEmpty { return false }
    let i = random.pick(candidates)
    guard let range = part(lines[i]) else { return false }
    let found = runs(lines[i], range, kind)
    if found.isEmpty { return false }
    return replace(random.pick(found), of: i, by: new)
  }

  private mutating func replace(
    _ range: Range<String.Index>, of i: Int, by new: (inout PlanMutant, String) -> String
  ) -> Bool {
    let line = lines[i]
    let text = new(&self, String(line[range]))
    if text == line[range] { return false }
    lines[i] = line[..<range.lowerBound] + text + line[range.upperBound...]
    return true
  }

  /// Replaces a number of line `i`.
  private mutating func isReplaced(_ i: Int, by new: (inout PlanMutant, String) -> String) -> Bool {
    isReplaced([i], within: { $0.startIndex..<$0.endIndex }, where: \.isNumber, by: new)
  }

  /// Replaces the number behind a mark on one of `candidates`.
  private mutating func isReplaced(
    _ candidates: [Int], after mark: Character, by new: (inout PlanMutant, String) -> String
  ) -> Bool {
    if candidates.isEmpty { return false }
    let i = random.pick(candidates)
    let marks = lines[i].indices.filter { lines[i][$0] == mark }
    if marks.isEmpty { return false }
    let start = lines[i].index(after: random.pick(marks))
    let end = lines[i][start...].firstIndex { !$0.isNumber } ?? lines[i].endIndex
    return replace(start..<end, of: i, by: new)
  }

  // MARK: New parts

  private func offset(_ m: inout PlanMutant, _ old: String) -> String {
    let n = Int(old) ?? 0
    switch m.random.below(4) {
    case 0: return "\(max(0, n - 64 * (1 + m.random.below(8))))"
    case 1: return "\(n &+ 64 * (1 + m.random.below(8)))"
    case 2: return "\(n &+ 4)"
    case _:
      let other = m.lines[m.random.pick(m.placed)]
      return String(other.drop { $0 != "@" }.dropFirst().prefix { $0.isNumber })
    }
  }

  private mutating func number(near old: String) -> String {
    let n = Int(old) ?? 0
    return random.pick(["\(n &+ 1)", "\(max(0, n - 1))", "\(n &* 2)", "0", "1", "\(n / 2)", "\(n &+ 64)"])
  }

  /// Changes the elements of a type, or gives it another one's extents.
  private mutating func hasOtherType() -> Bool {
    let types = typed.flatMap { (i) in
      typeRange(lines[i]).map { runs(lines[i], $0) { $0.isLetter || $0.isNumber || "[],".contains($0) } }?.map {
        (i, $0)
      } ?? []
    }
    if types.isEmpty { return false }
    let (i, range) = random.pick(types)
    let (j, other) = random.pick(types)
    let isExchanged = random.below(2) == 0
    let foreign = String(lines[j][other])
    return replace(range, of: i) { (m, old) in
      if isExchanged { return foreign }
      let extents = old.firstIndex(of: "[").map { String(old[$0...]) } ?? ""
      return m.random.pick(["f32", "i32", "bool"].filter { !old.hasPrefix($0) }) + extents
    }
  }

  /// Puts another name of the plan in the place of one that an instruction reads or writes.
  private mutating func isRetargeted(_ i: Int) -> Bool {
    let line = lines[i]
    let stop = [" {", " : ", "  // "].compactMap { line.firstRange(of: $0)?.lowerBound }.min() ?? line.endIndex
    let words = line[..<stop].split { " ,=".contains($0) }
    let names = names
    let known = words.filter { names.contains(String($0)) }
    guard let old = known.isEmpty ? nil : random.pick(known) else { return false }
    return replace(old.startIndex..<old.endIndex, of: i) { (m, _) in m.random.pick(names) }
  }

  /// What instructions define, in order.
  private var names: [String] {
    instructions.compactMap { (i) in
      let line = lines[i].dropFirst(2)
      guard let end = line.firstRange(of: " = "), !line.hasPrefix("update ") else { return nil }
      return line[..<end.lowerBound].split { " ,".contains($0) }.first.map(String.init)
    }
  }

  /// Changes an attribute of an instruction, or its operation.
  private mutating func hasOtherAttribute(_ i: Int) -> Bool {
    let line = lines[i]
    if let start = line.firstRange(of: " {")?.upperBound, let end = line[start...].firstIndex(of: "}"),
      random.below(4) > 0
    {
      let isFlag = line[start..<end].contains("true") || line[start..<end].contains("false")
      if isFlag, random.below(2) == 0 {
        return isReplaced([i], within: { _ in start..<end }, where: \.isLetter) { (_, old) in
          old == "true" ? "false" : old == "false" ? "true" : old
        }
      }
      return isReplaced([i], within: { _ in start..<end }, where: \.isNumber) { (m, n) in m.number(near: n) }
    }
    guard let start = line.firstRange(of: " = ")?.upperBound else { return false }
    let end = line[start...].firstIndex(of: " ") ?? line.endIndex
    return replace(start..<end, of: i) { (m, _) in
      m.random.pick(["relu", "tanh", "sigmoid", "exp", "neg", "add", "mul", "sub", "div", "max", "matmul", "recompute"])
    }
  }

}
