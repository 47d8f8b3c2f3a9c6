import IR
import Passes
import Support

/// Runs single passes on textual IR, as `cgadc opt` does.
package enum PassRunner {

  /// Returns the names and summaries of all passes.
  package static var passes: [(name: String, summary: String)] { FunctionPass.all.map { ($0.name, $0.summary) } }

  /// Returns the text of the module in `bytes` after the passes called `names`.
  ///
  /// - Throws: `unreadable` for text that is no IR; `broken` if a pass broke it.
  package static func run(_ names: [String], on bytes: [UInt8], path: String) throws(CompileFailure) -> String {
    var module = try parsed(bytes, path)
    for n in names {
      guard let pass = FunctionPass.named(n) else { throw .unreadable("there is no pass '\(n)'") }
      do throws(IRViolation) {
        module = try pass.run(on: module)
      } catch {
        throw .broken(stage: n, message: error.description)
      }
    }
    return module.text
  }

  private static func parsed(_ bytes: [UInt8], _ path: String) throws(CompileFailure) -> Module {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .unreadable("\(path): is not UTF-8") }
    let module: Module
    do throws(TextError) {
      module = try Module(parsing: text)
    } catch {
      throw .unreadable("\(path):\(error)")
    }
    do throws(IRViolation) {
      try module.verify()
    } catch {
      throw .unreadable("\(path): \(error)")
    }
    return module
  }

}
