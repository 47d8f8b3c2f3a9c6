import Operations
import Support

extension Plan {

  /// The digest over what the plan computes and from what, in hexadecimal: the same for every schedule of a model.
  ///
  /// It covers how training goes, `numericLines`, data, storage without its places, and of each program what it binds, computes
  /// for the first time, updates and reports; recomputed operands count as the values they repeat. The
  /// digest of a program does not depend on the order of its instructions.
  ///
  /// - Complexity: O(*n*) in the length of the text.
  package var contentDigest: String {
    var h = StableHash.fnv1a(training.text)
    func add(_ hash: UInt64) { h = (h ^ hash) &* 0x100_0000_01b3 }
    for line in header.numericLines { add(StableHash.fnv1a(line)) }
    for d in data { add(StableHash.fnv1a(Self.withoutSite(d.text))) }
    for s in storage {
      let initializer = s.storage.initializer.map { " ~ \($0)" } ?? ""
      add(StableHash.fnv1a("\(s.storage.kind.rawValue) \(s.storage.name) : \(s.storage.type)\(initializer)"))
    }
    for p in programs { add(p.contentHash) }
    let digits = String(h, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private static func withoutSite(_ text: String) -> Substring {
    text[..<(text.firstRange(of: "  // ")?.lowerBound ?? text.endIndex)]
  }

  /// Throws unless the plan computes what its header says, if it says so.
  func verifyContent() throws(PlanViolation) {
    guard let said = header.computes else { return }
    let derived = contentDigest
    if said != derived { throw .init(.header, .wrongContent(said: said, derived: derived)) }
  }

}

extension PlanHeader {

  /// The lines that change how results are rounded, where they say something else than compilers do by default: the precision
  /// of products and who computes them, and on the processor the threads, among which products are divided before the library
  /// computes their parts.
  package var numericLines: [String] {
    let precision = self.precision == .f32 ? [] : ["matmul_precision \(self.precision.rawValue)"]
    let products = precision + (library == .cgad ? [] : ["matmul_library \(library.rawValue)"])
    let parts = target == PlanTarget.cpu.rawValue && threads != Self.defaultThreads ? ["threads \(threads)"] : []
    return products + parts
  }

}

extension PlanProgram {

  /// A sum over hashes of lines, so that their order does not matter.
  fileprivate var contentHash: UInt64 {
    var hash = StableHash.fnv1a("program \(name)")
    for b in bindings { hash &+= StableHash.fnv1a(b.text) }
    var names = values.map(\.name)
    for i in instructions { hash &+= contentHash(of: i, &names) }
    for r in results { hash &+= StableHash.fnv1a("\(r.result.role.rawValue) \(r.result.label) = \(names[r.value])") }
    return hash
  }

  /// Returns the hash of `instruction`, 0 for what repeats or deletes; `names` has the first names of values.
  private func contentHash(of instruction: PlanInstruction, _ names: inout [String]) -> UInt64 {
    switch instruction.action {
    case .delete, .offload: return 0
    case .recompute, .fetch:
      for r in instruction.results { names[r] = VersionedName(names[r])?.base ?? names[r] }
      return 0
    case .update(let operation):
      return StableHash.fnv1a("update \(operation.text(operands: instruction.operands.map { names[$0] }))")
    case .compute(let operation):
      let results = instruction.results.map { "\(names[$0]) : \(values[$0].type)" }.joined(separator: ", ")
      return StableHash.fnv1a("\(results) = \(operation.text(operands: instruction.operands.map { names[$0] }))")
    }
  }

}
