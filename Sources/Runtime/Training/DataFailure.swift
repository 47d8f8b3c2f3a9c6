/// Why a plan's data cannot be opened.
package enum DataFailure: Error, Hashable, Sendable {

  /// No file is at any of the places where it may be.
  case notFound(data: String, file: String, searched: [String], advice: String)

  /// The declaration's arguments are not those of its source.
  case badDeclaration(data: String, reason: String)

  /// The file cannot be read or does not fit the plan.
  case unusable(data: String, DataError)

  /// The exit code of a program that gives up because of `self`: 2 for a missing or broken file, 1 for a wrong one.
  package var exitCode: Int32 {
    switch self {
    case .notFound: 2
    case .badDeclaration: 1
    case .unusable(_, let error): error.exitCode
    }
  }

}

extension DataFailure: CustomStringConvertible {

  package var description: String {
    switch self {
    case .notFound(let data, let file, let searched, let advice):
      "data '\(data)': no file '\(file)'; looked for \(searched.joined(separator: ", ")); \(advice)"
    case .badDeclaration(let data, let reason): "data '\(data)': \(reason)"
    case .unusable(let data, let error):
      "data '\(data)': \(error)"
        + (error.problem == .missing ? "; check the path, or give another with --data \(data)=PATH" : "")
    }
  }

}
