import Driver
import Foundation
import Support
import Testing
import TestSupport

/// What is said of the codes is true of the compiler.
@Suite struct CatalogueTests {

  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The codes in the sources of the compiler, except those of the catalogue itself.
  private static var codesInSources: Set<String> {
    let sources = root.appendingPathComponent("Sources")
    let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
    var codes: Set<String> = []
    while let file = files?.nextObject() as? URL {
      let name = file.lastPathComponent
      guard name.hasSuffix(".swift"), !name.hasPrefix("Explanations+") else { continue }
      let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
      codes.formUnion(text.matches(of: /"(CG0\d\d\d)"/).map { String($0.1) })
    }
    return codes
  }

  /// The codes of the errors and warnings of a compilation of `source`.
  private static func codes(of source: String, flags: String) -> [String] {
    let text = flags.isEmpty ? source : "// flags: \(flags)\n\(source)"
    do throws(CompileFailure) {
      return try Flags(in: text).compilation(of: text, named: "example.cgm").compiled().warnings.sorted.map(\.code)
    } catch {
      return error.codes.isEmpty ? [error.text] : error.codes
    }
  }

  @Test func `every code in the sources has one entry, and every entry a code`() {
    let entries = DiagnosticCatalogue.all.map(\.code)
    #expect(entries.count > 80)
    #expect(Set(entries).count == entries.count)
    #expect(Self.codesInSources.subtracting(entries).sorted() == [])
    #expect(Set(entries).subtracting(Self.codesInSources).sorted() == [])
    #expect(entries == entries.sorted())
  }

  @Test(arguments: DiagnosticCatalogue.all)
  func `an entry is short and complete`(_ entry: DiagnosticExplanation) {
    let lines = entry.explanation.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(1...6 ~= lines.count)
    #expect(lines.allSatisfy { !$0.isEmpty && $0.count <= 120 })
    #expect(lines.last?.hasSuffix(".") ?? false)
    #expect(!entry.title.isEmpty && entry.title.count <= 60 && !entry.title.hasSuffix("."))
    #expect(DiagnosticCatalogue.isCode(entry.code))
  }

  @Test(arguments: DiagnosticCatalogue.all)
  func `an erroneous example gets its code, and the corrected one none`(_ entry: DiagnosticExplanation) {
    guard case .example(let e) = entry.illustration else { return }
    #expect(e.erroneous != e.corrected || e.erroneousFlags != e.correctedFlags)
    let erroneous = Self.codes(of: e.frame.completing(e.erroneous), flags: e.erroneousFlags)
    #expect(erroneous.contains(entry.code), "\(erroneous)")
    let corrected = Self.codes(of: e.frame.completing(e.corrected), flags: e.correctedFlags)
    #expect(corrected.allSatisfy { $0 == "CG0190" && $0 != entry.code }, "\(corrected)")
  }

  @Test(arguments: ["CG0104", "CG0122", "CG0134", "CG0151", "CG0152", "CG0154"])
  func `a code without an example comes where its entry says`(_ code: String) {
    #expect(Self.codes(of: Self.unprintable(code), flags: "").contains(code))
    guard case .absent = DiagnosticCatalogue.entry(code)?.illustration else {
      Issue.record("\(code) has an example, which says more")
      return
    }
  }

  /// A file that gets `code` and is no example because of its size or its bytes.
  private static func unprintable(_ code: String) -> String {
    switch code {
    case "CG0104": "let x = \(String(repeating: "(", count: 1_000))\n"
    case "CG0122": String(repeating: "?\n", count: 1_000)
    case "CG0134": "let \(String(repeating: "a", count: 300)) = 1\n"
    case "CG0151": "BEGMF 'picture';"
    case "CG0152": "dim N = 3\0\n"
    case "CG0154": "let x = 1 //\(String(repeating: " ", count: 20_000))\n"
    case _: ""
    }
  }

  @Test func `the frame of the examples is a model without errors`() {
    #expect(Self.codes(of: ExampleFrame.wholeFile, flags: "") == [])
  }

  @Test func `the document is up to date`() throws {
    let folder = GoldenFolder("../../Grammar", beside: #filePath)
    let mismatch = folder.mismatch(ofFile: "diagnostics.md", observed: DiagnosticCatalogue.markdown)
    #expect(mismatch == nil, "\(mismatch ?? "")")
  }

  @Test func `an entry is found in any case`() {
    #expect(DiagnosticCatalogue.entry("cg0203")?.code == "CG0203")
    #expect(DiagnosticCatalogue.entry("CG0299") == nil)
    #expect(DiagnosticCatalogue.nearestCode(to: "CG0199") == "CG0201")
  }

  @Test(arguments: [
    ("CG0101", true), ("cg9999", true), ("CG101", false), ("CG01011", false), ("CH0101", false), ("CG01O1", false),
    ("", false), ("mlp.cgplan", false),
  ])
  func `a code is two letters and four digits`(_ text: String, _ isCode: Bool) {
    #expect(DiagnosticCatalogue.isCode(text) == isCode)
  }

}
