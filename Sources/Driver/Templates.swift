import CStandardLibrary

/// Models to start from, which are part of the program.
package enum Templates {

  /// The names of the templates.
  package static var names: [String] {
    (0..<cgad_template_count()).map { String(cString: cgad_template_at($0).name) }
  }

  /// Returns the text of the template called `name`, or `nil` if there is none.
  package static func text(of name: String) -> String? {
    for i in 0..<cgad_template_count() {
      let file = cgad_template_at(i)
      if String(cString: file.name) != name { continue }
      return String(decoding: UnsafeBufferPointer(start: file.bytes, count: file.count), as: UTF8.self)
    }
    return nil
  }

}
