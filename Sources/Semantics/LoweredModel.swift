package import IR
package import Support

/// What the command line says about a model.
package struct LoweringOptions: Hashable, Sendable {

  /// A dim's size from `--dim`.
  package struct DimOverride: Hashable, Sendable {

    package let name: String

    package let size: Int

    package init(name: String, size: Int) {
      self.name = name
      self.size = size
    }

  }

  package var dims: [DimOverride]

  /// The name of the `train` block to compile; where `nil`, the one without a name, or else the first.
  package var train: String?

  package init(dims: [DimOverride] = [], train: String? = nil) {
    self.dims = dims
    self.train = train
  }

}

/// A model as IR, before differentiation.
package struct LoweredModel: Sendable {

  package let module: Module

  /// The `schedule` blocks, in order.
  package let schedules: [ScheduleRequest]

  /// Where each storage of the module is declared, in order.
  package let storageSpans: [SourceSpan]

  /// Where the loss is set.
  package let lossSpan: SourceSpan

  /// What is remarkable without being wrong.
  package var warnings = DiagnosticSet()

}
