import Operations
import Support

/// One reading of one text, from its first byte to its last.
struct PlanTextReader {

  var scanner: TextScanner

  let limits: PlanLimits

  private var storage: [PlacedStorage] = []

  /// The position of each storage by name.
  private var storageIndices: [String: Int] = [:]

  /// The instructions that may still come.
  var instructionsLeft: Int

  /// The program being read.
  var builder = ProgramBuilder(name: "", storage: [], storageIndices: [:], lineCount: 0)

  /// What lines have in common, which is kept once.
  var types = SharedCopies<TensorType>()

  var texts = SharedCopies<String>()

  var actions = SharedCopies<PlanInstruction.Action>()

  init(_ bytes: [UInt8], _ limits: PlanLimits) {
    self.scanner = .init(bytes)
    self.limits = limits
    self.instructionsLeft = limits.instructions
  }

  /// Consumes the whole text.
  mutating func plan() throws(TextError) -> Plan {
    try version()
    let header = try header()
    let totals = try totals()
    let certificate = try certificate()
    let operandCertificate = try certificate == nil ? nil : operandCertificate()
    try scanner.expect("training")
    let training = try scanner.trainingSettings()
    let data = try data()
    try readStorage()
    let programs = try programs()
    if training.evaluation != nil, programs.count < 2 {
      throw scanner.error("the text ends before the program 'eval' that its training line asks for")
    }
    return .init(
      header: header, totals: totals, certificate: certificate, operandCertificate: operandCertificate,
      training: training, data: data, storage: storage, programs: programs)
  }

  private mutating func version() throws(TextError) {
    guard scanner.take("cgplan") else { throw scanner.error("not a plan: it does not start with 'cgplan'") }
    let number = try scanner.integer()
    guard number == Plan.version else {
      throw scanner.error("foreign version: a plan of version \(number), but this program reads \(Plan.version)")
    }
    try scanner.endLine()
  }

  private mutating func header() throws(TextError) -> PlanHeader {
    try scanner.expect("source")
    let source = try scanner.string()
    try scanner.endLine()
    let model = try line("model") { (s) throws(TextError) in try s.word() }
    let policy = try line("policy") { (s) throws(TextError) in try s.restOfLine() }
    var header = PlanHeader(source: source, model: model, policy: policy)
    if scanner.take("budget") {
      header.budget = try scanner.integer()
      try scanner.endLine()
    }
    if scanner.take("costs") { header.costs = try costSource() }
    header.target = try line("target") { (s) throws(TextError) in try s.word() }
    header.threads = try line("threads") { (s) throws(TextError) in try s.integer() }
    if scanner.take("matmul_precision ") { header.precision = try precision() }
    if scanner.take("matmul_library ") { header.library = try library() }
    if scanner.take("dims") { header.dims = try dims() }
    if scanner.take("computes ") { header.computes = try digest() }
    return header
  }

  /// Consumes the rest of a line of the precision of products; f32 has no line.
  private mutating func precision() throws(TextError) -> MatrixPrecision {
    let start = scanner
    let name = try scanner.word()
    guard let precision = MatrixPrecision(rawValue: name), precision != .f32 else {
      throw start.error("unknown precision '\(name.clipped)'; there are tf32 and bf16, without this line f32")
    }
    try scanner.endLine()
    return precision
  }

  /// Consumes the rest of a line of who computes products; cgad has no line.
  private mutating func library() throws(TextError) -> MatrixLibrary {
    let start = scanner
    let name = try scanner.word()
    guard let library = MatrixLibrary(rawValue: name), library != .cgad else {
      throw start.error("unknown library '\(name.clipped)'; there is cublaslt, without this line cgad's own kernels")
    }
    try scanner.endLine()
    return library
  }

  /// Consumes the rest of a line of costs.
  private mutating func costSource() throws(TextError) -> CostSource {
    let name = try scanner.string()
    return .init(name: name, digest: try digest())
  }

  /// Consumes a digest and the end of its line.
  private mutating func digest() throws(TextError) -> String {
    let digest = try scanner.word()
    let isDigest = digest.utf8.count == 16 && digest.allSatisfy { "0123456789abcdef".contains($0) }
    if !isDigest { throw scanner.error("expected a digest of 16 hexadecimal digits") }
    try scanner.endLine()
    return digest
  }

  /// Consumes a line of `keyword` and what `content` reads.
  private mutating func line<T>(
    _ keyword: StaticString, _ content: (inout TextScanner) throws(TextError) -> T
  ) throws(TextError) -> T {
    try scanner.expect(keyword)
    let value = try content(&scanner)
    try scanner.endLine()
    return value
  }

  /// Consumes the rest of a line of dims.
  private mutating func dims() throws(TextError) -> [PlanHeader.Dim] {
    var dims: [PlanHeader.Dim] = []
    repeat {
      let name = try scanner.name()
      try scanner.expect("=")
      dims.append(.init(name: name, size: try scanner.integer()))
      try require(dims.count, atMost: limits.declarations, "dims")
      scanner.skipBlanks()
    } while !scanner.isAtLineEnd
    try scanner.endLine()
    return dims
  }

  private mutating func totals() throws(TextError) -> PlanTotals {
    var totals = PlanTotals()
    for f in PlanTotals.fields {
      totals[keyPath: f.path] = try line(f.name) { (s) throws(TextError) in try s.integer() }
    }
    if scanner.take("host_bytes") {
      totals.hostBytes = try scanner.integer()
      try scanner.endLine()
    }
    return totals
  }

  private mutating func certificate() throws(TextError) -> BoundCertificate? {
    guard scanner.take("bound_flops") else { return nil }
    let flops = try scanner.integer()
    try scanner.expect("budget")
    let budget = try scanner.integer()
    try scanner.expect("bits")
    let bits = try scanner.integer()
    try scanner.endLine()
    return .init(bound: flops, budget: budget, bits: bits, duals: try duals())
  }

  private mutating func data() throws(TextError) -> [DataDeclaration] {
    var data: [DataDeclaration] = []
    while scanner.take("data ") {
      data.append(try scanner.dataDeclaration())
      try require(data.count, atMost: limits.declarations, "data declarations")
    }
    return data
  }

  private mutating func readStorage() throws(TextError) {
    while let kind = scanner.storageKind() {
      let (declared, offset) = try scanner.storage(kind, hasOffset: true)
      guard storageIndices.updateValue(storage.count, forKey: declared.name) == nil else {
        throw scanner.error("'\(declared.name)' is declared twice")
      }
      storage.append(.init(declared, offset: offset))
      try require(storage.count, atMost: limits.storage, "parameters, states, slots, gradients and inputs")
    }
  }

  /// Consumes one or two programs and the end of the text.
  private mutating func programs() throws(TextError) -> [PlanProgram] {
    var programs: [PlanProgram] = []
    repeat {
      scanner.skipEmptyLines()
      guard scanner.take("program") else { throw scanner.error(expectation(programs.count)) }
      builder = .init(
        name: try scanner.word(), storage: storage, storageIndices: storageIndices,
        lineCount: min(scanner.lineCount(before: "}"), instructionsLeft, limits.values))
      try programBody()
      programs.append(builder.program)
    } while !scanner.isAtEnd && programs.count < 2
    guard scanner.isAtEnd else { throw scanner.error("expected the end of the text") }
    return programs
  }

  /// Returns what should have come after `count` programs.
  private func expectation(_ count: Int) -> String {
    count == 0 ? "expected 'data', 'param', 'slot', 'input' or 'program'" : "expected a program or the end of the text"
  }

  /// Throws if `count` is more than `limit`.
  func require(_ count: Int, atMost limit: Int, _ things: String) throws(TextError) {
    if count > limit { throw scanner.error("more than \(limit) \(things)") }
  }

}
