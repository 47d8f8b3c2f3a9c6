import Support
import Syntax

extension Lowering {

  /// Reports the names that nothing declares in the bodies which no program expanded.
  mutating func checkNames() {}

}
