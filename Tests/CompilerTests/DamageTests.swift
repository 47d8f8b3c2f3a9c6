import Driver
import Semantics
import Support
import Testing
import TestSupport

/// What is said of the meaning of a model that has errors of syntax.
@Suite struct DamageTests {

  /// Returns the codes of what is wrong with `source`, in order of position.
  private func codes(_ source: String) -> [String] {
    let c = Flags(in: source).compilation(of: source, named: "m.cgm", folder: AcceptedTests.folder.path)
    do throws(CompileFailure) {
      _ = try c.lowered()
      return []
    } catch {
      guard case .rejected(let set, _) = error else { return ["\(error)"] }
      return set.sorted.map(\.code)
    }
  }

  /// Returns the codes of what is remarked on `source`, which compiles.
  private func warnings(of source: String) throws -> [String] {
    let c = Flags(in: source).compilation(of: source, named: "m.cgm", folder: AcceptedTests.folder.path)
    return try c.lowered().warnings.elements.map(\.code)
  }

  @Test(arguments: AcceptedTests.folder.models)
  func `a line that cannot be read causes no errors of meaning`(_ model: String) throws {
    let source = AcceptedTests.folder.text("\(model).cgm")
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let warnings = try warnings(of: source)
    for i in lines.indices {
      let isComment = lines[i].contains("//")
      for damagedLine in [") \(lines[i])", isComment ? "( \(lines[i])" : "\(lines[i]) )"] {
        var damaged = lines
        damaged[i] = damagedLine
        let found = codes(damaged.joined(separator: "\n")).filter { !warnings.contains($0) }
        #expect(!found.isEmpty && found.allSatisfy { $0.hasPrefix("CG01") }, "line \(i + 1): \(found)")
      }
    }
  }

  private static let whole = """
    dim B = 4, D = 8
    data examples: (f32[B, D], i32[B]) = synthetic()
    block Wide(x: f32[B, D]) -> f32[B, D] {
      param weight: f32[D, D]
      return relu(x @ weight)
    }
    model M(x: f32[B, D]) -> f32[B, D] {
      return Wide(Wide(x) as first) as second
    }
    train {
      let (x, y) = batch(examples)
      loss      = cross_entropy(M(x), y)
      optimizer = sgd(lr: 0.1)
    }
    """

  @Test(arguments: [
    // An error of syntax, an error of meaning, and the codes of both.
    ("param weight: f32[D, D]", "param weight f32[D, D]", "sgd(lr: 0.1)", "sdg(lr: 0.1)", ["CG0107", "CG0201"]),
    ("relu(x @ weight)", "relu(x @ wieght)", "sgd(lr: 0.1)", "sgd(lr 0.1)", ["CG0201", "CG0108"]),
    ("synthetic()", "synthetik()", "return Wide(Wide", "return + Wide(Wide", ["CG0601", "CG0103"]),
    ("dim B = 4, D = 8", "dim B = 4, D = 8 / 3", "return Wide(Wide", "return + Wide(Wide", ["CG0206", "CG0103"]),
  ])
  func `errors of syntax and of meaning are told together`(
    _ a: String, _ wrongA: String, _ b: String, _ wrongB: String, _ expected: [String]
  ) {
    #expect(codes(Self.whole).isEmpty)
    let source = Self.whole.replacing(a, with: wrongA).replacing(b, with: wrongB)
    #expect(codes(source) == expected)
  }

  @Test func `an import that is not found hides no other error`() {
    let source = "import nowhere\n" + Self.whole.replacing("relu(", with: "Lost(").replacing("sgd(", with: "sdg(")
    #expect(codes(source) == ["CG0231", "CG0201"])
    let named = "import nowhere (Lost)\n" + Self.whole.replacing("relu(", with: "Lots(").replacing("sgd(", with: "sdg(")
    #expect(codes(named) == ["CG0231", "CG0201", "CG0201"])
  }

}
