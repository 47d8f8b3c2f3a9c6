package import Support
package import Syntax

/// A file of a model with its tree and what its imports found.
package struct SourceUnit: Sendable {

  package let file: SourceFile

  package let tree: Tree

  /// What other files call it, as `blocks.attention` or `std.nn`; empty for the model itself.
  package let path: String

  /// What errors of syntax took from `tree`.
  package let damage: SyntaxDamage

  /// For each `import` of `tree`, in order, the position of the unit it names; `nil` where that was reported.
  package var imports: [Int?]

  package init(
    file: SourceFile, tree: Tree, path: String, damage: SyntaxDamage = .init(), imports: [Int?] = []
  ) {
    self.file = file
    self.tree = tree
    self.path = path
    self.damage = damage
    self.imports = imports
  }

}

/// A model and all that it imports, directly or not.
package struct SourceProgram: Sendable {

  package var map: SourceMap

  /// The units, the model first.
  package var units: [SourceUnit]

  /// The module of the standard library that has a function, by its name: what an unknown name may be.
  package var standardFunctions: [String: String] = [:]

  /// Creates the program of `file`, which imports nothing.
  package init(_ file: SourceFile, _ tree: Tree, damage: SyntaxDamage = .init()) {
    map = .init(file)
    units = [.init(file: file, tree: tree, path: "", damage: damage)]
  }

  /// `true` iff every file was read and every import found.
  package var isWhole: Bool { units.allSatisfy { $0.damage.isNone && !$0.imports.contains(nil) } }

}
