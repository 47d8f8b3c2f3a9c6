import Support
import Testing

@Suite struct LineDifferenceTests {

  /// Returns the lines that remain of `old` after all changes.
  private func applied(_ changes: [LineDifference.Change], _ old: [String], _ new: [String]) -> [String] {
    var result: [String] = []
    var done = 0
    for c in changes {
      result += old[done..<c.old.lowerBound] + new[c.new]
      done = c.old.upperBound
    }
    return result + old[done...]
  }

  /// Returns the fewest lines to add and remove, by the table of longest common subsequences.
  private func distance(_ a: [String], _ b: [String]) -> Int {
    var lengths = Array(repeating: Array(repeating: 0, count: b.count + 1), count: a.count + 1)
    for i in a.indices {
      for j in b.indices {
        lengths[i + 1][j + 1] = a[i] == b[j] ? lengths[i][j] + 1 : max(lengths[i][j + 1], lengths[i + 1][j])
      }
    }
    return a.count + b.count - 2 * lengths[a.count][b.count]
  }

  @Test(arguments: 0..<200)
  func `the changes lead from one text to the other, and are the fewest`(_ seed: Int) {
    var state = UInt64(seed) &* 0x9e37_79b9_7f4a_7c15 | 1
    func below(_ n: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % n
    }
    func text() -> [String] { (0..<below(14)).map { _ in ["a", "b", "c", "d"][below(4)] } }
    let (old, new) = (text(), text())
    let changes = LineDifference(from: old, to: new).changes
    #expect(applied(changes, old, new) == new)
    #expect(changes.map { $0.old.count + $0.new.count }.reduce(0, +) == distance(old, new))
  }

  @Test func `too many changes are one`() {
    let old = (0..<LineDifference.effort).map { "old \($0)" }
    let new = (0..<LineDifference.effort).map { "new \($0)" }
    let changes = LineDifference(from: ["same"] + old + ["end"], to: ["same"] + new + ["end"]).changes
    #expect(changes.count == 1)
    #expect(changes.first?.old == 1..<1 + old.count && changes.first?.new == 1..<1 + new.count)
  }

  @Test func `equal texts have no difference`() {
    #expect(LineDifference(from: ["a", "b"], to: ["a", "b"]).changes.isEmpty)
    #expect(unifiedDiff(of: "x", from: "a\nb\n", to: "a\nb\n") == "")
    #expect(unifiedDiff(of: "x", from: "", to: "") == "")
  }

  @Test func `three lines stand around a change, and changes near each other are in one hunk`() {
    let old = (1...20).map { "\($0)\n" }.joined()
    let new = old.replacing("\n5\n", with: "\nfive\n").replacing("\n12\n", with: "\n").replacing(
      "\n20\n", with: "\n20\n21\n")
    #expect(
      unifiedDiff(of: "x.cgm", from: old, to: new) == """
        --- x.cgm
        +++ x.cgm
        @@ -2,14 +2,13 @@
         2
         3
         4
        -5
        +five
         6
         7
         8
         9
         10
         11
        -12
         13
         14
         15
        @@ -18,3 +17,4 @@
         18
         19
         20
        +21

        """)
  }

  @Test func `a missing newline at the end is told`() {
    #expect(
      unifiedDiff(of: "x", from: "a\r\nb", to: "b\n")
        == "--- x\n+++ x\n@@ -1,2 +1 @@\n-a\r\n-b\n\\ No newline at end of file\n+b\n")
    #expect(unifiedDiff(of: "x", from: "", to: "a\n") == "--- x\n+++ x\n@@ -0,0 +1 @@\n+a\n")
    #expect(unifiedDiff(of: "x", from: "a\n", to: "") == "--- x\n+++ x\n@@ -1 +0,0 @@\n-a\n")
  }

}
