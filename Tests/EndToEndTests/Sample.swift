import Foundation

/// The models that are shipped with the project.
enum Sample: String, CaseIterable, Sendable {

  case digits, mlp, deep

  /// The package's folder.
  static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }

  /// The folder of the samples.
  static let folder = root + "/samples"

  /// The model.
  var path: String { "\(Self.folder)/\(rawValue).cgm" }

}
