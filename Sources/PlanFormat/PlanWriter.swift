import Operations
import Support

/// Turns plans into their canonical text.
///
/// The text is a function of the plan alone: one item a line, no times, no paths of a machine.
package struct PlanWriter {

  /// The bytes of text after which a chunk goes to the sink.
  private static let chunkSize = 1 << 16

  private let plan: Plan

  /// Whole lines that have not gone to the sink.
  private var buffer = ""

  private init(_ plan: Plan) { self.plan = plan }

  /// Returns the text of `plan`.
  ///
  /// - Requires: the positions in `plan` are within their tables.
  /// - Complexity: O(*n*) in the length of the text.
  package static func write(_ plan: Plan) -> String {
    var text = ""
    write(plan) { (chunk) in text += chunk }
    return text
  }

  /// Gives the text of `plan` to `sink`, a chunk of whole lines at a time.
  ///
  /// - Requires: the positions in `plan` are within their tables.
  /// - Throws: what `sink` throws.
  /// - Complexity: O(*n*) in the length of the text; the memory does not depend on it.
  package static func write<E: Error>(_ plan: Plan, to sink: (String) throws(E) -> Void) throws(E) {
    var writer = PlanWriter(plan)
    try writer.appendHeader(to: sink)
    for p in plan.programs { try writer.append(p, to: sink) }
    try sink(writer.buffer)
  }

  private mutating func appendHeader<E: Error>(to sink: (String) throws(E) -> Void) throws(E) {
    let h = plan.header
    buffer += "cgplan \(Plan.version)\nsource \(h.source.quotedForText)\nmodel \(h.model)\npolicy \(h.policy)\n"
    if let budget = h.budget { buffer += "budget \(budget)\n" }
    if let costs = h.costs { buffer += "costs \(costs.name.quotedForText) \(costs.digest)\n" }
    buffer += "target \(h.target)\nthreads \(h.threads)\n"
    if h.precision != .f32 { buffer += "matmul_precision \(h.precision.rawValue)\n" }
    if h.library != .cgad { buffer += "matmul_library \(h.library.rawValue)\n" }
    if !h.dims.isEmpty { buffer += "dims \(h.dims.map { "\($0.name)=\($0.size)" }.joined(separator: " "))\n" }
    if let computes = h.computes { buffer += "computes \(computes)\n" }
    for f in PlanTotals.fields { buffer += "\(f.name) \(plan.totals[keyPath: f.path])\n" }
    if plan.totals.hostBytes != 0 { buffer += "host_bytes \(plan.totals.hostBytes)\n" }
    try plan.certificate?.forEachLine { (line) throws(E) in try append(line, to: sink) }
    try plan.operandCertificate?.forEachLine { (line) throws(E) in try append(line, to: sink) }
    buffer += plan.training.text + "\n"
    for d in plan.data { buffer += d.text + "\n" }
    for s in plan.storage { try append(s.storage.text(offset: s.offset) + "\n", to: sink) }
  }

  private mutating func append<E: Error>(_ line: String, to sink: (String) throws(E) -> Void) throws(E) {
    buffer += line
    try flush(to: sink)
  }

  private mutating func append<E: Error>(
    _ program: PlanProgram, to sink: (String) throws(E) -> Void
  ) throws(E) {
    buffer += "\nprogram \(program.name) {\n"
    for b in program.bindings { buffer += "  \(b.text)\n" }
    for (i, instruction) in program.instructions.enumerated() {
      if i == program.backwardStart { buffer += "  backward\n" }
      if i == program.applyStart { buffer += "  apply\n" }
      append(instruction, program.values)
      try flush(to: sink)
    }
    if program.instructions.count == program.backwardStart { buffer += "  backward\n" }
    if program.instructions.count == program.applyStart { buffer += "  apply\n" }
    for r in program.results {
      buffer += "  \(r.result.role.rawValue) \(r.result.label) = \(program.values[r.value].name)\n"
    }
    buffer += "}\n"
  }

  /// Gives the buffer to `sink` if it is long enough to be worth it.
  private mutating func flush<E: Error>(to sink: (String) throws(E) -> Void) throws(E) {
    if buffer.utf8.count < Self.chunkSize { return }
    try sink(buffer)
    buffer.removeAll(keepingCapacity: true)
  }

  private mutating func append(_ instruction: PlanInstruction, _ values: [PlanValue]) {
    buffer += "  "
    switch instruction.action {
    case .compute(let operation): appendDefinition(instruction, "", operation, values)
    case .recompute(let operation): appendDefinition(instruction, "recompute ", operation, values)
    case .update(let operation):
      buffer += "update "
      let count = Self.writtenCount(operation, of: instruction.operands.count)
      appendNames(instruction.operands.prefix(count), values)
      let read = instruction.operands.dropFirst(count)
      buffer += " = " + operation.text(operands: read.map { values[$0].name })
    case .delete:
      buffer += "delete "
      appendNames(instruction.operands, values)
    case .offload(let host):
      buffer += "offload "
      appendNames(instruction.operands, values)
      buffer += " host @\(host)"
    case .fetch(let source, let host):
      appendNames(instruction.results, values)
      buffer += " = fetch \(values[source].name) : "
      appendTypesAndOffsets(instruction.results, values)
      buffer += " host @\(host)"
    }
    appendSite(instruction)
  }

  /// Returns how many of `count` operands an update names before `=`; at least one comes behind it, whatever is wrong.
  private static func writtenCount(_ operation: Operation, of count: Int) -> Int {
    operation.effect == .update ? min(operation.writtenCount, count - 1) : count - 1
  }

  /// Appends `  // mlp.cgm:18  note` and ends the line; without interpolation, as no line is written more often.
  private mutating func appendSite(_ instruction: PlanInstruction) {
    buffer += "  // "
    buffer += instruction.site.file
    buffer += ":"
    buffer += String(instruction.site.line)
    if !instruction.note.isEmpty {
      buffer += "  "
      buffer += instruction.note
    }
    buffer += "\n"
  }

  /// Appends `a, b = op x : f32[2], f32[3] @0, @64`, and ` workspace 1024 @128` where there is one.
  private mutating func appendDefinition(
    _ instruction: PlanInstruction, _ again: String, _ operation: Operation, _ values: [PlanValue]
  ) {
    appendNames(instruction.results, values)
    buffer += " = " + again + operation.text(operands: instruction.operands.map { values[$0].name }) + " : "
    appendTypesAndOffsets(instruction.results, values)
    if let w = instruction.workspace { buffer += " workspace \(w.byteCount) @\(w.offset)" }
  }

  /// Appends `f32[2], f32[3] @0, @64`.
  private mutating func appendTypesAndOffsets(_ results: PlanValueList, _ values: [PlanValue]) {
    for (i, r) in results.enumerated() { buffer += (i == 0 ? "" : ", ") + values[r].type.description }
    for (i, r) in results.enumerated() { buffer += (i == 0 ? " @" : ", @") + offsetText(values[r].place) }
  }

  /// Returns the offset, or `-` for a place that no result may have.
  private func offsetText(_ place: PlanValue.Place) -> String {
    switch place {
    case .arena(let offset): String(offset)
    case .storage: "-"
    }
  }

  private mutating func appendNames(_ indices: some Collection<PlanValueIndex>, _ values: [PlanValue]) {
    for (k, i) in indices.enumerated() {
      if k > 0 { buffer += ", " }
      buffer += values[i].name
    }
  }

}

extension Plan {

  /// The canonical text.
  ///
  /// - Requires: the positions in the plan are within their tables.
  package var text: String { PlanWriter.write(self) }

}
