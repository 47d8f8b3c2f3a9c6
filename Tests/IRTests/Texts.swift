import IR
import Passes
import Support

/// Small modules in text.
enum Texts {

  /// Returns a module whose training program consists of `lines`, over parameters `w` and `v` and inputs `x` and `y`.
  static func module(_ lines: String) -> String {
    let head = """
      cgir 1
      source "a.cgm"
      model Net
      dims B=2 D=3
      training 1 steps seed 0
      optimizer sgd {lr: 0.1, momentum: 0.0, decay: 0.0}
      data d : f32[2,3], i32[2] = synthetic()  // a.cgm:1
      input x : f32[2,3]  // a.cgm:2
      input y : i32[2]  // a.cgm:2
      param w : f32[2,3] ~ zeros()  // a.cgm:3
      param v : f32[3,3] ~ kaiming()  // a.cgm:3

      program train {
        bind x = d.0
        bind y = d.1

      """
    return head + lines.split(separator: "\n").map { "  \($0)\n" }.joined() + "}\n"
  }

  /// Returns the lines of the training program of `module` but for its bindings.
  static func lines(_ module: Module) -> String {
    let all = module.train.text.split(separator: "\n").dropFirst().dropLast().map { $0.dropFirst(2) }
    return all.filter { !$0.hasPrefix("bind ") }.joined(separator: "\n")
  }

  /// Returns the lines of the training program of `lines` after the pass `name`.
  static func after(_ name: String, _ lines: String) throws -> String {
    let module = try Module(parsing: module(lines))
    try module.verify()
    guard let pass = FunctionPass.named(name) else { return "there is no pass '\(name)'" }
    return Self.lines(try pass.run(on: module))
  }

  /// Returns why the module of `lines` cannot be read or is refused.
  static func refusal(_ lines: String) -> String {
    do throws(TextError) {
      let module = try Module(parsing: module(lines))
      do throws(IRViolation) {
        try module.verify()
        return "accepted"
      } catch {
        return "refused: \(error)"
      }
    } catch {
      return error.message
    }
  }

}
