/// Text of Chrome's trace event format, one event a line.
struct TraceText {

  private var text = "{\"displayTimeUnit\": \"ms\", \"traceEvents\": [\n"

  private var isFirst = true

  /// Appends an event, which is given as the members of a JSON object.
  mutating func append(_ members: String) {
    text += isFirst ? "{" : ",\n{"
    text += members
    text += "}"
    isFirst = false
  }

  /// Appends the name of a process.
  mutating func name(process: Int, _ name: String) {
    append(
      "\"name\": \"process_name\", \"ph\": \"M\", \"pid\": \(process), \"tid\": 0, \"args\": {\"name\": \(Self.quoted(name))}"
    )
  }

  /// Appends the name of a track.
  mutating func name(process: Int, thread: Int, _ name: String) {
    append(
      "\"name\": \"thread_name\", \"ph\": \"M\", \"pid\": \(process), \"tid\": \(thread), \"args\": {\"name\": \(Self.quoted(name))}"
    )
  }

  /// Returns the document, with `data` as what is known of the whole.
  func document(_ data: [(String, String)]) -> String {
    let known = data.map { "\(Self.quoted($0.0)): \(Self.quoted($0.1))" }.joined(separator: ", ")
    return text + "\n], \"otherData\": {\(known)}}\n"
  }

  /// Returns `s` as a JSON string.
  static func quoted(_ s: String) -> String {
    var result = "\""
    for c in s.unicodeScalars {
      switch c {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where c.value < 32:
        let digits = String(c.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      case _: result.unicodeScalars.append(c)
      }
    }
    return result + "\""
  }

}
