import Operations
import Support

extension PlanTextReader {

  /// Consumes `{`, the lines of a program and `}`.
  mutating func programBody() throws(TextError) {
    try scanner.expect("{")
    try scanner.endLine()
    while !scanner.take("}") {
      if scanner.isAtEnd { throw scanner.error("the text ends within program '\(builder.program.name)': no '}'") }
      try programLine()
    }
    try scanner.endLine()
  }

  /// Consumes one line; its first word is a keyword unless `=` or `,` follows.
  private mutating func programLine() throws(TextError) {
    let first = try scanner.name()
    let next = scanner.peek()
    if next == UInt8(ascii: "=") || next == UInt8(ascii: ",") { return try definition(of: first) }
    switch first {
    case "bind": try binding()
    case "delete": try deletion()
    case "offload": try offload()
    case "update": try update()
    case "backward": try backward()
    case "apply": try apply()
    case "loss": try result(.loss)
    case "metric": try result(.metric)
    case _: throw scanner.error("expected '=' after '\(first)'")
    }
  }

  private mutating func binding() throws(TextError) {
    builder.append(try scanner.inputBinding())
    try require(builder.program.bindings.count, atMost: limits.declarations, "bindings")
  }

  private mutating func backward() throws(TextError) {
    guard builder.startBackward() else { throw scanner.error("'backward' comes twice") }
    try scanner.endLine()
  }

  private mutating func apply() throws(TextError) {
    guard builder.startApplying() else { throw scanner.error("'apply' comes twice") }
    try scanner.endLine()
  }

  private mutating func deletion() throws(TextError) {
    let operand = try use(try scanner.name())
    try append(.delete, [operand], [])
  }

  /// Consumes the rest of `offload x host @0`.
  private mutating func offload() throws(TextError) {
    let operand = try use(try scanner.name())
    try append(.offload(host: try hostOffset()), [operand], [])
  }

  /// Consumes the rest of `x'2 = fetch x : f32[2] @64 host @0` after `fetch`.
  private mutating func fetch(into name: String) throws(TextError) {
    let source = try use(try scanner.name())
    try scanner.expect(":")
    let type = try scanner.tensorType()
    try scanner.expect("@")
    let offset = try scanner.integer()
    let host = try hostOffset()
    try append(.fetch(source, host: host), [], [try define(name, type, offset)])
  }

  /// Consumes `host @0`.
  private mutating func hostOffset() throws(TextError) -> Int {
    try scanner.expect("host")
    try scanner.expect("@")
    return try scanner.integer()
  }

  private mutating func update() throws(TextError) {
    var operands = try uses(try scanner.names())
    try scanner.expect("=")
    let text = try scanner.operation()
    guard (1...2).contains(text.operands.count) else {
      throw scanner.error("an update has a gradient and at most a factor after '='")
    }
    operands += try uses(text.operands)
    try append(.update(text.operation), operands, [])
  }

  private mutating func result(_ role: ProgramResult.Role) throws(TextError) {
    let label = try scanner.word()
    try scanner.expect("=")
    let value = try use(try scanner.name())
    try scanner.endLine()
    builder.append(.init(.init(role: role, label: label), value: value))
    try require(builder.program.results.count, atMost: limits.declarations, "results")
  }

  /// Consumes the rest of `a, b = [recompute] op x {…} : f32[2], f32[3] @0, @64 [workspace 1024 @128]  // file:line  note`
  /// after `a`.
  private mutating func definition(of first: String) throws(TextError) {
    var names = [first]
    if scanner.take(",") { names += try scanner.names() }
    try scanner.expect("=")
    if names.count == 1, scanner.take("fetch ") { return try fetch(into: first) }
    let again = scanner.take("recompute ")
    let text = try scanner.operation()
    let operands = try uses(text.operands)
    try scanner.expect(":")
    let types = try scanner.tensorTypes()
    let offsets = try offsets()
    let workspace = try workspace()
    guard types.count == names.count, offsets.count == names.count else {
      throw scanner.error("\(names.count) names, \(types.count) types and \(offsets.count) offsets")
    }
    var results: [PlanValueIndex] = []
    for (i, name) in names.enumerated() { results.append(try define(name, self.types.shared(types[i]), offsets[i])) }
    try append(again ? .recompute(text.operation) : .compute(text.operation), operands, results, workspace)
  }

  /// Consumes `workspace 1024 @128` if it is there.
  private mutating func workspace() throws(TextError) -> PlanWorkspace? {
    guard scanner.take("workspace ") else { return nil }
    let byteCount = try scanner.integer()
    try scanner.expect("@")
    return .init(byteCount: byteCount, offset: try scanner.integer())
  }

  /// Consumes offsets separated by commas.
  private mutating func offsets() throws(TextError) -> [Int] {
    var all: [Int] = []
    repeat {
      try scanner.expect("@")
      all.append(try scanner.integer())
      try require(all.count, atMost: 64, "offsets")
    } while scanner.take(",")
    return all
  }

  private mutating func define(_ name: String, _ type: TensorType, _ offset: Int) throws(TextError) -> PlanValueIndex {
    guard let i = builder.define(name, type, offset: offset) else { throw scanner.error("'\(name)' is defined twice") }
    return i
  }

  private mutating func use(_ name: String) throws(TextError) -> PlanValueIndex {
    guard let i = builder.index(of: name) else { throw scanner.error("'\(name)' is used before it is defined") }
    return i
  }

  private mutating func uses(_ names: [String]) throws(TextError) -> [PlanValueIndex] {
    var all: [PlanValueIndex] = []
    for n in names { all.append(try use(n)) }
    return all
  }

  /// Consumes the site that ends the line and appends the instruction.
  private mutating func append(
    _ action: PlanInstruction.Action, _ operands: [PlanValueIndex], _ results: [PlanValueIndex],
    _ workspace: PlanWorkspace? = nil
  ) throws(TextError) {
    let (site, note) = try scanner.site()
    try scanner.endLine()
    instructionsLeft -= 1
    if instructionsLeft < 0 { throw scanner.error("more than \(limits.instructions) instructions") }
    try require(builder.program.values.count, atMost: limits.values, "values")
    builder.append(
      .init(
        shared(action), operands: operands, results: results, workspace: workspace,
        site: .init(file: shared(site.file), line: site.line), note: shared(note)))
  }

  /// Returns what stands for `text`: a copy of the same bytes, where equality of strings asks for less.
  private mutating func shared(_ text: String) -> String {
    let known = texts.shared(text)
    return known.utf8.elementsEqual(text.utf8) ? known : text
  }

  /// Returns what stands for `action`, itself if it has attributes: equal ones are not always written alike, as 0.0 and -0.0.
  private mutating func shared(_ action: PlanInstruction.Action) -> PlanInstruction.Action {
    switch action {
    case .compute(let o), .recompute(let o), .update(let o): o.attributes.isEmpty ? actions.shared(action) : action
    case .delete, .offload, .fetch: action
    }
  }

}
