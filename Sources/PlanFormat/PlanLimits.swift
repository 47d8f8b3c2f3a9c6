/// The most that a plan's text may hold, so that reading a hostile one ends early and in bounded memory.
package struct PlanLimits: Hashable, Sendable {

  /// The most bytes of text.
  package var bytes = 1 << 30

  /// The most instructions of all programs together.
  package var instructions = 8 << 20

  /// The most values of one program.
  package var values = 16 << 20

  /// The most parameters, slots and inputs together.
  package var storage = 1 << 20

  /// The most dims, data declarations, bindings of one program, or results of one program.
  package var declarations = 1 << 16

  package init() {}

}
