import Operations
package import Support

extension Module {

  /// The most instructions of one program that are read.
  private static let instructionLimit = 8_000_000

  /// Reads the textual form that `text` writes.
  ///
  /// - Throws: the first place where the text is not of the form, or an instruction does not fit its operands.
  /// - Complexity: O(*n*) in the length of the text.
  package init(parsing text: String) throws(TextError) {
    var s = TextScanner(Array(text.utf8))
    try s.expect("cgir 1")
    try s.endLine()
    try s.expect("source")
    let source = try s.string()
    try s.endLine()
    try s.expect("model")
    let model = try s.word()
    try s.endLine()
    let dims = s.take("dims") ? try Self.dims(&s) : []
    try s.expect("training")
    let training = try s.trainingSettings()
    let optimizer = try Self.optimizer(&s)
    self.init(source: source, model: model, training: training, optimizer: optimizer, train: .init(name: "train"))
    self.dims = dims
    clip = try Self.clip(&s)
    while s.take("data ") { data.append(try s.dataDeclaration()) }
    try readStorage(&s)
    try readPrograms(&s)
  }

  private static func dims(_ s: inout TextScanner) throws(TextError) -> [Dim] {
    var all: [Dim] = []
    while !s.isAtLineEnd {
      let name = try s.name()
      try s.expect("=")
      all.append(.init(name: name, size: try s.integer()))
      s.skipBlanks()
    }
    try s.endLine()
    return all
  }

  private static func optimizer(_ s: inout TextScanner) throws(TextError) -> Optimizer {
    try s.expect("optimizer")
    let text = try s.operation()
    guard case .update(let optimizer) = text.operation else {
      throw s.error("'\(text.operation.mnemonic)' is no optimizer")
    }
    try s.endLine()
    return optimizer
  }

  private static func clip(_ s: inout TextScanner) throws(TextError) -> Clip? {
    guard s.take("clip ") else { return nil }
    guard let norm = Double(try s.numberText()), norm.isFinite, norm > 0 else {
      throw s.error("expected a number above 0")
    }
    let site = try s.site().site
    try s.endLine()
    return .init(norm: norm, site: site)
  }

  private mutating func readStorage(_ s: inout TextScanner) throws(TextError) {
    var names: Set<String> = []
    while let kind = s.storageKind() {
      let start = s
      let new = try s.storage(kind, hasOffset: false).0
      guard names.insert(new.name).inserted else { throw start.error("two storages are called '\(new.name)'") }
      _ = add(new)
    }
  }

  private mutating func readPrograms(_ s: inout TextScanner) throws(TextError) {
    s.skipEmptyLines()
    try s.expect("program train {")
    train = try program("train", &s)
    s.skipEmptyLines()
    if s.take("program eval {") { eval = try program("eval", &s) }
    s.skipEmptyLines()
    if !s.isAtEnd { throw s.error("expected the end of the text") }
  }

  private func program(_ name: String, _ s: inout TextScanner) throws(TextError) -> Function {
    try s.endLine()
    var reader = ProgramReader(module: self, name: name)
    while !s.take("}") {
      try reader.readLine(&s)
      if reader.function.instructions.count > Self.instructionLimit { throw s.error("too many instructions") }
    }
    return reader.function
  }

}

/// Reads the lines of one program.
private struct ProgramReader {

  var function: Function

  private var ids: [String: ValueID] = [:]

  init(module: Module, name: String) {
    function = .init(name: name)
    for (i, s) in module.storage.enumerated() {
      ids[s.name] = function.value(of: .init(i), named: s.name, type: s.type)
    }
  }

  mutating func readLine(_ s: inout TextScanner) throws(TextError) {
    if s.take("bind ") {
      function.bindings.append(try s.inputBinding())
    } else if s.takeLine("backward") {
      function.backwardStart = .init(function.instructions.count)
    } else if s.takeLine("apply") {
      function.applyStart = .init(function.instructions.count)
    } else if s.take("checkpoint ") {
      function.checkpoints.append(try resolve(try s.name(), &s))
      try s.endLine()
    } else if let role = role(&s) {
      let label = try s.word()
      try s.expect("=")
      function.results.append(.init(.init(role: role, label: label), try resolve(try s.name(), &s)))
      try s.endLine()
    } else if s.take("update ") {
      try readUpdate(&s)
    } else {
      try readInstruction(&s)
    }
  }

  private func role(_ s: inout TextScanner) -> ProgramResult.Role? {
    if s.take("loss ") { return .loss }
    return s.take("metric ") ? .metric : nil
  }

  private func resolve(_ name: String, _ s: inout TextScanner) throws(TextError) -> ValueID {
    guard let v = ids[name] else { throw s.error("unknown value '\(name)'") }
    return v
  }

  private func resolve(_ names: [String], _ s: inout TextScanner) throws(TextError) -> [ValueID] {
    var all: [ValueID] = []
    for n in names { all.append(try resolve(n, &s)) }
    return all
  }

  private mutating func readUpdate(_ s: inout TextScanner) throws(TextError) {
    let written = try resolve(try s.names(), &s)
    try s.expect("=")
    let text = try s.operation()
    let operands = written + (try resolve(text.operands, &s))
    let site = try s.site().site
    try append(text.operation, operands, results: [], types: [], site, &s)
  }

  private mutating func readInstruction(_ s: inout TextScanner) throws(TextError) {
    let results = try s.names()
    try s.expect("=")
    let text = try s.operation()
    try s.expect(":")
    let types = try s.tensorTypes()
    let operands = try resolve(text.operands, &s)
    let site = try s.site().site
    try append(text.operation, operands, results: results, types: types, site, &s)
  }

  private mutating func append(
    _ operation: Operation, _ operands: [ValueID], results: [String], types: [TensorType], _ site: SourceSite,
    _ s: inout TextScanner
  ) throws(TextError) {
    do throws(ShapeError) {
      let defined = try function.append(operation, operands, named: results.first ?? "", at: site)
      guard defined.map({ function[$0].type }) == types else { throw ShapeError("the types of the results are others") }
      guard defined.map({ function[$0].name }) == results else { throw ShapeError("a name is taken or out of order") }
      for v in defined { ids[function[v].name] = v }
    } catch {
      throw s.error(error.description)
    }
    try s.endLine()
  }

}
