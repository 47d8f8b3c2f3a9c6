extension AcceptedCase {

  /// Statements.
  static let statements: [AcceptedCase] = [
    .init(
      "declarations",
      #"""
      train {
        param w: f32[A] ~ zeros()
        param v: f32[A]
        state s: f32[] = 0
        layer e = E()
      }

      """#,
      dump: #"""
        train
          body
            param w
              tensor f32
                name A
              call
                name zeros
            param v
              tensor f32
                name A
            state s
              tensor f32
              number 0
            layer e
              call
                name E

        """#),
    .init(
      "a variable called else behind a body",
      #"""
      train {
        if a {
        }
        else = 3
      }

      """#,
      dump: #"""
        train
          body
            if
              name a
              body
            assign else =
              number 3

        """#),
    .init(
      "lets and vars",
      #"""
      train {
        let a = 1
        let (b) = f(a)
        let (c, d) = g(a)
        var e = c
      }

      """#,
      dump: #"""
        train
          body
            let a
              number 1
            let (b)
              call
                name f
                name a
            let (c, d)
              call
                name g
                name a
            var e
              name c

        """#),
    .init(
      "assignments",
      #"""
      train {
        a = 1
        a += 1
        a -= 1
        a *= 1
        a /= 1
      }

      """#,
      dump: #"""
        train
          body
            assign a =
              number 1
            assign a +=
              number 1
            assign a -=
              number 1
            assign a *=
              number 1
            assign a /=
              number 1

        """#),
    .init(
      "updates and metrics",
      #"""
      train {
        update mean = 0.9 * mean
        metric accuracy = a == b
      }

      """#,
      dump: #"""
        train
          body
            update mean
              chain
                number 0.9
                operator *
                  name mean
            metric accuracy
              comparison ==
                name a
                name b

        """#),
    .init(
      "keywords as names",
      #"""
      train {
        state var: f32[] = 1
        save = every(1 epoch)
        update = 2
        return = 3
        param = if + when
        let in = as as as
      }

      """#,
      dump: #"""
        train
          body
            state var
              tensor f32
              number 1
            assign save =
              call
                name every
                number 1 epoch
            assign update =
              number 2
            assign return =
              number 3
            assign param =
              chain
                name if
                operator +
                  name when
            let in
              instance as
                name as

        """#),
    .init(
      "repeats",
      #"""
      train {
        repeat 6 as h { x = 1 }
        repeat L { x = 1 }
        repeat i in 2 * L as h { x = 1 }
        repeat in in in { x = 1 }
      }

      """#,
      dump: #"""
        train
          body
            repeat as h
              number 6
              body
                assign x =
                  number 1
            repeat
              name L
              body
                assign x =
                  number 1
            repeat i as h
              chain
                number 2
                operator *
                  name L
              body
                assign x =
                  number 1
            repeat in
              name in
              body
                assign x =
                  number 1

        """#),
    .init(
      "branches",
      #"""
      train {
        if a < b { x = 1 } else { x = 2 }
        when training { x = 1 }
        when evaluation {
        } else {
        }
      }

      """#,
      dump: #"""
        train
          body
            if
              comparison <
                name a
                name b
              body
                assign x =
                  number 1
              else
                assign x =
                  number 2
            when training
              body
                assign x =
                  number 1
            when evaluation
              body
              else

        """#),
  ]

}
