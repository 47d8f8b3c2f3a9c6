extension FormatterCase {

  /// A name of `count` letters.
  private static func word(_ letter: Character, _ count: Int) -> String { String(repeating: letter, count: count) }

  /// Lines of more than 128 columns, and comments in brackets.
  static let breaking: [FormatterCase] = [
    .init(
      "existing breaks in brackets go", "let a = f(\n  x,\n  y\n)[\n0]\nlet b = (c\n)\n",
      "let a = f(x, y)[0]\nlet b = (c)\n"),
    .init(
      "a line of 128 columns stays", "let a = f(\(word("x", 57)), \(word("y", 58)))\n",
      "let a = f(\(word("x", 57)), \(word("y", 58)))\n"),
    .init(
      "a longer one is broken after the bracket", "let a = f(\(word("x", 58)), \(word("y", 58)))\n",
      "let a = f(\n  \(word("x", 58)), \(word("y", 58)))\n"),
    .init(
      "elements fill rows", "let a = f(\(word("x", 60)), \(word("y", 61)), k: \(word("z", 70)), 1, 2)\n",
      "let a = f(\n  \(word("x", 60)), \(word("y", 61)),\n  k: \(word("z", 70)), 1, 2)\n"),
    .init(
      "the bracket in the head of a body closes on a row of its own",
      "block A(xx: f32[\(word("X", 60))], yy: f32[Y]) -> f32[\(word("B", 30))] { return x }\n",
      "block A(\n  xx: f32[\(word("X", 60))], yy: f32[Y]\n) -> f32[\(word("B", 30))] {\n  return x\n}\n"
    ),
    .init(
      "the widest bracket is broken, then those that do not fit",
      "let a = f(\(word("x", 20))) + g(\(word("y", 50)), \(word("z", 50))) + h(\(word("u", 100)))\n",
      "let a = f(\(word("x", 20))) + g(\n  \(word("y", 50)), \(word("z", 50))) + h(\n  \(word("u", 100)))\n"
    ),
    .init(
      "an element that does not fit is cut before its operators",
      "let a = f(\(word("x", 50)) + \(word("y", 50)) * \(word("z", 50)), k: 1)\n",
      "let a = f(\n  \(word("x", 50)) + \(word("y", 50))\n    * \(word("z", 50)),\n  k: 1)\n"),
    .init(
      "an element without operators is broken in its brackets",
      "let a = f(k: g(\(word("x", 60)), \(word("y", 60))), 1)\n",
      "let a = f(\n  k: g(\n    \(word("x", 60)), \(word("y", 60))),\n  1)\n"),
    .init(
      "outside of brackets nothing is broken", "let a = \(word("x", 100)) + \(word("y", 100))\n",
      "let a = \(word("x", 100)) + \(word("y", 100))\n"),
    .init(
      "a line that is broken is not aligned", "let a = f(\(word("x", 60)), \(word("y", 60)))\nlet bb = 1\nlet c = 2\n",
      "let a = f(\n  \(word("x", 60)), \(word("y", 60)))\nlet bb = 1\nlet c  = 2\n"),
    .init(
      "what would get too long is not aligned",
      "let a = f(\(word("x", 117)))\nlet bb = 1\n", "let a = f(\(word("x", 117)))\nlet bb = 1\n"),
    .init(
      "comments between elements",
      "let a = f(// why\nx // first\n, // second\n// own\n\n  y // last\n)\nlet b = [1 // only\n]\n",
      """
      let a = f(                                    // why
        x,                                          // first
        // second
        // own
        y                                           // last
      )
      let b = [
        1                                           // only
      ]

      """),
    .init(
      "a comment behind an operator, a label and a bracket",
      "let a = f(k:// label\n1 +// sum\n2, g(// g\n)// call\n.b)\n",
      """
      let a = f(
        k:                                          // label
        1
          +                                         // sum
          2,
        g(                                          // g
        )                                           // call
        .b)

      """),
  ]

}
