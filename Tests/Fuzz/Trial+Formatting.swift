import Support
import Syntax

extension Trial {

  /// Demands that a model file that is formatted stays the same when it is formatted again.
  ///
  /// There is no formatter yet.
  func checkFormatting(isModel: Bool) throws(Violation) {}

}
