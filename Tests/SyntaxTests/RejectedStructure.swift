extension RejectedCase {

  /// Wrong brackets and bodies, after which the rest of the file is still read.
  static let structure: [RejectedCase] = [
    .init(
      "an unclosed parenthesis",
      #"""
      train {
        let a = f(1, 2
        let b = 3
      }

      """#,
      errors: "3:3: expected ',' or ')' after the argument, found 'let' [CG0108]\n"),
    .init(
      "an unclosed bracket at the end",
      "let a = [1, 2\n",
      errors: "1:14: expected ',' or ']' after the element, found the end of the file [CG0108]\n"),
    .init(
      "a wrong bracket",
      "let a = (1, 2]\n",
      errors: "1:14: expected ',' or ')' after the element, found ']' [CG0108]\n"),
    .init(
      "a missing comma in a call of many lines",
      #"""
      let a = f(
        1,
        2 3,
        4)
      let b = 5 6

      """#,
      errors: #"""
        3:5: expected ',' or ')' after the argument, found '3' [CG0108]
        5:11: expected the end of the line after the item, found '6' [CG0109]

        """#),
    .init(
      "a body without end",
      #"""
      block A(x: f32[]) -> f32[] {
        repeat 3 {
          x = 1

      block B(x: f32[]) -> f32[] {
        return x
      }

      """#,
      errors: "5:1: expected '}', found 'block' [CG0113]\n"),
    .init(
      "a body without end at the end",
      #"""
      train {
        x = 1

      """#,
      errors: "2:8: expected '}', found the end of the file [CG0113]\n"),
    .init(
      "a brace too many",
      #"""
      train {
        x = 1
      }
      }
      let y = 1

      """#,
      errors: "4:1: no body is open that '}' could close [CG0112]\n"),
    .init(
      "a brace too many inside",
      #"""
      train {
        if a {
          x = 1
        }}
        y = 2
      }
      let z = $

      """#,
      errors: #"""
        5:3: expected an item, found 'y' [CG0101]
        7:9: invalid character '$' (U+0024) [CG0130]

        """#),
    .init(
      "heads whose bodies are still read",
      #"""
      train {
        repeat 3 3 {
          let a =
        }
        if {
          let b = )
        }
        x = $
      }

      """#,
      errors: #"""
        2:12: expected '{' before a body, found '3' [CG0107]
        3:12: expected an expression, found the end of the line [CG0103]
        5:6: expected an expression, found '{' [CG0103]
        6:13: expected an expression, found ')' [CG0103]
        8:7: invalid character '$' (U+0024) [CG0130]

        """#),
    .init(
      "a head of a function whose body is still read",
      #"""
      block A(x f32[]) -> f32[] {
        let a = 1 2
      }

      """#,
      errors: #"""
        1:11: expected ':' before the type of a parameter, found 'f32' [CG0107]
        2:13: expected the end of the line after the statement, found '2' [CG0109]

        """#),
    .init(
      "schedule with a wrong name",
      #"""
      schedule 3 {
        save a
      }
      train 4 {
        x = = 1
      }

      """#,
      errors: #"""
        1:10: expected the name of a schedule, found '3' [CG0106]
        4:7: expected the name of a training, found '4' [CG0106]
        5:7: expected an expression, found '=' [CG0103]

        """#),
    .init(
      "a range without end",
      #"""
      schedule {
        save h.{0..2
        save h.{0.2}
        checkpoint = none()
        save {x}
      }

      """#,
      errors: #"""
        2:15: expected '}' after the indices of a range, found the end of the line [CG0107]
        3:11: expected an integer for the first index of a range, found '0.2' [CG0121]
        5:9: expected an integer for the first index of a range, found 'x' [CG0121]

        """#),
    .init(
      "four errors in one file, and the items between them",
      "dim B = \nblock A(x: f32[B]) -> f32[B] {\n  let y = x +\n  let (a, b = split(x)\n  return y\n}\nlet good = 1\nschedule {\n  save h..x\n}\n",
      errors: #"""
        1:8: expected an expression, found the end of the line [CG0103]
        3:14: expected an expression, found the end of the line [CG0103]
        4:13: expected ',' or ')' after the name, found '=' [CG0108]
        9:9: expected the end of the line after the rule, found '..' [CG0109]

        """#),
    .init(
      "two statements on a line",
      #"""
      train {
        let a = 1 let b = 2
      }

      """#,
      errors: "2:13: expected the end of the line after the statement, found 'let' [CG0109]\n"),
  ]

}
