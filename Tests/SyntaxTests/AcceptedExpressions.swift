extension AcceptedCase {

  /// Expressions.
  static let expressions: [AcceptedCase] = [
    .init(
      "precedence",
      "let a = -b.c * d + e @ f % g - h / 2 as i == j -> k\n",
      dump: #"""
        let a
          arrow
            comparison ==
              instance i
                chain
                  chain
                    negated
                      member c
                        name b
                    operator *
                      name d
                  operator +
                    chain
                      name e
                      operator @
                        name f
                      operator %
                        name g
                  operator -
                    chain
                      name h
                      operator /
                        number 2
              name j
            name k

        """#),
    .init(
      "comparisons, from the left",
      "let a = b != c <= d >= e > f\n",
      dump: #"""
        let a
          comparison >
            comparison >=
              comparison <=
                comparison !=
                  name b
                  name c
                name d
              name e
            name f

        """#),
    .init(
      "parentheses",
      "let a = (b + c) + d\n",
      dump: #"""
        let a
          chain
            chain
              name b
              operator +
                name c
            operator +
              name d

        """#),
    .init(
      "arrows",
      "let a = rearrange(x, [B, T, (H, Dh)] -> [B, T, H, Dh])\n",
      dump: #"""
        let a
          call
            name rearrange
            name x
            arrow
              list
                name B
                name T
                tuple
                  name H
                  name Dh
              list
                name B
                name T
                name H
                name Dh

        """#),
    .init(
      "suffixes",
      "let a = f(x)[0, -1].y(n: 1)()\n",
      dump: #"""
        let a
          call
            call
              member y
                subscript
                  call
                    name f
                    name x
                  number 0
                  negated
                    number 1
              argument n
                number 1

        """#),
    .init(
      "a call of many lines",
      #"""
      let a = f(
        x,   // first

        n:
        2
      )

      """#,
      dump: #"""
        let a
          call
            name f
            name x
            argument n
              number 2

        """#),
    .init(
      "lines that look like calls and signs",
      #"""
      train {
        a = b
        c = d
        e = [
          1
          , 2 -
          3]
      }

      """#,
      dump: #"""
        train
          body
            assign a =
              name b
            assign c =
              name d
            assign e =
              list
                number 1
                chain
                  number 2
                  operator -
                    number 3

        """#),
    .init(
      "literals",
      "let a = [true, false, f32, 1_000, 0.5, 1e-3, 2E+2, 1_0.0_1, 9223372036854775807, \"\"]\n",
      dump: #"""
        let a
          list
            bool true
            bool false
            element type f32
            number 1000
            number 0.5
            number 0.001
            number 200.0
            number 10.01
            number 9223372036854775807
            string ""

        """#),
    .init(
      "units",
      "let a = [96 MiB, 1.5GiB, 1 KiB, 2 KB, 3 MB, 4 GB, 1 step, 2 steps, 1 epoch, 2 epochs, 1 minute, 2 minutes]\n",
      dump: #"""
        let a
          list
            number 96 MiB
            number 1.5 GiB
            number 1 KiB
            number 2 KB
            number 3 MB
            number 4 GB
            number 1 step
            number 2 steps
            number 1 epoch
            number 2 epochs
            number 1 minute
            number 2 minutes

        """#),
  ]

}
