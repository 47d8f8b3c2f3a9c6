package import Support

extension Storage {

  /// The declaration as texts print it, with its offset in plans: `param w : f32[2,3] @0 ~ zeros()  // a.cgm:3`.
  package func text(offset: Int?) -> String {
    var s = "\(kind.rawValue) \(name) : \(type)"
    if let offset { s += " @\(offset)" }
    if let initializer { s += " ~ \(initializer)" }
    return s + "  // \(site)"
  }

}

extension DataDeclaration {

  /// The declaration as texts print it: `data d : f32[2,3], i32[2] = idx(images: "a", labels: "b")  // a.cgm:3`.
  package var text: String {
    let types = types.map(\.description).joined(separator: ", ")
    let arguments = arguments.map(\.description).joined(separator: ", ")
    return "data \(name) : \(types) = \(source.rawValue)(\(arguments))  // \(site)"
  }

}

extension InputBinding {

  /// The binding as texts print it: `bind train.image = train_set.0`.
  package var text: String { "bind \(input) = \(data).\(component)" }

}

extension TrainingSettings {

  /// The settings as texts print them: `training 5 epochs seed 1 micro_batches 4 evaluation 1 epochs batches 20 save
  /// 500 steps keep 3`.
  package var text: String {
    var s = "training \(length) seed \(seed)"
    if microBatches != 1 { s += " micro_batches \(microBatches)" }
    if let evaluation { s += " evaluation \(evaluation)" }
    if let evaluationBatches { s += " batches \(evaluationBatches)" }
    if let saving { s += " save \(saving.period)" + (saving.keep.map { " keep \($0)" } ?? "") }
    return s
  }

}

extension TextScanner {

  /// Consumes the word that begins a line of storage, if one comes next.
  package mutating func storageKind() -> Storage.Kind? {
    if take("param ") { return .parameter }
    if take("frozen ") { return .frozen }
    if take("state ") { return .state }
    if take("slot ") { return .slot }
    if take("gradient ") { return .gradient }
    if take("input ") { return .input }
    return nil
  }

  /// Consumes the rest of a storage line after its kind; the offset is read iff `hasOffset`.
  package mutating func storage(_ kind: Storage.Kind, hasOffset: Bool) throws(TextError) -> (Storage, offset: Int) {
    let name = try name()
    try expect(":")
    let type = try tensorType()
    var offset = 0
    if hasOffset {
      try expect("@")
      offset = try integer()
    }
    let initializer = take("~") ? try initializer() : nil
    guard (initializer == nil) == (kind == .input) else { throw error("an initializer belongs to all but inputs") }
    let site = try site().site
    try endLine()
    return (.init(kind, name, type, initializer, site: site), offset)
  }

  /// Consumes the rest of a data line after `data`.
  package mutating func dataDeclaration() throws(TextError) -> DataDeclaration {
    let name = try word()
    try expect(":")
    let types = try tensorTypes()
    try expect("=")
    let call = try call()
    guard let source = DataDeclaration.Source(rawValue: call.name) else { throw error("unknown source '\(call.name)'") }
    let site = try site().site
    try endLine()
    return .init(name: name, types: types, source: source, arguments: call.arguments, site: site)
  }

  /// Consumes the rest of a binding line after `bind`.
  package mutating func inputBinding() throws(TextError) -> InputBinding {
    let input = try name()
    try expect("=")
    let path = try name()
    guard let dot = path.lastIndex(of: "."), let component = Int(path[path.index(after: dot)...]), component >= 0 else {
      throw error("expected DATA.COMPONENT")
    }
    try endLine()
    return .init(input: input, data: String(path[..<dot]), component: component)
  }

  /// Consumes the rest of a training line after `training`.
  package mutating func trainingSettings() throws(TextError) -> TrainingSettings {
    let length = try period()
    try expect("seed")
    var settings = TrainingSettings(length: length, seed: try integer())
    if take("micro_batches") {
      settings.microBatches = try integer()
      if settings.microBatches == 1 { throw error("one micro-batch a step is not written") }
    }
    if take("evaluation") { settings.evaluation = try period() }
    if take("batches") { settings.evaluationBatches = try integer() }
    if take("save") {
      let period = try period()
      settings.saving = .init(period, keep: take("keep") ? try integer() : nil)
    }
    try endLine()
    return settings
  }

  private mutating func period() throws(TextError) -> TrainingSettings.Period {
    let count = try integer()
    let name = try word()
    guard let unit = TrainingSettings.Period.Unit(rawValue: name) else { throw error("expected steps or epochs") }
    return .init(count, unit)
  }

}
