package import CostProfiles
package import IR
import Operations
import PlanFormat
import Support

extension CostModel {

  /// The nanoseconds in which a byte is copied between the device and the host where a profile does not tell: an estimate, of
  /// 10 GB a second.
  private static let copyNanosecondsPerByte = 0.1

  /// Returns the time that `profile` estimates, in nanoseconds.
  package static func time(_ profile: CostProfile) -> CostModel {
    CostModel(
      unit: "ns", costPerByte: profile.nanosecondsPerCopiedByte ?? copyNanosecondsPerByte,
      functionCost: { profile.nanosecondsOfDearestFunction(resultBytes: $0) },
      { profile.nanoseconds(of: $0, $1, $2) })
  }

}

extension CompileOptions {

  /// Makes the profile at `path` what schedules are compared by.
  ///
  /// - Throws: `unreadable` if there is none, or it is of another device or number of threads than the plan is for.
  package mutating func setCosts(readingFrom path: String) throws(CompileFailure) {
    let bytes = try Files.bytes(path, limit: CostProfile.greatestText)
    let profile: CostProfile
    do throws(TextError) {
      profile = try CostProfile(reading: bytes)
    } catch {
      throw .unreadable("\(path):\(error)")
    }
    if profile.target != target.rawValue {
      throw .unreadable("\(path): has the times of \(profile.target), and the plan is for \(target.rawValue)")
    }
    if profile.threads != threads {
      throw .unreadable(
        "\(path): has the times of \(profile.threads) threads, and the plan uses \(threads);"
          + " 'cgad calibrate --threads \(threads)' measures those")
    }
    costs = profile
  }

}

extension CostProfile {

  /// What plans say of the profile.
  var source: CostSource { .init(name: name, digest: digest) }

}
