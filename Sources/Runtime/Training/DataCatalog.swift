import Operations
package import PlanFormat

/// Opens the data sets that a plan declares.
package struct DataCatalog: Sendable {

  /// The batches that `synthetic()` holds where it is not told how many examples to make.
  private static let syntheticBatches = 16

  private let plan: Plan

  let path: SearchPath

  let overrides: [String: String]

  private let isSynthetic: Bool

  /// The token files that were read for this catalogue.
  let tokenFiles = TokenFiles()

  /// Creates a catalogue of the data sets of `plan`.
  ///
  /// - Parameters:
  ///   - path: where files are looked for.
  ///   - overrides: for names of data sets, the file or folder to take instead.
  ///   - isSynthetic: `true` iff all sources are replaced by seeded numbers.
  package init(_ plan: Plan, path: SearchPath, overrides: [String: String] = [:], isSynthetic: Bool = false) {
    self.plan = plan
    self.path = path
    self.overrides = overrides
    self.isSynthetic = isSynthetic
  }

  /// Opens the data set called `name` and checks that it fits the plan.
  ///
  /// - Requires: the plan declares it.
  func open(_ name: String, order: Batcher.Order, seed: UInt64) throws(DataFailure) -> Batcher {
    let declaration = plan.data.first { $0.name == name }!
    let bounds = declaration.types.indices.map { plan.indexBound(of: name, component: $0) }
    let dataset = try dataset(declaration, bounds, seed)
    do throws(DataError) {
      return try Batcher(dataset, types: declaration.types, order: order, bounds: bounds)
    } catch { throw .unusable(data: name, error) }
  }

  private func dataset(
    _ declaration: DataDeclaration, _ bounds: [Int?], _ seed: UInt64
  ) throws(DataFailure) -> Dataset {
    let source = isSynthetic ? .synthetic : declaration.source
    switch source {
    case .idx: return try separate(declaration, IDXReader.read)
    case .npy: return try separate(declaration, NPYReader.read)
    case .npz: return try archive(declaration)
    case .csv: return try table(declaration)
    case .tokens: return try tokens(declaration)
    case .synthetic: return try synthetic(declaration, bounds, seed)
    }
  }

  private func synthetic(
    _ declaration: DataDeclaration, _ bounds: [Int?], _ seed: UInt64
  ) throws(DataFailure) -> Dataset {
    var count = Self.syntheticBatches * (declaration.types.first?.extents.first ?? 0)
    for a in declaration.arguments where a.name == "count" && declaration.source == .synthetic {
      guard case .integer(let n) = a.value, n >= 0 else {
        throw .badDeclaration(data: declaration.name, reason: "synthetic takes a count of examples, not \(a)")
      }
      count = n
    }
    let components = zip(declaration.types, bounds).map { SyntheticData.Component(batchOf: $0, bound: $1 ?? 10) }
    do throws(DataError) {
      return try SyntheticData.dataset(components, count: count, seed: seed, name: declaration.name)
    } catch { throw .unusable(data: declaration.name, error) }
  }

}
