import Support

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
      "\"name\": \"process_name\", \"ph\": \"M\", \"pid\": \(process), \"tid\": 0, \"args\": {\"name\": \(name.quotedAsJSON)}"
    )
  }

  /// Appends the name of a track.
  mutating func name(process: Int, thread: Int, _ name: String) {
    append(
      "\"name\": \"thread_name\", \"ph\": \"M\", \"pid\": \(process), \"tid\": \(thread), \"args\": {\"name\": \(name.quotedAsJSON)}"
    )
  }

  /// Returns the document, with `data` as what is known of the whole.
  func document(_ data: [(String, String)]) -> String {
    let known = data.map { "\($0.0.quotedAsJSON): \($0.1.quotedAsJSON)" }.joined(separator: ", ")
    return text + "\n], \"otherData\": {\(known)}}\n"
  }

}
