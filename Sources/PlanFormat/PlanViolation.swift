/// Why a plan must not be run.
package struct PlanViolation: Error, Hashable, Sendable, CustomStringConvertible {

  /// What part of the plan is at fault.
  package enum Place: Hashable, Sendable, CustomStringConvertible {

    /// The lines before the first program.
    case header

    /// A program as a whole.
    case program(String)

    /// An instruction, counted from 0, and its line of text, counted from 1.
    case instruction(program: String, index: Int, line: Int)

    package var description: String {
      switch self {
      case .header: "header"
      case .program(let name): "program \(name.clipped)"
      case .instruction(let program, let index, let line):
        "program \(program.clipped), instruction \(index) (line \(line))"
      }
    }

  }

  package let place: Place

  package let problem: PlanProblem

  init(_ place: Place, _ problem: PlanProblem) {
    self.place = place
    self.problem = problem
  }

  /// The violation as `program train, instruction 3 (line 41): h.pre is read after instruction 2 deleted it`.
  package var description: String { "\(place): \(problem.message)" }

}

/// What is wrong, with the two things that disagree; there is one factory for each kind of problem.
package struct PlanProblem: Hashable, Sendable {

  package let message: String

  init(_ message: String) { self.message = message }

}

extension String {

  /// The string, cut if it is too long for a message.
  var clipped: String { utf8.count <= 160 ? self : "\(prefix(120))…" }

}
