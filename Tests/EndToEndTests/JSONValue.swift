import Foundation
import Testing

/// A value of a JSON document.
enum JSONValue: Decodable, Hashable, Sendable {

  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  init(from decoder: any Decoder) throws {
    let c = try decoder.singleValueContainer()
    if c.decodeNil() {
      self = .null
    } else if let b = try? c.decode(Bool.self) {
      self = .bool(b)
    } else if let n = try? c.decode(Double.self) {
      self = .number(n)
    } else if let s = try? c.decode(String.self) {
      self = .string(s)
    } else if let a = try? c.decode([JSONValue].self) {
      self = .array(a)
    } else {
      self = .object(try c.decode([String: JSONValue].self))
    }
  }

  /// The member `key` of an object, `null` where there is none.
  subscript(key: String) -> JSONValue {
    if case .object(let o) = self { o[key] ?? .null } else { .null }
  }

  /// The elements of an array; none of anything else.
  var elements: [JSONValue] {
    if case .array(let a) = self { a } else { [] }
  }

  /// The number, if it is one.
  var number: Double? {
    if case .number(let n) = self { n } else { nil }
  }

  /// The whole number, if it is one.
  var integer: Int? { number.flatMap(Int.init(exactly:)) }

  /// The text, if it is one.
  var string: String? {
    if case .string(let s) = self { s } else { nil }
  }

}

/// What a member of a document must be.
enum JSONKind: Sendable {

  /// A whole number that is not negative.
  case count
  case number, numberOrNull, string, bool, numbers, object, strings, counts, countOrNull, stringOrNull
  case null, objects

  /// One of these words.
  case word(Set<String>)

  /// `true` iff `value` is of this kind.
  func allows(_ value: JSONValue) -> Bool {
    switch (self, value) {
    case (.count, .number), (.countOrNull, .number): (value.integer ?? -1) >= 0
    case (.number, .number), (.numberOrNull, .number), (.numberOrNull, .null), (.countOrNull, .null): true
    case (.stringOrNull, .string), (.stringOrNull, .null): true
    case (.string, .string), (.bool, .bool), (.object, .object), (.null, .null): true
    case (.word(let words), .string(let s)): words.contains(s)
    case (.numbers, .array(let a)): a.allSatisfy(JSONKind.number.allows)
    case (.strings, .array(let a)): a.allSatisfy(JSONKind.string.allows)
    case (.objects, .array(let a)): a.allSatisfy(JSONKind.object.allows)
    case (.counts, .array(let a)): a.allSatisfy(JSONKind.count.allows)
    case _: false
    }
  }

}

/// The keys of a document that outside programs rely upon.
struct JSONKeys: Sendable {

  let kinds: [String: JSONKind]

  /// Fails the test unless `document` has these keys with values of their kinds, and no other key.
  func expect(exactlyIn document: JSONValue, sourceLocation: SourceLocation = #_sourceLocation) {
    expect(in: document, sourceLocation: sourceLocation)
    guard case .object(let members) = document else { return }
    #expect(Set(members.keys).subtracting(kinds.keys) == [], sourceLocation: sourceLocation)
  }

  /// Fails the test unless `document` has these keys with values of their kinds; keys may be added.
  func expect(in document: JSONValue, sourceLocation: SourceLocation = #_sourceLocation) {
    guard case .object(let members) = document else {
      Issue.record("not an object: \(document)", sourceLocation: sourceLocation)
      return
    }
    let wrong = kinds.filter { (key, kind) in !(members[key].map(kind.allows) ?? false) }.map { (key, kind) in
      "\(key) is \(members[key].map { "\($0)" } ?? "absent"), not \(kind)"
    }
    #expect(wrong.isEmpty, "\(document)", sourceLocation: sourceLocation)
  }

}
