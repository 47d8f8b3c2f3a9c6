package import Support

/// What an instruction computes from its operands.
///
/// Payloads are attributes known at compile time; operands are stored by the instruction. Each family is one table in a
/// file of its own.
package enum Operation: Hashable, Sendable {

  case elementwise(Elementwise)
  case reduction(Reduction)
  case layout(Layout)
  case indexing(Indexing)
  case linear(LinearAlgebra)
  case classification(Classification)
  case convolution(Convolution)
  case pooling(Pooling)
  case attention(Attention)
  case normalization(Normalization)
  case random(RandomOperation)
  case update(Optimizer)
  case state(StateUpdate)

  /// The name of the operation in text.
  package var mnemonic: String {
    switch self {
    case .elementwise(let f): f.mnemonic
    case .reduction(let f): f.mnemonic
    case .layout(let f): f.mnemonic
    case .indexing(let f): f.mnemonic
    case .linear(let f): f.mnemonic
    case .classification(let f): f.mnemonic
    case .convolution(let f): f.mnemonic
    case .pooling(let f): f.mnemonic
    case .attention(let f): f.mnemonic
    case .normalization(let f): f.mnemonic
    case .random(let f): f.mnemonic
    case .update(let f): f.mnemonic
    case .state(let f): f.mnemonic
    }
  }

  /// The attributes, in the order they are printed.
  package var attributes: [Attribute] {
    switch self {
    case .elementwise(let f): f.attributes
    case .reduction(let f): f.attributes
    case .layout(let f): f.attributes
    case .indexing(let f): f.attributes
    case .linear(let f): f.attributes
    case .classification(let f): f.attributes
    case .convolution(let f): f.attributes
    case .pooling(let f): f.attributes
    case .attention(let f): f.attributes
    case .normalization(let f): f.attributes
    case .random(let f): f.attributes
    case .update(let f): f.attributes
    case .state(let f): f.attributes
    }
  }

  /// What executing it does besides computing its results.
  package var effect: Effect {
    switch self {
    case .elementwise(let f): f.effect
    case .reduction(let f): f.effect
    case .layout(let f): f.effect
    case .indexing(let f): f.effect
    case .linear(let f): f.effect
    case .classification(let f): f.effect
    case .convolution(let f): f.effect
    case .pooling(let f): f.effect
    case .attention(let f): f.effect
    case .normalization(let f): f.effect
    case .random(let f): f.effect
    case .update(let f): f.effect
    case .state(let f): f.effect
    }
  }

  /// How it is differentiated.
  package var adjoint: AdjointRule {
    switch self {
    case .elementwise(let f): f.adjoint
    case .reduction(let f): f.adjoint
    case .layout(let f): f.adjoint
    case .indexing(let f): f.adjoint
    case .linear(let f): f.adjoint
    case .classification(let f): f.adjoint
    case .convolution(let f): f.adjoint
    case .pooling(let f): f.adjoint
    case .attention(let f): f.adjoint
    case .normalization(let f): f.adjoint
    case .random(let f): f.adjoint
    case .update(let f): f.adjoint
    case .state(let f): f.adjoint
    }
  }

  /// Returns the types of the results.
  ///
  /// - Throws: a message that prints what disagrees.
  package func resultTypes(_ operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    switch self {
    case .elementwise(let f): try f.resultTypes(operands)
    case .reduction(let f): try f.resultTypes(operands)
    case .layout(let f): try f.resultTypes(operands)
    case .indexing(let f): try f.resultTypes(operands)
    case .linear(let f): try f.resultTypes(operands)
    case .classification(let f): try f.resultTypes(operands)
    case .convolution(let f): try f.resultTypes(operands)
    case .pooling(let f): try f.resultTypes(operands)
    case .attention(let f): try f.resultTypes(operands)
    case .normalization(let f): try f.resultTypes(operands)
    case .random(let f): try f.resultTypes(operands)
    case .update(let f): try f.resultTypes(operands)
    case .state(let f): try f.resultTypes(operands)
    }
  }

  /// Returns the floating-point operations of one execution.
  ///
  /// - Requires: the types passed `resultTypes`.
  package func flops(_ operands: [TensorType], _ results: [TensorType]) -> Int {
    switch self {
    case .elementwise(let f): f.flops(operands, results)
    case .reduction(let f): f.flops(operands, results)
    case .layout(let f): f.flops(operands, results)
    case .indexing(let f): f.flops(operands, results)
    case .linear(let f): f.flops(operands, results)
    case .classification(let f): f.flops(operands, results)
    case .convolution(let f): f.flops(operands, results)
    case .pooling(let f): f.flops(operands, results)
    case .attention(let f): f.flops(operands, results)
    case .normalization(let f): f.flops(operands, results)
    case .random(let f): f.flops(operands, results)
    case .update(let f): f.flops(operands, results)
    case .state(let f): f.flops(operands, results)
    }
  }

  /// `true` iff executing it again gives the same bits and changes nothing.
  package var isRecomputable: Bool {
    switch effect {
    case .pure, .random: true
    case .update: false
    }
  }

  /// `true` iff `every(k:)` counts its result: constants and broadcasts are not numbered.
  package var isNumbered: Bool {
    switch self {
    case .elementwise(.constant), .elementwise(.integer), .elementwise(.arange), .reduction(.broadcast): false
    case _: effect != .update
    }
  }

}

extension Operation {

  /// The mnemonic, operands and attributes as texts print them: `sum x {axes: [0]}`.
  package func text(operands: [String]) -> String {
    var s = mnemonic
    if !operands.isEmpty { s += " " + operands.joined(separator: ", ") }
    let all = attributes
    if !all.isEmpty { s += " {" + all.map(\.description).joined(separator: ", ") + "}" }
    return s
  }

  /// Creates the operation called `mnemonic`.
  ///
  /// Returns `nil` iff there is none of that name, or an attribute is missing, superfluous or of the wrong type.
  package init?(mnemonic: String, attributes: [Attribute]) {
    var reader = AttributeReader(attributes)
    guard let operation = Self.named(mnemonic, &reader), !reader.failed, reader.leftOver == nil else { return nil }
    self = operation
  }

  private static func named(_ mnemonic: String, _ reader: inout AttributeReader) -> Operation? {
    if let f = Elementwise(mnemonic: mnemonic, reader: &reader) { return .elementwise(f) }
    if let f = Reduction(mnemonic: mnemonic, reader: &reader) { return .reduction(f) }
    if let f = Layout(mnemonic: mnemonic, reader: &reader) { return .layout(f) }
    if let f = Indexing(mnemonic: mnemonic, reader: &reader) { return .indexing(f) }
    if let f = LinearAlgebra(mnemonic: mnemonic, reader: &reader) { return .linear(f) }
    if let f = Classification(mnemonic: mnemonic, reader: &reader) { return .classification(f) }
    if let f = Convolution(mnemonic: mnemonic, reader: &reader) { return .convolution(f) }
    if let f = Pooling(mnemonic: mnemonic, reader: &reader) { return .pooling(f) }
    if let f = Attention(mnemonic: mnemonic, reader: &reader) { return .attention(f) }
    if let f = Normalization(mnemonic: mnemonic, reader: &reader) { return .normalization(f) }
    if let f = RandomOperation(mnemonic: mnemonic, reader: &reader) { return .random(f) }
    if let f = Optimizer(mnemonic: mnemonic, reader: &reader) { return .update(f) }
    if let f = StateUpdate(mnemonic: mnemonic, reader: &reader) { return .state(f) }
    return nil
  }

}

/// An operation applied to named operands, as a line of text gives it.
package struct OperationText: Hashable, Sendable {

  package let operation: Operation

  package let operands: [String]

}

extension TextScanner {

  /// The most operands of one instruction.
  private static let operandLimit = 64

  /// Consumes `mnemonic operand, operand {attribute: value}`.
  package mutating func operation() throws(TextError) -> OperationText {
    let mnemonic = try word()
    let operands = try isAtOperand() ? names() : []
    let attributes = try attributes()
    guard let operation = Operation(mnemonic: mnemonic, attributes: attributes) else {
      throw error("no operation '\(mnemonic)' with these attributes")
    }
    return .init(operation: operation, operands: operands)
  }

  private mutating func isAtOperand() -> Bool {
    guard let next = peek() else { return false }
    return next != UInt8(ascii: "{") && next != UInt8(ascii: ":") && next != UInt8(ascii: "/")
      && next != UInt8(ascii: "\n")
  }

  /// Consumes names separated by commas.
  package mutating func names() throws(TextError) -> [String] {
    var all = [try name()]
    while take(",") {
      all.append(try name())
      if all.count > Self.operandLimit { throw error("more than \(Self.operandLimit) names") }
    }
    return all
  }

  /// Consumes types separated by commas.
  package mutating func tensorTypes() throws(TextError) -> [TensorType] {
    var all = [try tensorType()]
    while take(",") {
      all.append(try tensorType())
      if all.count > Self.operandLimit { throw error("more than \(Self.operandLimit) types") }
    }
    return all
  }

  /// Consumes `// file:line`, optionally followed by two blanks and a remark; the file's name may hold single blanks.
  package mutating func site() throws(TextError) -> (site: SourceSite, note: String) {
    try expect("//")
    let text = try restOfLine()
    let (place, note) = text.splitAtTwoBlanks
    guard let colon = place.utf8.lastIndex(of: UInt8(ascii: ":")), let line = Int(place[colon...].dropFirst()),
      line >= 0
    else { throw error("expected // FILE:LINE") }
    return (.init(file: String(place[..<colon]), line: line), String(note))
  }

}

extension String {

  /// What stands before the first two blanks in a row, and what stands after them; all of it if there are none.
  fileprivate var splitAtTwoBlanks: (Substring, Substring) {
    var previous: UInt8 = 0
    for i in utf8.indices {
      if utf8[i] == UInt8(ascii: " "), previous == UInt8(ascii: " ") {
        return (self[..<utf8.index(before: i)], Substring(utf8[i...].drop { $0 == UInt8(ascii: " ") }))
      }
      previous = utf8[i]
    }
    return (self[...], self[endIndex...])
  }

}
