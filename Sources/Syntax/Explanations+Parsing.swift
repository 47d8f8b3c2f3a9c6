package import Support

/// What the codes of the parser mean.
extension DiagnosticExplanation {

  /// The entries CG0101 to CG0129.
  package static let parsing: [DiagnosticExplanation] = items + bodies + expressions + rules

  private static let items: [DiagnosticExplanation] = [
    .init(
      "CG0101", "Expected an item",
      """
      Outside all braces a file holds items: import, dim, let, data, func, block, model, train and schedule.
      Something else stands at the start of a line here, often a mistyped keyword or a word of another language.
      Start the line with one of these words, or move it into the body that it belongs to.
      """,
      in: .items,
      erroneous: """
        dimension N = 16
        """,
      corrected: """
        dim N = 16
        """),
    .init(
      "CG0105", "Expected a type",
      """
      A type is an element type with its shape, as f32[B, D], or one of dim, int, float and bool, or a tuple of types.
      The element types are f64 f32 f16 bf16 i64 i32 u16 u8 bool, written this way and not as in other languages.
      """,
      in: .model,
      erroneous: """
        model Net(x: float32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          return x @ weight
        }
        """,
      corrected: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          return x @ weight
        }
        """),
    .init(
      "CG0106", "Expected a name",
      """
      A declaration, a member behind '.', or 'as' needs a name: a letter or _, then letters a to z, A to Z, digits and _.
      Something else stands in its place; names cannot start with a digit.
      """,
      in: .items,
      erroneous: """
        let 2x = 2
        """,
      corrected: """
        let x2 = 2
        """),
    .init(
      "CG0107", "Expected a sign",
      """
      The grammar has only one continuation here, such as ':' before a type, '=' before a value, '->' before the type
      of a result or '{' before a body. The message says which sign and what for; write it in front of what was found.
      """,
      in: .model,
      erroneous: """
        model Net(x: f32[B, D]) f32[B, C] {
          param weight: f32[D, C]
          return x @ weight
        }
        """,
      corrected: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          return x @ weight
        }
        """),
    .init(
      "CG0108", "A list goes on without a comma",
      """
      Inside ( ) or [ ] the elements are separated by commas, and a newline is only a blank, so that a bracket that is
      never closed swallows the lines after it. Write the missing comma or closing bracket; the note shows what is open.
      """,
      in: .model,
      erroneous: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          return relu(x @ weight
        }
        """,
      corrected: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          return relu(x @ weight)
        }
        """),
    .init(
      "CG0109", "A line goes on after its end",
      """
      A newline ends a statement, an item or a rule, and there is no ';'. What was read so far is complete, and more
      stands on the line. An operator may be missing, or the rest belongs on a line of its own.
      A product is always written with '*', and a power is pow(x, n).
      """,
      in: .items,
      erroneous: """
        let width = 16
        let area = width ** 2
        """,
      corrected: """
        let width = 16
        let area = width * width
        """),
    .init(
      "CG0112", "A closing brace too many",
      """
      A '}' stands where no body is open. Either it is one too many, or a '{' before it is missing.
      """,
      in: .items,
      erroneous: """
        dim N = 16
        }
        """,
      corrected: """
        dim N = 16
        """),
    .init(
      "CG0113", "A body without its closing brace",
      """
      The body that the note shows is not closed: the file ends, or an item begins, which cannot stand in a body.
      Write the missing '}'. Where the file is indented, the error is found at the first item after the body.
      """,
      in: .model,
      erroneous: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          return x @ weight

        """,
      corrected: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          return x @ weight
        }
        """),
    .init(
      "CG0118", "A reserved word as a name",
      """
      The element types (f64 f32 f16 bf16 i64 i32 u16 u8 bool) and true and false mean themselves everywhere and cannot
      be names. All other words of the language can: 'state', 'save' and 'data' are names where one is expected.
      """,
      in: .items,
      erroneous: """
        let f32 = 4
        """,
      corrected: """
        let width = 4
        """),
    .init(
      "CG0120", "An element type without a shape",
      """
      The type of a tensor always says its shape, also where it has no axes, so that a forgotten shape is not a scalar
      by accident. A scalar is f32[], a vector f32[D], and f32[.., D] has any leading axes.
      """,
      in: .model,
      erroneous: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          param scale: f32
          return scale * (x @ weight)
        }
        """,
      corrected: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          param scale: f32[]
          return scale * (x @ weight)
        }
        """),
  ]

  private static let bodies: [DiagnosticExplanation] = [
    .init(
      "CG0102", "Expected a statement",
      """
      The line of a body is an assignment (x = …, x += …) or starts with param, state, layer, let, var, update, metric,
      repeat, if, when or return. An expression alone computes nothing that anybody reads, so it is no statement.
      """,
      in: .model,
      erroneous: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          retrun x @ weight
        }
        """,
      corrected: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          return x @ weight
        }
        """),
    .init(
      "CG0114", "'else' on a line of its own",
      """
      A newline ends a statement, so the 'if' or 'when' before it has ended. Write '} else {' on one line.
      """,
      in: .model,
      erroneous: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          if D > 4 {
            return x @ weight
          }
          else {
            return tanh(x @ weight)
          }
        }
        """,
      corrected: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          if D > 4 {
            return x @ weight
          } else {
            return tanh(x @ weight)
          }
        }
        """),
    .init(
      "CG0115", "Neither 'training' nor 'evaluation'",
      """
      'when' asks which of the two programs of a model is compiled: the training step or the evaluation step. There is
      no third. A condition on sizes is written with 'if'.
      """,
      in: .model,
      erroneous: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          when trainning {
            return dropout(x, rate: 0.1) @ weight
          } else {
            return x @ weight
          }
        }
        """,
      corrected: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          when training {
            return dropout(x, rate: 0.1) @ weight
          } else {
            return x @ weight
          }
        }
        """),
    .init(
      "CG0119", "A statement outside every body",
      """
      The word starts a statement, and statements stand between the braces of a func, block, model or train. Where the
      line looks right, the body may have been closed too early: count the '}' before it.
      """,
      in: .model,
      erroneous: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          return x @ weight
        }
        param bias: f32[C]
        """,
      corrected: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          param bias: f32[C]
          return x @ weight + bias
        }
        """),
    .init(
      "CG0123", "'else if'",
      """
      The language has no 'else if': 'else' is followed by a body. Put the second 'if' into that body.
      """,
      in: .model,
      erroneous: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          if D > 16 {
            return x @ weight
          } else if D > 4 {
            return tanh(x @ weight)
          } else {
            return relu(x @ weight)
          }
        }
        """,
      corrected: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          if D > 16 {
            return x @ weight
          } else {
            if D > 4 {
              return tanh(x @ weight)
            } else {
              return relu(x @ weight)
            }
          }
        }
        """),
  ]

  private static let expressions: [DiagnosticExplanation] = [
    .init(
      "CG0103", "Expected an expression",
      """
      A value is missing: after an operator, after '=', or between commas. No comma may stand before a closing bracket,
      there is no empty tuple (), a number starts with a digit (0.5, not .5), and a power is pow(x, n).
      """,
      in: .items,
      erroneous: """
        let scale = 2 *
        """,
      corrected: """
        let scale = 2 * 3
        """),
    .init(
      "CG0104", "Nested too deeply",
      """
      Brackets, bodies and operators may be nested at most \(Limits.nesting) deep, and an expression may be at most
      \(Limits.height) operators high, so that no file can exhaust the compiler's stack. Only generated files come near.
      Name parts of the expression with 'let', or write a 'repeat' for what is repeated.
      """,
      noExampleBecause: "an example would be more than \(Limits.nesting) brackets long"),
    .init(
      "CG0116", "An unknown unit",
      """
      A word directly behind a number is its unit. Sizes are in KiB, MiB, GiB (powers of 1024) or KB, MB, GB (of 1000),
      lengths of training in steps, epochs or minutes. A product of a number and a value is written with '*'.
      """,
      in: .schedule,
      erroneous: """
        schedule {
          checkpoint = every(k: 2 Steps)
        }
        """,
      corrected: """
        schedule {
          checkpoint = every(k: 2)
        }
        """),
    .init(
      "CG0117", "A number out of range",
      """
      An integer is held in 64 bits and every other number in double precision; this one fits neither. Integers never
      become floating-point numbers silently: write 1e19 if that is meant.
      """,
      in: .items,
      erroneous: """
        let big = 10_000_000_000_000_000_000
        """,
      corrected: """
        let big = 1e19
        """),
    .init(
      "CG0122", "Too many errors",
      """
      The parser gives up on a file after this many errors, because what follows is most likely no model at all.
      Mend the errors above and try again.
      """,
      noExampleBecause: "an example would have to hold hundreds of errors"),
  ]

  private static let rules: [DiagnosticExplanation] = [
    .init(
      "CG0110", "Expected a rule",
      """
      A schedule holds settings, as checkpoint = sqrt(), and rules that start with save, recompute or offload and name
      values by their paths. It never computes anything, so no statement of a model can stand in it.
      """,
      in: .schedule,
      erroneous: """
        schedule {
          keep layer.*.h
        }
        """,
      corrected: """
        schedule {
          save layer.*.h
        }
        """),
    .init(
      "CG0111", "Expected a part of a path",
      """
      A rule names values by path: parts separated by '.', each a name, an index, * for any one part, ** for any number
      of parts, or a range of indices such as {0..2}. An operation may follow behind '::'.
      """,
      in: .schedule,
      erroneous: """
        schedule {
          save layer.
        }
        """,
      corrected: """
        schedule {
          save layer.*.h
        }
        """),
    .init(
      "CG0121", "Expected an integer",
      """
      The ends of a range of indices in a rule are written as whole numbers, as in {0..2}, which selects 0, 1 and 2.
      Dims and constants cannot stand there, because rules are matched against the text of paths.
      """,
      in: .schedule,
      erroneous: """
        schedule {
          save layer.{0..B}.h
        }
        """,
      corrected: """
        schedule {
          save layer.{0..3}.h
        }
        """),
  ]

}
