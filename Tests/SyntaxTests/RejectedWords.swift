extension RejectedCase {

  /// Wrong words, literals and expressions.
  static let words: [RejectedCase] = [
    .init(
      "an unknown unit",
      #"""
      let a = 96 Mib
      let b = 3 apples
      let c = 2x

      """#,
      errors: #"""
        1:12: unknown unit 'Mib'; did you mean 'MiB'? [CG0116]
        2:11: unknown unit 'apples' [CG0116]
        3:10: unknown unit 'x' [CG0116]

        """#),
    .init(
      "numbers",
      #"""
      let a = 1__0
      let b = 1_
      let c = 99999999999999999999
      let d = 1e999
      let e = .5
      let f = 1.

      """#,
      errors: #"""
        1:9: an underscore in a number must stand between two digits [CG0133]
        2:9: an underscore in a number must stand between two digits [CG0133]
        3:9: number out of range [CG0117]
        4:9: number out of range [CG0117]
        5:9: expected an expression, found '.' [CG0103]
        6:11: expected the name of a member, found the end of the file [CG0106]

        """#),
    .init(
      "strings",
      "let a = \"abc\nlet b = \"a\\qb\"\nlet c = 'x'\nlet d = \u{201c}x\u{201d}\n",
      errors:
        "1:9: string without closing quotes [CG0131]\n2:11: unknown escape in a string [CG0132]\n3:9: invalid character ''' (U+0027) [CG0130]\n4:9: invalid character '\u{201c}' (U+201C) [CG0130]\n"
    ),
    .init(
      "characters",
      "let a = b; c\nlet gr\u{f6}\u{df}e = 1\nlet d = 2 \u{d7} 3 # four\nlet e = \u{1f600}\nlet f\u{a0}= 1\n",
      errors:
        "1:10: invalid character ';' (U+003B) [CG0130]\n2:7: invalid character '\u{f6}' (U+00F6) [CG0130]\n3:11: invalid character '\u{d7}' (U+00D7) [CG0130]\n4:9: invalid character '\u{1f600}' (U+1F600) [CG0130]\n5:6: invalid character U+00A0 [CG0130]\n"
    ),
    .init(
      "operators of other languages",
      #"""
      let a = 2 ** 3
      let b = 2 ^ 3
      let c = a && b
      let d = !a

      """#,
      errors: #"""
        1:11: expected the end of the line after the item, found '**' [CG0109]
        2:11: invalid character '^' (U+005E) [CG0130]
        3:11: invalid character '&' (U+0026) [CG0130]
        4:9: invalid character '!' (U+0021) [CG0130]

        """#),
    .init(
      "an index that is too large",
      #"""
      schedule {
        save h.99999999999999999999
      }

      """#,
      errors: "2:10: number out of range [CG0117]\n"),
    .init(
      "a unit on the next line",
      #"""
      let a = f(1
        MiB)

      """#,
      errors: "2:3: expected ',' or ')' after the argument, found 'MiB' [CG0108]\n"),
    .init(
      "two signs",
      "let a = - - b\n",
      errors: "1:11: expected an expression, found '-' [CG0103]\n"),
    .init(
      "a sum after an instance",
      "let a = b as c + d\n",
      errors: "1:16: expected the end of the line after the item, found '+' [CG0109]\n"),
    .init(
      "a comma too many",
      "let a = f(1, )\n",
      errors: "1:14: expected an expression, found ')' [CG0103]\n"),
    .init(
      "an empty tuple",
      "let a = ()\n",
      errors: "1:10: expected an expression, found ')' [CG0103]\n"),
    .init(
      "a missing operand",
      #"""
      let x = 1 +
      let y = * 2

      """#,
      errors: #"""
        1:12: expected an expression, found the end of the line [CG0103]
        2:9: expected an expression, found '*' [CG0103]

        """#),
    .init(
      "names that are missing",
      #"""
      dim
      let = 3
      let a = b.3
      let c = d as

      """#,
      errors: #"""
        1:4: expected the name of a dimension, found the end of the line [CG0106]
        2:5: expected the name of a constant, found '=' [CG0106]
        3:11: expected the name of a member, found '3' [CG0106]
        4:13: expected the name of an instance, found the end of the file [CG0106]

        """#),
  ]

}
