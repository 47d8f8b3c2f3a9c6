package import Support
import Syntax

/// Returns the text of the model in `file` as the language writes it.
///
/// Nothing that is not the same model, with the same comments, is ever returned.
package func formattedModel(_ file: SourceFile) throws(CompileFailure) -> String {
  let (text, diagnostics) = formatted(file)
  guard let text else { throw .rejected(diagnostics, SourceMap(file)) }
  if !isSameModel(file, SourceFile(name: file.name, text: text)) {
    throw .broken(
      stage: "fmt", message: "the formatted text of \(file.name) would be another model; nothing was written")
  }
  return text
}
