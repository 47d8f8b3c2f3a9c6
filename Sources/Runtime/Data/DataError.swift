/// Why a data file cannot be read, or does not fit what the plan wants of it.
package struct DataError: Error, Hashable, Sendable {

  /// Whose mistake it is, which decides the exit code.
  package enum Category: Hashable, Sendable {

    /// The file is missing, unparsable or truncated.
    case file

    /// The file is sound, but of the wrong type or shape for the plan.
    case content

  }

  /// What is wrong; each case prints as one sentence and what to do about it.
  package enum Problem: Hashable, Sendable {

    /// There is no such file.
    case missing

    /// The operating system gives no bytes.
    case unreadable(reason: String)

    /// The bytes break the file's own format.
    case malformed(part: String, expected: String, found: String)

    /// The bytes end before `part` does; `found` are there, at most.
    case truncated(part: String, expected: Int, found: Int)

    /// The file is sound, but of a kind that is not read.
    case unsupported(feature: String, advice: String)

    /// An archive has no array of that name.
    case missingField(name: String, available: [String])

    /// A table has no column of that name.
    case missingColumn(name: String, available: [String])

    /// A cell of a table is not what the plan needs; line and column are counted from 1.
    case badCell(line: Int, column: Int, name: String, expected: String, found: String)

    /// The element type cannot become the one that the plan declares.
    case wrongType(expected: String, found: String, advice: String)

    /// The extents cannot become those that the plan declares.
    case wrongShape(expected: String, found: String, advice: String)

    /// An element is not in the range that the plan needs.
    case valueOutOfRange(value: Int, index: Int, low: Int, high: Int, reason: String)

    /// There are not enough examples for one batch.
    case tooFewExamples(batch: Int, found: Int)

    /// Two components of one data set have different numbers of examples.
    case differentCounts(other: String, expected: Int, found: Int)

    /// The data set does not have as many components as the plan declares.
    case wrongComponentCount(expected: Int, found: Int)

  }

  /// The file, with the array's name in brackets where it holds several: `digits.npz[train_images]`.
  package let origin: String

  package let problem: Problem

  package init(_ origin: String, _ problem: Problem) {
    self.origin = origin
    self.problem = problem
  }

  package var category: Category {
    switch problem {
    case .missing, .unreadable, .malformed, .truncated: .file
    case .unsupported, .missingField, .missingColumn, .badCell, .wrongType, .wrongShape, .valueOutOfRange,
      .tooFewExamples, .differentCounts,
      .wrongComponentCount:
      .content
    }
  }

  /// The exit code of a program that gives up because of `self`: 2 for `.file`, 1 for `.content`.
  package var exitCode: Int32 {
    switch category {
    case .file: 2
    case .content: 1
    }
  }

}

extension DataError: CustomStringConvertible {

  /// What is wrong and what to do, behind the file's name, in one line.
  package var description: String { "\(origin): \(problem.description)" }

}

extension DataError.Problem: CustomStringConvertible {

  /// The most names of an archive's arrays that a message lists.
  private static let nameLimit = 12

  package var description: String {
    switch self {
    case .missing: "cannot be read: No such file or directory"
    case .unreadable(let reason):
      "cannot be read: \(reason)"
    case .malformed(let part, let expected, let found):
      "damaged or not of this format: \(part): expected \(expected), found \(found); get or write the file anew"
    case .truncated(let part, let expected, let found):
      "truncated: \(part) takes \(expected) bytes, at most \(found) are there; get or write the file anew"
    case .unsupported(let feature, let advice):
      "\(feature) is not supported; \(advice)"
    case .missingField(let name, let available):
      "has no array '\(name)'; it has \(Self.list(available))"
    case .missingColumn(let name, let available):
      "has no column '\(name)'; it has \(Self.list(available))"
    case .badCell(let line, let column, let name, let expected, let found):
      "line \(line), column \(column) (\(name)): expected \(expected), found \(found)"
    case .wrongType(let expected, let found, let advice):
      "wrong element type: expected \(expected), found \(found); \(advice)"
    case .wrongShape(let expected, let found, let advice):
      "wrong shape: expected \(expected), found \(found); \(advice)"
    case .valueOutOfRange(let value, let index, let low, let high, let reason):
      "value \(value) at element \(index) is not in \(low)...\(high), \(reason)"
    case .tooFewExamples(let batch, let found):
      "too few examples: a batch takes \(batch), found \(found); compile with a smaller batch"
    case .differentCounts(let other, let expected, let found):
      "wrong number of examples: \(other) has \(expected), found \(found); the two must come from one data set"
    case .wrongComponentCount(let expected, let found):
      "wrong number of arrays: the plan declares \(expected), found \(found); name one source for each"
    }
  }

  /// Returns the first of `names` in quotes and the number of the others.
  private static func list(_ names: [String]) -> String {
    if names.isEmpty { return "none" }
    let shown = names.prefix(nameLimit).map { "'\($0)'" }.joined(separator: ", ")
    return names.count > nameLimit ? "\(shown) and \(names.count - nameLimit) more" : shown
  }

}
