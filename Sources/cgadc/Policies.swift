import ArgumentParser
import Scheduling
import Support

/// `cgadc policies`.
struct Policies: ParsableCommand {

  static let configuration = CommandConfiguration(abstract: "cgadc policies\n\nLists the checkpoint policies.")

  mutating func run() throws {
    var table = TextTable([.left, .left])
    for p in Policy.all { table.append([p.form, p.summary]) }
    Output.result(table.description)
  }

}
