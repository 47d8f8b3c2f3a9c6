import Operations
import Support

extension Module {

  /// The textual form, `.cgir`; see `Grammar/cgir.ebnf`.
  ///
  /// - Complexity: O(*n*) in the length of the text.
  package var text: String {
    var s = "cgir 1\nsource \(source.quotedForText)\nmodel \(model)\n"
    if !dims.isEmpty { s += "dims \(dims.map { "\($0.name)=\($0.size)" }.joined(separator: " "))\n" }
    s += training.text + "\n"
    s += "optimizer \(Operation.update(optimizer).text(operands: []))\n"
    if let clip { s += "clip \(clip.norm)  // \(clip.site)\n" }
    for d in data { s += d.text + "\n" }
    for o in storage { s += o.text(offset: nil) + "\n" }
    for p in programs { s += "\n" + p.text }
    return s
  }

}

extension Function {

  /// The textual form of the function, one instruction a line.
  package var text: String {
    var s = "program \(name) {\n"
    for b in bindings { s += "  \(b.text)\n" }
    for i in instructionIDs {
      if i == backwardStart { s += "  backward\n" }
      if i == applyStart { s += "  apply\n" }
      s += "  \(text(of: i))\n"
    }
    if let b = backwardStart, b.index == instructions.count { s += "  backward\n" }
    for c in checkpoints { s += "  checkpoint \(self[c].name)\n" }
    for r in results { s += "  \(r.result.role.rawValue) \(r.result.label) = \(self[r.value].name)\n" }
    return s + "}\n"
  }

  /// Returns the line of instruction `id`: `x = relu y : f32[2,3]  // a.cgm:4`.
  package func text(of id: InstructionID) -> String {
    let i = self[id]
    let names = i.operands.map { self[$0].name }
    if i.operation.effect == .update {
      let count = i.operation.writtenCount
      let written = names.prefix(count).joined(separator: ", ")
      return "update \(written) = \(i.operation.text(operands: Array(names.dropFirst(count))))  // \(i.site)"
    }
    let results = i.results.map { self[$0].name }.joined(separator: ", ")
    let types = i.results.map { self[$0].type.description }.joined(separator: ", ")
    return "\(results) = \(i.operation.text(operands: names)) : \(types)  // \(i.site)"
  }

}
