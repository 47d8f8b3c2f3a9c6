extension AcceptedCase {

  /// Items, types and rules.
  static let items: [AcceptedCase] = [
    .init(
      "nothing",
      "",
      dump: ""),
    .init(
      "comments, blanks and newlines alone",
      " \t// comment\u{d}\n\n// another",
      dump: ""),
    .init(
      "imports",
      #"""
      import std
      import std.nn (Linear,
        MLP)

      """#,
      dump: #"""
        import std
        import std.nn
          name Linear
          name MLP

        """#),
    .init(
      "dimensions",
      #"""
      dim B = 128, T
      dim Dh = D / H

      """#,
      dump: #"""
        dims
          dim B
            number 128
          dim T
        dims
          dim Dh
            chain
              name D
              operator /
                name H

        """#),
    .init(
      "constants",
      #"""
      let a = 1
      let let = 2

      """#,
      dump: #"""
        let a
          number 1
        let let
          number 2

        """#),
    .init(
      "data",
      "data text: (i32[B, T], i32[]) = tokens(\"a\\\"b\\\\c\\n\\t\u{fc}\", dtype: u8)\n",
      dump:
        "data text\n  type tuple\n    tensor i32\n      name B\n      name T\n    tensor i32\n  call\n    name tokens\n    string \"a\\\"b\\\\c\\n\\t\u{fc}\"\n    argument dtype\n      element type u8\n"
    ),
    .init(
      "a function",
      "func f(x: f32[.., D], n: dim, i: int = 3, r: float, b: bool, m: bool[..]) -> (f32[], f32[2]) {}\n",
      dump: #"""
        func f
          formal x
            tensor f32 ..
              name D
          formal n
            type dim
          formal i
            type int
            number 3
          formal r
            type float
          formal b
            type bool
          formal m
            tensor bool ..
          result
            type tuple
              tensor f32
              tensor f32
                number 2
          body

        """#),
    .init(
      "a type in parentheses",
      "data x: (f32[B]) = y\n",
      dump: #"""
        data x
          tensor f32
            name B
          name y

        """#),
    .init(
      "a block and a model",
      #"""
      block A() -> f32[] { return x }
      model B() -> f32[] {

        return x

      }

      """#,
      dump: #"""
        block A
          result
            tensor f32
          body
            return
              name x
        model B
          result
            tensor f32
          body
            return
              name x

        """#),
    .init(
      "trainings",
      #"""
      train {}
      train fast {
      }

      """#,
      dump: #"""
        train
          body
        train fast
          body

        """#),
    .init(
      "settings and rules",
      #"""
      schedule {
        checkpoint = every(k: 3)
        save h.*.scores
        recompute h.{0..2}.** :: gelu, x
        offload **
        save = 1
      }
      schedule tight {

      }

      """#,
      dump: #"""
        schedule
          setting checkpoint
            call
              name every
              argument k
                number 3
          save
            selector h.*.scores
          recompute
            selector h.{0..2}.** :: gelu
            selector x
          offload
            selector **
          setting save
            number 1
        schedule tight

        """#),
    .init(
      "indices in paths",
      #"""
      schedule {
        save h.0.x, h.0.1.2.y, 0.x, 0.1.x, h.1_0.f32
      }

      """#,
      dump: #"""
        schedule
          save
            selector h.0.x
            selector h.0.1.2.y
            selector 0.x
            selector 0.1.x
            selector h.10.f32

        """#),
    .init(
      "a byte order mark",
      "\u{feff}let a = 1\n",
      dump: #"""
        let a
          number 1

        """#),
  ]

}
