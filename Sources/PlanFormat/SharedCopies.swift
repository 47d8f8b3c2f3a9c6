/// Copies of what comes again and again in a text, so that equal ones share their memory.
///
/// It remembers a fixed number, each where its hash says, and forgets one for another: what never comes twice costs no
/// memory here, however much of it there is.
struct SharedCopies<Element: Hashable> {

  private var slots: [Element?] = .init(repeating: nil, count: 512)

  /// Returns what is equal to `element` and was returned before, if it is remembered, or else `element`.
  ///
  /// - Complexity: O(1).
  mutating func shared(_ element: Element) -> Element {
    let s = Int(truncatingIfNeeded: element.hashValue) & (slots.count - 1)
    if let known = slots[s], known == element { return known }
    slots[s] = element
    return element
  }

}
