extension RejectedCase {

  /// Wrong items, statements, types and rules.
  static let items: [RejectedCase] = [
    .init(
      "an item with a keyword misspelled",
      #"""
      modle M(x: f32[B]) -> f32[B] {
        retrun x
      }

      """#,
      errors: #"""
        1:1: expected an item, found 'modle'; did you mean 'model'? [CG0101]
        2:3: expected a statement, found 'retrun'; did you mean 'return'? [CG0102]

        """#),
    .init(
      "a word of another language",
      #"""
      def f(x: f32[B]) -> float32[B] {
        return x
      }

      """#,
      errors: #"""
        1:1: expected an item, found 'def'; did you mean 'func'? [CG0101]
        1:21: expected a type, found 'float32'; did you mean 'f32'? [CG0105]

        """#),
    .init(
      "what is no item",
      #"""
      3 + 4
      dim B = 1

      """#,
      errors: "1:1: expected an item, found '3' [CG0101]\n"),
    .init(
      "a statement outside of a body",
      #"""
      param w: f32[B]
      dim B = 1

      """#,
      errors: "1:1: 'param' starts a statement, which may only stand in a body [CG0119]\n"),
    .init(
      "a call as a statement",
      #"""
      train {
        foo(x)
      }

      """#,
      errors: "2:3: expected a statement, found 'foo' [CG0102]\n"),
    .init(
      "a missing value",
      #"""
      let x =
      let y = 1

      """#,
      errors: "1:8: expected an expression, found the end of the line [CG0103]\n"),
    .init(
      "an else on its own line",
      #"""
      train {
        if a {
          x = 1
        }
        else {
          x = 2
        }
      }

      """#,
      errors: "5:3: 'else' must stand on the line of the '}' before it [CG0114]\n"),
    .init(
      "an else if",
      #"""
      train {
        if a {
          x = 1
        } else if b {
          x = 2
        }
      }

      """#,
      errors: "4:10: expected '{' after 'else', found 'if' [CG0123]\n"),
    .init(
      "an unknown phase",
      #"""
      train {
        when trainning {
          x = 1
        }
      }

      """#,
      errors:
        "2:8: expected 'training' or 'evaluation' after 'when', found 'trainning'; did you mean 'training'? [CG0115]\n"),
    .init(
      "a scalar without brackets",
      #"""
      block A(x: f32) -> f32[] {
        return x
      }

      """#,
      errors: "1:15: expected '[' after 'f32', found ')' [CG0120]\n"),
    .init(
      "an unknown type",
      #"""
      data x: int32[B] = npy("a")
      data y: [B] = npy("b")

      """#,
      errors: #"""
        1:9: expected a type, found 'int32'; did you mean 'i32'? [CG0105]
        2:9: expected a type, found '[' [CG0105]

        """#),
    .init(
      "a missing type",
      #"""
      train {
        param w = 3
        param v ~ zeros()
        state s: f32[]
      }

      """#,
      errors: #"""
        2:11: expected ':' before the type of a parameter, found '=' [CG0107]
        3:11: expected ':' before the type of a parameter, found '~' [CG0107]
        4:17: expected '=' before the value of a state, found the end of the line [CG0107]

        """#),
    .init(
      "a missing result",
      #"""
      func f(x: f32[]) {
        return x
      }

      """#,
      errors: "1:18: expected '->' before the type of the result, found '{' [CG0107]\n"),
    .init(
      "a reserved name",
      #"""
      dim f32 = 3
      let true = 1

      """#,
      errors: #"""
        1:5: 'f32' is reserved and cannot be a name [CG0118]
        2:5: 'true' is reserved and cannot be a name [CG0118]

        """#),
    .init(
      "a name after a name",
      #"""
      let x = a b
      import std nn
      import std.nn (a b)

      """#,
      errors: #"""
        1:11: expected the end of the line after the item, found 'b' [CG0109]
        2:12: expected the end of the line after the item, found 'nn' [CG0109]
        3:18: expected ',' or ')' after the name, found 'b' [CG0108]

        """#),
    .init(
      "rules",
      #"""
      schedule {
        sav h.*
        save
        save h.
        recompute h.{0..}.x
        recompute h.{0,1}
        keep x
        budget 3
        offload a :: 3
      }

      """#,
      errors: #"""
        2:3: expected a rule, found 'sav'; did you mean 'save'? [CG0110]
        3:7: expected a part of a path, found the end of the line [CG0111]
        4:10: expected a part of a path, found the end of the line [CG0111]
        5:19: expected an integer for the last index of a range, found '}' [CG0121]
        6:17: expected '..' between the indices of a range, found ',' [CG0107]
        7:3: expected a rule, found 'keep' [CG0110]
        8:3: expected a rule, found 'budget' [CG0110]
        9:16: expected the name of an operation, found '3' [CG0106]

        """#),
  ]

}
