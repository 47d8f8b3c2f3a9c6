import Support
import Syntax

/// Functions, blocks and models, and the files they come from.
extension Lowering {

  /// Declares what the imports of `u`, the file being declared, bring into it.
  mutating func declareImports(_ u: SourceUnit) {
    units[unit].hasLostUnit = u.damage.names.contains("import")
    var found = u.imports[...]
    for i in u.tree.items {
      guard case .importItem(let path, let names) = i.kind, let imported = found.popFirst() else { continue }
      if let imported { declareImport(of: imported, path, names) } else { declareLoss(of: names) }
    }
  }

  private mutating func declareImport(of imported: Int, _ path: [Name], _ names: [Name]) {
    if names.isEmpty {
      if !units[unit].importedUnits.contains(imported) { units[unit].importedUnits.append(imported) }
      return
    }
    for n in names { importName(n, from: imported) }
  }

  /// Notes that an import, of `names` or of all there is, found no file.
  private mutating func declareLoss(of names: [Name]) {
    units[unit].lostNames.formUnion(names.map(\.text))
    if names.isEmpty { units[unit].hasLostUnit = true }
  }

  /// `true` iff `name` may be declared in text that the parser could not read, so that it is not unknown.
  func mayBeDeclared(_ name: String) -> Bool {
    let files = [unit] + units[unit].importedUnits
    return units[unit].lostNames.contains(name) || files.contains { program.units[$0].damage.names.contains(name) }
  }

  /// `true` iff `name` may be a function of text that the parser could not read, or of a file that was not found.
  func mayBeFunction(_ name: String) -> Bool { units[unit].hasLostUnit || mayBeDeclared(name) }

  private mutating func importName(_ n: Name, from imported: Int) {
    guard units[imported].functions[n.text] != nil else {
      if program.units[imported].damage.names.contains(n.text) {
        units[unit].lostNames.insert(n.text)
        return
      }
      let known = units[imported].functions.keys.sorted()
      diagnostics.report(.nothingToImport(n.text, from: units[imported].path, at: n.span, candidates: known))
      return
    }
    let own = units[unit].functions[n.text]?.syntax.name.span
    if let earlier = own ?? units[unit].importedNames[n.text].flatMap({ $0.unit == imported ? nil : $0.span }) {
      diagnostics.report(.redeclared(n.text, at: n.span, earlier: earlier))
      return
    }
    units[unit].importedNames[n.text] = (imported, n.span)
  }

  /// Returns the function that `name` stands for in the file being lowered, or `nil`: one of its own, else one that an
  /// import names, else one of a file imported as a whole.
  ///
  /// - Throws: after reporting that several such files have one.
  mutating func functionSymbol(_ name: String, at span: SourceSpan) throws(Reported) -> FunctionSymbol? {
    if let own = units[unit].functions[name] { return own }
    if let imported = units[unit].importedNames[name] { return units[imported.unit].functions[name] }
    let candidates = units[unit].importedUnits.filter { units[$0].functions[name] != nil }
    if candidates.count > 1 { throw fail(.ambiguous(name, in: candidates.map { units[$0].path }, at: span)) }
    return candidates.first.flatMap { units[$0].functions[name] }
  }

  /// The names of all functions that the file being lowered can call.
  var functionNames: [String] {
    let whole = units[unit].importedUnits.flatMap { units[$0].functions.keys }
    return (Array(units[unit].functions.keys) + Array(units[unit].importedNames.keys) + whole).sorted()
  }

  /// The modules of `std` that have a function of that name and that the file does not import.
  func modules(with name: String) -> [String] {
    units.indices.filter { $0 != unit && units[$0].functions[name] != nil }.map { units[$0].path }.filter {
      !$0.isEmpty
    }
  }

}
