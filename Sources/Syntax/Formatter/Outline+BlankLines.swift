extension Outline {

  /// Decides where empty lines stand: none at the ends of the file and of bodies, one around every item with a body.
  mutating func placeBlankLines() {
    separateItems()
    for i in lines.indices where i == 0 || isEndOfBody(lines[i]) || opensBody(lines[i - 1]) {
      lines[i].hasBlankLineBefore = false
    }
  }

  /// Puts an empty line behind an item, unless there is one before the next item or neither has a body.
  private mutating func separateItems() {
    var previous: Int?
    for i in lines.indices where lines[i].depth == 0 && !lines[i].pieces.isEmpty {
      if let p = previous, mustBeApart(p, i) { lines[p + 1].hasBlankLineBefore = true }
      previous = i
    }
  }

  /// `true` iff an empty line is missing between the item that ends at line `i` and the one that starts at line `j`.
  private func mustBeApart(_ i: Int, _ j: Int) -> Bool {
    if isEndOfBody(lines[j]) || !(isItemWithBody(lines[i]) || isItemWithBody(lines[j])) { return false }
    return !lines[i + 1...j].contains(where: \.hasBlankLineBefore)
  }

}
