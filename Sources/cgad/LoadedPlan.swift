import PlanFormat
import Runtime

/// A plan from a file, verified.
struct LoadedPlan {

  let path: String

  let verified: VerifiedPlan

  var plan: Plan { verified.plan }

  /// Reads and verifies the plan at `path`.
  init(_ path: String) throws(Failure) {
    let plan = try Self.read(path)
    self.path = path
    self.verified = try failing({ (e: PlanViolation) in
      .init(.refused, "\(path): the plan is not safe to run: \(e)\ncompile it again with cgadc compile")
    }) { () throws(PlanViolation) in try VerifiedPlan(plan) }
  }

  /// Reads the plan at `path`, without verifying it.
  static func read(_ path: String) throws(Failure) -> Plan {
    let bytes = try failing({ (e: FileError) in .init(.unusable, "\(e)") }) { () throws(FileError) in
      try FileContents.read(path, limit: PlanLimits().bytes)
    }
    return try failing({ (e: PlanError) in
      .init(.unusable, "\(path):\(e)\nplans are made by cgadc compile and are not edited by hand")
    }) { () throws(PlanError) in try PlanReader.read(bytes) }
  }

}
