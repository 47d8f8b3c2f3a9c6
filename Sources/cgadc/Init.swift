import ArgumentParser
import Driver

/// `cgadc init`.
struct Init: ParsableCommand {

  static let configuration = CommandConfiguration(
    abstract: "cgadc init gpt\n\nWrites a commented model to start from: mlp, gpt or unet.")

  @Argument(help: "The model: mlp, gpt or unet.")
  var template: String

  @Option(name: .short, help: .init("Where to write it, or - for standard output.", valueName: "file"))
  var output: String?

  @Flag(help: "Overwrites the file if it is there.")
  var force = false

  func validate() throws {
    guard Templates.names.contains(template) else {
      let known = Templates.names.joined(separator: ", ")
      throw ValidationError("there is no template '\(template)'; there are \(known)")
    }
  }

  mutating func run() throws {
    guard let text = Templates.text(of: template) else { throw Exit.unreadable }
    if output == "-" { return Output.result(text) }
    let path = output ?? "\(template).cgm"
    if !force, Files.exists(path) {
      Output.error(
        "cgadc: error: \(path): is there already; choose another name with -o, or overwrite it with --force\n")
      throw Exit.rejected
    }
    try write(text, to: path)
    Output.result("wrote \(path)      next: cgadc compile \(path)\n")
  }

}
