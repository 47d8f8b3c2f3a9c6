import Testing

/// A way to break a plan.
struct Damage: Sendable, CustomTestStringConvertible {

  let testDescription: String

  let edit: @Sendable (EditedPlan) -> String

  static let all: [Damage] = [
    .init(testDescription: "an offset where another value is", edit: { $0.withMovedOffset() }),
    .init(testDescription: "an offset outside of the arena", edit: { $0.withDistantOffset() }),
    .init(testDescription: "a peak too small by a byte", edit: { $0.withSmallerPeak() }),
    .init(testDescription: "a value never deleted", edit: { $0.withoutDelete() }),
    .init(testDescription: "an update left out", edit: { $0.withoutUpdate() }),
    .init(testDescription: "an update twice", edit: { $0.withUpdateTwice() }),
  ]

}

@Suite struct RejectedPlanTests {

  private static func compiled() throws -> (Workspace, String) {
    let w = try Workspace.withDigits()
    try w.compile(Sample.digits.path)
    return (w, try w.text("model.cgplan"))
  }

  @Test(arguments: Damage.all)
  func `an edited plan is refused before anything runs`(_ damage: Damage) throws {
    let (w, text) = try Self.compiled()
    let broken = damage.edit(.init(text))
    #expect(broken != text)
    try w.write("broken.cgplan", broken)
    try w.cgadc("verify", "broken.cgplan").refuses(1, "broken.cgplan")
    try w.cgad("run", "broken.cgplan").refuses(1, "broken.cgplan")
    try w.cgad("verify", "broken.cgplan").refuses(1, "broken.cgplan")
    try w.cgad("bench", "broken.cgplan").refuses(1, "broken.cgplan")
  }

  @Test(arguments: [0, 1, 8, 9, 200, 1000, 2000, 4000, 8000, 16_000])
  func `a truncated plan is unreadable`(_ size: Int) throws {
    let (w, text) = try Self.compiled()
    try w.write("short.cgplan", text.utf8.prefix(size))
    try w.cgad("run", "short.cgplan").refuses(2, "short.cgplan:")
    try w.cgadc("verify", "short.cgplan").refuses(2, "short.cgplan:")
  }

  @Test(arguments: [1, 2, 3, 100])
  func `a plan without its last bytes is unreadable`(_ missing: Int) throws {
    let (w, text) = try Self.compiled()
    try w.write("short.cgplan", text.utf8.dropLast(missing))
    try w.cgad("run", "short.cgplan").refuses(2, "short.cgplan:")
  }

  @Test func `a plan without its evaluation is refused`() throws {
    let (w, text) = try Self.compiled()
    let i = try #require(text.firstRange(of: "program eval")).lowerBound
    try w.write("short.cgplan", String(text[..<i]))
    let r = try w.cgad("run", "short.cgplan")
    #expect([1, 2].contains(r.code) && r.messages.contains("short.cgplan"), "\(r)")
  }

  @Test(arguments: ["cgplan 2", "cgplan 0", "cgplan 10", "cgplan", "cgir 1", "\u{FEFF}cgplan 1"])
  func `a plan of a foreign version is unreadable`(_ first: String) throws {
    let (w, text) = try Self.compiled()
    try w.write("foreign.cgplan", text.replacing("cgplan 1", with: first, maxReplacements: 1))
    try w.cgad("run", "foreign.cgplan").refuses(2, "foreign.cgplan:")
    try w.cgadc("verify", "foreign.cgplan").refuses(2, "foreign.cgplan:")
  }

}
