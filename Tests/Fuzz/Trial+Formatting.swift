import Support
import Syntax

extension Trial {

  /// Demands that what can be formatted is the same model then, and stays the same when it is formatted again.
  func checkFormatting(isModel: Bool) throws(Violation) {
    let (text, diagnostics) = formatting
    try demand((text == nil) == diagnostics.hasErrors, "formatting fails iff there are errors")
    try demand(isModel || text == nil, "what is no model is formatted")
    guard let text else { return }
    let once = SourceFile(name: file.name, text: text)
    try demand(isSameModel(file, once), "formatting makes another model")
    try demand(formatted(once).text == text, "formatting twice differs from once")
  }

}
