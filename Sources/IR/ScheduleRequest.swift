package import Operations
package import Support

/// A policy and its arguments, as the source or a flag names it: `every(k: 3)`.
package struct PolicyCall: Hashable, Sendable, CustomStringConvertible {

  package let name: String

  package let arguments: [Attribute]

  /// Where it stands in the source, or `nil` for a flag.
  package let span: SourceSpan?

  package init(name: String, arguments: [Attribute] = [], span: SourceSpan? = nil) {
    self.name = name
    self.arguments = arguments
    self.span = span
  }

  /// The label that an argument without one has.
  package static let unlabelled = "value"

  package var description: String {
    let list = arguments.map { $0.name == Self.unlabelled ? $0.value.description : $0.description }
    return "\(name)(\(list.joined(separator: ", ")))"
  }

  /// The most bytes of the peak that the call itself allows, or `nil` if it names none.
  package var budget: Int? {
    for a in arguments where a.name == "budget" || (name == "budget" && a.name == Self.unlabelled) {
      if case .integer(let bytes) = a.value { return bytes }
    }
    return nil
  }

  /// `true` iff the call lets its policy, which is `optimal`, copy values to the host.
  package var isOffloading: Bool {
    name == "optimal" && arguments.contains { $0.name == "offload" && $0.value == .boolean(true) }
  }

  /// What the call says that copying a byte costs, or `nil` if it does not.
  package var costPerByte: Double? {
    switch arguments.first(where: { $0.name == "cost_per_byte" })?.value {
    case .number(let n): n
    case .integer(let i): Double(i)
    default: nil
    }
  }

  /// Returns the same call without what it says of copies to the host.
  package var withoutOffloading: PolicyCall {
    .init(name: name, arguments: arguments.filter { !["offload", "cost_per_byte"].contains($0.name) }, span: span)
  }

  /// Returns the same call with a budget of `bytes` in place of its own.
  package func with(budget bytes: Int) -> PolicyCall {
    let list = arguments.map {
      $0.name == "budget" || $0.name == Self.unlabelled ? Attribute($0.name, .integer(bytes)) : $0
    }
    return .init(name: name, arguments: list, span: span)
  }

}

/// A pattern of value paths, optionally restricted to results of one operation: `h.{0..2}.** :: dropout`.
package struct ValueSelector: Hashable, Sendable, CustomStringConvertible {

  /// A pattern of one part of a path.
  package enum Segment: Hashable, Sendable, CustomStringConvertible {

    /// Exactly this name; versions of a `var` (`x~2`) count as `x`.
    case name(String)

    /// A whole number from the first to the second, both included.
    case range(Int, Int)

    /// A name in which each `*` stands for any characters: `w*`.
    case pattern(String)

    /// Any one part.
    case any

    /// Any number of parts, also none.
    case anyDepth

    package var description: String {
      switch self {
      case .name(let n), .pattern(let n): n
      case .range(let l, let h): "{\(l)..\(h)}"
      case .any: "*"
      case .anyDepth: "**"
      }
    }

  }

  package let segments: [Segment]

  /// The mnemonic of the operation that computes the value.
  package let operation: String?

  package let span: SourceSpan

  package init(segments: [Segment], operation: String?, span: SourceSpan) {
    self.segments = segments
    self.operation = operation
    self.span = span
  }

  package var description: String {
    segments.map(\.description).joined(separator: ".") + (operation.map { " :: \($0)" } ?? "")
  }

}

/// An obligation of the schedule.
package struct ScheduleRule: Hashable, Sendable {

  package enum Kind: String, Hashable, Sendable {
    case save
    case recompute

    /// Kept in the host's memory between the forward and the backward part.
    case offload
  }

  package let kind: Kind

  package let selector: ValueSelector

  package init(_ kind: Kind, _ selector: ValueSelector) {
    self.kind = kind
    self.selector = selector
  }

}

/// What a `schedule` block asks for.
package struct ScheduleRequest: Hashable, Sendable {

  /// The block's name, or `nil` for the default one.
  package let name: String?

  /// The policy, or `nil` where the block names none.
  package var policy: PolicyCall?

  package var rules: [ScheduleRule]

  package init(name: String? = nil, policy: PolicyCall? = nil, rules: [ScheduleRule] = []) {
    self.name = name
    self.policy = policy
    self.rules = rules
  }

}
