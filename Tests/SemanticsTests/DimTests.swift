import Driver
import IR
import Operations
import Semantics
import Support
import TestSupport
import Testing

/// The algebra of dims, seen through small models.
@Suite struct DimTests {

  /// Returns what is said of a value of type `f32[X]` where `f32[Y]` is declared, `X` and `Y` being expressions of dims.
  private static func verdict(_ x: String, _ y: String) -> String {
    let text = """
      dim A = 6, B = 2, C = 3, One = 1
      data numbers: f32[A] = synthetic()
      model Net(x: f32[A]) -> f32[\(y)] {
        param weight: f32[\(x)]
        return weight * 1
      }
      train {
        let x = batch(numbers)
        loss = mean(Net(x)) + mean(x)
        optimizer = sgd(lr: 0.1)
      }
      """
    return failure { () throws(CompileFailure) in _ = try compilation(of: text).lowered() }
  }

  @Test(arguments: [
    ("A * B", "B * A"), ("A + B", "B + A"), ("(A + B) * C", "C * B + A * C"), ("A / B * B", "A"), ("B * (A / B)", "A"),
    ("2 * A", "A + A"), ("A - B + B", "A"), ("A * A / A", "A"), ("A * B / B", "A"), ("3 * A / 3", "A"),
    ("A + 1 - 1", "A"), ("(A + B) - A", "B"), ("A / A * C", "C"), ("2 + 3", "5"), ("7 % 4", "3"), ("A % 4", "2"),
    ("A / 2 + A / 2", "A"), ("4 * A / 6", "2 * A / 3"), ("(A + B) / (A + B)", "1"), ("6 / 3", "2"), ("A * 1.0", "6"),
  ])
  func `equal expressions are one dim`(_ x: String, _ y: String) {
    #expect(Self.verdict(x, y) == "accepted\n")
    #expect(Self.verdict(y, x) == "accepted\n")
  }

  @Test(arguments: [
    ("A", "6"), ("A", "B * C"), ("A / B", "C"), ("B + One", "C"), ("A / C", "B"), ("A + B", "A + 2"), ("A * One", "A"),
    ("A - B", "4"), ("A", "B"), ("(A + B) / 4", "B"),
  ])
  func `other expressions are not, whatever their sizes`(_ x: String, _ y: String) {
    #expect(Self.verdict(x, y).contains("[CG0203]"))
    #expect(Self.verdict(y, x).contains("[CG0203]"))
  }

  @Test(arguments: [
    ("A / 4", "CG0208"), ("A / (B - 2)", "CG0208"), ("A % (C - 3)", "CG0208"), ("B - A", "CG0206"), ("A - A", "CG0206"),
    ("A * 9223372036854775807", "CG0208"), ("2.5", "CG0206"), ("-1", "CG0206"), ("x", "CG0206"), ("\"A\"", "CG0206"),
  ])
  func `what is no size is refused`(_ x: String, _ code: String) {
    #expect(Self.verdict(x, "A").contains("[\(code)]"))
  }

  /// Returns the dims of the module of `text` under the overrides, or the codes of what is wrong.
  private static func dims(_ declaration: String, _ overrides: (name: String, size: Int)...) -> String {
    let text = """
      \(declaration)
      data numbers: f32[B] = synthetic()
      model Net(x: f32[B]) -> f32[] {
        param weight: f32[]
        return mean(x * weight)
      }
      train {
        let x = batch(numbers)
        loss = Net(x)
        optimizer = sgd(lr: 0.1)
      }
      """
    let c = compilation(of: text, dims: overrides.map { .init(name: $0.name, size: $0.size) })
    do throws(CompileFailure) {
      return try c.lowered().module.dims.map { "\($0.name)=\($0.size)" }.joined(separator: " ")
    } catch {
      return error.text.split(separator: "\n").first.map(String.init) ?? ""
    }
  }

  @Test func `a base dim is overridden, and what derives from it follows`() {
    #expect(Self.dims("dim B = 4, D = 2 * B", ("B", 5)) == "B=5 D=10")
    #expect(Self.dims("dim B = 4, D = 2 * B") == "B=4 D=8")
  }

  @Test func `a dim without a size gets it from the flag`() {
    #expect(Self.dims("dim B", ("B", 5)) == "B=5")
    #expect(Self.dims("dim B").contains("[CG0207]"))
  }

  @Test func `a dim of numbers alone is a base dim`() {
    #expect(Self.dims("dim B = 2 * 8", ("B", 5)) == "B=5")
  }

  @Test func `a derived dim is not overridden`() {
    #expect(
      Self.dims("dim B = 4, D = 2 * B", ("D", 5))
        == "test.cgm: error: --dim D: it is derived from others: 2 * B [CG0211]")
  }

  @Test func `an unknown dim is refused with the nearest`() {
    #expect(
      Self.dims("dim B = 4, Hidden = 2", ("Hiden", 5))
        == "test.cgm: error: --dim Hiden: there is no such dim; did you mean 'Hidden'? [CG0211]")
    #expect(Self.dims("dim B = 4", ("Zebra", 5)) == "test.cgm: error: --dim Zebra: there is no such dim [CG0211]")
  }

  @Test func `sizes below 1 and two sizes of one dim are refused`() {
    #expect(Self.dims("dim B = 4", ("B", 0)) == "test.cgm: error: --dim B: a size is at least 1 [CG0211]")
    #expect(Self.dims("dim B = 4", ("B", 3), ("B", 3)) == "test.cgm: error: --dim B: it is given twice [CG0211]")
  }

  @Test func `an override does not make dims equal`() {
    let text = """
      dim B = 4, C = 5
      data numbers: f32[B] = synthetic()
      model Net(x: f32[B]) -> f32[] {
        param weight: f32[C]
        return mean(x * weight)
      }
      train {
        let x = batch(numbers)
        loss = Net(x)
        optimizer = sgd(lr: 0.1)
      }
      """
    let c = compilation(of: text, dims: [.init(name: "C", size: 4)])
    let said = failure { () throws(CompileFailure) in _ = try c.lowered() }
    #expect(said.contains("equal sizes under different names are different dims"))
  }

}
