import ArgumentParser
import Operations
import PlanFormat
import Runtime
import Support

/// Where the data of a plan is.
struct DataOptions: ParsableArguments {

  @Option(
    name: .customLong("data"),
    help: ArgumentHelp(
      "Take the data set NAME from PATH: a folder with its files for idx and npy, the file for others. May be repeated.",
      valueName: "name=path"),
    transform: { (text) in try DataOptions.override(text) })
  var overrides: [DataOverride] = []

  private static func override(_ text: String) throws -> DataOverride {
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex,
      text.index(after: equals) != text.endIndex
    else { throw ValidationError("expected NAME=PATH, not '\(text)'") }
    return .init(name: String(text[..<equals]), path: String(text[text.index(after: equals)...]))
  }

  /// Returns the data sets of `plan`.
  ///
  /// - Throws: if an override names a data set that it lacks.
  func catalog(of plan: LoadedPlan, isSynthetic: Bool = false) throws(Failure) -> DataCatalog {
    try catalogs(of: [plan], origins: [plan], isSynthetic: isSynthetic)[0]
  }

  /// Returns the data sets of `plans`, whose files are looked for where those of `origins` are.
  ///
  /// - Throws: if an override names a data set that none of them has.
  func catalogs(
    of plans: [LoadedPlan], origins: [LoadedPlan], isSynthetic: Bool
  ) throws(Failure) -> [DataCatalog] {
    let known = plans.flatMap { $0.plan.data.map(\.name) }
    for o in overrides where !known.contains(o.name) {
      let hint = Suggestion.nearest(to: o.name, in: known).map { "; did you mean '\($0)'?" } ?? ""
      throw .init(.usage, "--data \(o.name)=…: the plan declares no data set '\(o.name)'\(hint)")
    }
    let paths = Dictionary(overrides.map { ($0.name, $0.path) }, uniquingKeysWith: { $1 })
    return zip(plans, origins).map { (plan, origin) in
      .init(plan.plan, path: .init(planPath: origin.path), overrides: paths, isSynthetic: isSynthetic)
    }
  }

}

/// A data set and where to take it from.
struct DataOverride: Sendable {

  let name: String

  let path: String

}
