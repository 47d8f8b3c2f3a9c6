import Operations
import PlanFormat

/// The sources that read files.
extension DataCatalog {

  /// Opens data with a file for each component, which `read` reads.
  func separate(
    _ declaration: DataDeclaration, _ read: (String) throws(DataError) -> DataArray
  ) throws(DataFailure) -> Dataset {
    let files = try strings(declaration.arguments[...], of: declaration)
    var arrays: [DataArray] = []
    for file in files {
      let found = try locate(file, declaration)
      do throws(DataError) { arrays.append(try read(found)) } catch {
        throw .unusable(data: declaration.name, error)
      }
    }
    return try assemble(arrays, declaration)
  }

  /// Opens data whose components are arrays of one archive.
  func archive(_ declaration: DataDeclaration) throws(DataFailure) -> Dataset {
    let (file, fields) = try firstFile(declaration)
    let found = try locate(file, declaration)
    var arrays: [DataArray] = []
    for field in try strings(fields, of: declaration) {
      do throws(DataError) { arrays.append(try NPZReader.read(found, field: field)) } catch {
        throw .unusable(data: declaration.name, error)
      }
    }
    return try assemble(arrays, declaration)
  }

  /// Opens data whose components are columns of one table.
  func table(_ declaration: DataDeclaration) throws(DataFailure) -> Dataset {
    let (file, rest) = try firstFile(declaration)
    var (selections, hasHeader) = (rest, true)
    if let first = rest.first, first.name == "header" {
      guard case .boolean(let value) = first.value else {
        throw .badDeclaration(data: declaration.name, reason: "csv takes header: true or false, not \(first)")
      }
      (selections, hasHeader) = (rest.dropFirst(), value)
    }
    let components = try components(selections, of: declaration)
    let found = try locate(file, declaration)
    do throws(DataError) {
      return try Dataset(CSVReader.read(found, hasHeader: hasHeader, components: components))
    } catch { throw .unusable(data: declaration.name, error) }
  }

  private func components(
    _ selections: ArraySlice<Attribute>, of declaration: DataDeclaration
  ) throws(DataFailure) -> [CSVReader.Component] {
    let texts = try strings(selections, of: declaration)
    guard texts.count == declaration.types.count, declaration.types.allSatisfy({ !$0.extents.isEmpty }) else {
      throw .badDeclaration(data: declaration.name, reason: "csv takes columns for each component")
    }
    var result: [CSVReader.Component] = []
    for (attribute, (text, type)) in zip(selections, zip(texts, declaration.types)) {
      guard let columns = ColumnSelection(text) else {
        throw .badDeclaration(data: declaration.name, reason: "csv takes names of columns, not \(attribute)")
      }
      result.append(.init(label: attribute.name, columns: columns, type: type))
    }
    return result
  }

  /// Opens windows of a file of tokens.
  func tokens(_ declaration: DataDeclaration) throws(DataFailure) -> Dataset {
    var arguments = AttributeReader(declaration.arguments)
    let (file, element) = (arguments.string("path"), ElementType(rawValue: arguments.string("dtype")))
    let (window, stride) = (arguments.integer("window"), arguments.integer("stride"))
    guard !arguments.failed, arguments.leftOver == nil, let element, DataDeclaration.tokenTypes.contains(element),
      window >= 1, stride >= 1, declaration.types.count <= 2
    else {
      let reason = "tokens takes path:, dtype:, window: and stride:, for one or two components"
      throw .badDeclaration(data: declaration.name, reason: reason)
    }
    let found = try locate(file, declaration)
    do throws(DataError) {
      let bytes = try tokenFiles.read(found, element)
      let arrays = try TokenReader.windows(
        of: bytes, element: element, window: window, stride: stride, hasTargets: declaration.types.count == 2,
        origin: found)
      return try Dataset(arrays)
    } catch { throw .unusable(data: declaration.name, error) }
  }

  private func assemble(_ arrays: [DataArray], _ declaration: DataDeclaration) throws(DataFailure) -> Dataset {
    do throws(DataError) { return try Dataset(arrays) } catch { throw .unusable(data: declaration.name, error) }
  }

  /// Returns the path that comes first among the arguments, and the other arguments.
  private func firstFile(
    _ declaration: DataDeclaration
  ) throws(DataFailure) -> (file: String, rest: ArraySlice<Attribute>) {
    guard declaration.arguments.first?.name == "path" else {
      let reason = "\(declaration.source.rawValue) takes a path first"
      throw .badDeclaration(data: declaration.name, reason: reason)
    }
    let file = try strings(declaration.arguments.prefix(1), of: declaration)[0]
    return (file, declaration.arguments.dropFirst())
  }

  private func strings(
    _ arguments: ArraySlice<Attribute>, of declaration: DataDeclaration
  ) throws(DataFailure) -> [String] {
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

}

/// Where files are.
extension DataCatalog {

  /// Returns the path of `file`, which `declaration` names, or of what the user gave instead.
  fileprivate func locate(_ file: String, _ declaration: DataDeclaration) throws(DataFailure) -> String {
    let takesFolder = Self.takesFolder(declaration)
    let candidates = overrides[declaration.name].map { (given) in
      takesFolder || SearchPath.isFolder(given) ? [SearchPath.join(given, SearchPath.base(of: file))] : [given]
    }
    let all = candidates ?? path.candidates(for: file)
    if let found = all.first(where: SearchPath.exists) { return found }
    let advice = takesFolder ? "a folder that holds it" : "the file"
    let help = "get it with scripts/fetch-data, or give \(advice) with --data \(declaration.name)=PATH"
    throw .notFound(data: declaration.name, file: file, searched: all, advice: help)
  }

  /// `true` iff one path cannot name all files of `declaration`, so that a folder is given instead.
  private static func takesFolder(_ declaration: DataDeclaration) -> Bool {
    switch declaration.source {
    case .idx: true
    case .npy: declaration.arguments.count > 1
    case .npz, .csv, .tokens, .synthetic: false
    }
  }

}
