import Operations
package import PlanFormat

/// Opens the data sets that a plan declares.
package struct DataCatalog: Sendable {

  /// The batches that `synthetic()` holds where it is not told how many examples to make.
  private static let syntheticBatches = 16

  private let plan: Plan

  private let path: SearchPath

  private let overrides: [String: String]

  private let isSynthetic: Bool

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
    case .idx: return try idx(declaration)
    case .npz: return try npz(declaration)
    case .synthetic: return try synthetic(declaration, bounds, seed)
    }
  }

  private func idx(_ declaration: DataDeclaration) throws(DataFailure) -> Dataset {
    let files = try strings(declaration.arguments, of: declaration)
    var arrays: [DataArray] = []
    for file in files {
      let found = try locate(file, declaration, advice: "a folder that holds it")
      do throws(DataError) { arrays.append(try IDXReader.read(found)) } catch {
        throw .unusable(data: declaration.name, error)
      }
    }
    return try assemble(arrays, declaration)
  }

  private func npz(_ declaration: DataDeclaration) throws(DataFailure) -> Dataset {
    guard declaration.arguments.first?.name == "path" else {
      throw .badDeclaration(data: declaration.name, reason: "npz takes a path first")
    }
    let arguments = try strings(declaration.arguments, of: declaration)
    let found = try locate(arguments[0], declaration, advice: "the file")
    var arrays: [DataArray] = []
    for field in arguments.dropFirst() {
      do throws(DataError) { arrays.append(try NPZReader.read(found, field: field)) } catch {
        throw .unusable(data: declaration.name, error)
      }
    }
    return try assemble(arrays, declaration)
  }

  private func assemble(_ arrays: [DataArray], _ declaration: DataDeclaration) throws(DataFailure) -> Dataset {
    do throws(DataError) { return try Dataset(arrays) } catch { throw .unusable(data: declaration.name, error) }
  }

  private func strings(_ arguments: [Attribute], of declaration: DataDeclaration) throws(DataFailure) -> [String] {
    var result: [String] = []
    for a in arguments {
      guard case .string(let s) = a.value else {
        let reason = "\(declaration.source.rawValue) takes texts, not \(a)"
        throw .badDeclaration(data: declaration.name, reason: reason)
      }
      result.append(s)
    }
    return result
  }

  /// Returns the path of `file`, which `declaration` names, or of what the user gave instead.
  private func locate(_ file: String, _ declaration: DataDeclaration, advice: String) throws(DataFailure) -> String {
    let candidates = overrides[declaration.name].map { Self.overridden(file, by: $0, declaration.source) }
    let all = candidates ?? path.candidates(for: file)
    if let found = all.first(where: SearchPath.exists) { return found }
    let help = "get it with scripts/fetch-data, or give \(advice) with --data \(declaration.name)=PATH"
    throw .notFound(data: declaration.name, file: file, searched: all, advice: help)
  }

  private static func overridden(
    _ file: String, by given: String, _ source: DataDeclaration.Source
  ) -> [String] {
    source == .idx || SearchPath.isFolder(given) ? [SearchPath.join(given, SearchPath.base(of: file))] : [given]
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
