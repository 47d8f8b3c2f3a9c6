import Testing

/// A text and what the formatter makes of it.
struct FormatterCase: CustomTestStringConvertible {

  let name: String

  let text: String

  let formatted: String

  init(_ name: String, _ text: String, _ formatted: String) {
    self.name = name
    self.text = text
    self.formatted = formatted
  }

  var testDescription: String { name }

}

extension FormatterCase {

  /// What stands between tokens.
  static let spacing: [FormatterCase] = [
    .init("nothing", "", ""),
    .init("blanks and newlines alone", "\u{feff} \t\r\n\n", ""),
    .init("no final newline", "dim B", "dim B\n"),
    .init("newlines before and behind", "\n\n\ndim B\n\n\n", "dim B\n"),
    .init(
      "carriage returns, tabs and a byte order mark", "\u{feff}dim\tB\r\n\r\n// c\t \r\ndim\tC\r\n",
      "dim B\n\n// c\ndim C\n"),
    .init(
      "operators", "let a=-b.c*d+e@f%g - - h/2 as i==j->k\nlet l = m<n\n",
      "let a = -b.c * d + e @ f % g - -h / 2 as i == j -> k\nlet l = m < n\n"),
    .init("brackets", "let a = f ( x , [ 1,-2 ] ) [ 0 ] . y( k :2 )( )\n", "let a = f(x, [1, -2])[0].y(k: 2)()\n"),
    .init("units and strings", "let a = [96MiB, 1.5  GiB,\"a  b\"]\n", "let a = [96 MiB, 1.5 GiB, \"a  b\"]\n"),
    .init(
      "formals and types", "block A(x:f32[..,D],n :dim=3)->(f32[ ],bool[..]){return x}",
      "block A(x: f32[.., D], n: dim = 3) -> (f32[], bool[..]) {\n  return x\n}\n"),
    .init("imports", "import std . nn(A,B)\nimport  std\n", "import std.nn (A, B)\nimport std\n"),
    .init(
      "keywords before brackets and minus signs",
      "train {\nreturn(a)\nreturn[a]\nreturn-a\nif(a)>b{}\nrepeat-a{}\nrepeat i in(a){}\nlet(b)=a\n}",
      """
      train {
        return (a)
        return [a]
        return -a
        if (a) > b {}
        repeat -a {}
        repeat i in (a) {}
        let (b) = a
      }

      """),
    .init(
      "keywords as operands",
      "train {\nx=in(a)-return(b)-let\nrepeat in-a{}\nrepeat in in-a{}\nin=1\n}",
      """
      train {
        x = in(a) - return(b) - let
        repeat in - a {}
        repeat in in -a {}
        in = 1
      }

      """),
    .init(
      "selectors",
      "schedule {save h . 0 . x,** ::gelu\noffload 0.1.{ 0 .. 2 }.*,*\n}",
      "schedule {\n  save    h.0.x, ** :: gelu\n  offload 0.1.{0..2}.*, *\n}\n"),
  ]

  /// Lines, bodies and the empty lines between them.
  static let lines: [FormatterCase] = [
    .init(
      "bodies",
      "train{if a{x=1}else{y=2}\n\n\n\nwhen training{\n\n}else{ return x }\n\n}",
      """
      train {
        if a {
          x = 1
        } else {
          y = 2
        }

        when training {} else {
          return x
        }
      }

      """),
    .init(
      "an empty line around items with bodies, others as they are",
      "import a\ndim B\ntrain {}\ntrain b {\n}\ndata c: f32[] = d\n\n\nlet e = 1\nlet f = 2\nschedule {\n}\n",
      """
      import a
      dim B

      train {}

      train b {}

      data c: f32[] = d

      let e = 1
      let f = 2

      schedule {}

      """),
    .init(
      "comments go with what follows",
      "// file\ndim B\n// train\ntrain {\n// x\n x = 1\n\n// end\n}\n// after\n\n// last\nmodel A() -> f32[] {}\n",
      """
      // file
      dim B

      // train
      train {
        // x
        x = 1

        // end
      }
      // after

      // last
      model A() -> f32[] {}

      """),
    .init(
      "a body of comments", "train {// a\n// b\n}// c",
      "train {                                       // a\n  // b\n}                                             // c\n"
    ),
  ]

  /// Cells in columns.
  static let alignment: [FormatterCase] = [
    .init(
      "params and states",
      "train {\nparam w: f32[In, Out] ~ a()\nparam bias : f32[Out] ~ b()\nparam free: f32[A, B, C, D, E]\nstate s: f32[] = 0\n}",
      """
      train {
        param w:    f32[In, Out] ~ a()
        param bias: f32[Out]     ~ b()
        param free: f32[A, B, C, D, E]
        state s:    f32[]        = 0
      }

      """),
    .init(
      "data, and values of one shape",
      "data train_set: (f32[B], i32[B]) = npz(\"long\", x: \"ab\", y: 1)\ndata t: i32[B] = npz(\"s\", x: \"a\", y: 12)\n",
      """
      data train_set: (f32[B], i32[B]) = npz("long", x: "ab", y: 1)
      data t:         i32[B]           = npz("s",    x: "a",  y: 12)

      """),
    .init(
      "values of other shapes, or called otherwise, keep single blanks",
      "train {\nlet a = f(x, yy, z)\nlet bb = g(xx, y, z)\nupdate a = 1 + xx + y\nupdate b = 1 + x + y\nupdate c = 1 + x - y\n}",
      """
      train {
        let a  = f(x, yy, z)
        let bb = g(xx, y, z)
        update a = 1 + xx + y
        update b = 1 + x + y
        update c = 1 + x - y
      }

      """),
    .init(
      "words in square brackets keep single blanks",
      "let a = f(x, [B, Time, H], y)\nlet b = f(xyz, [B, T, H], y)\n",
      "let a = f(x,   [B, Time, H], y)\nlet b = f(xyz, [B, T, H],    y)\n"),
    .init(
      "settings and the metrics behind them",
      "train {\nlet a = b\nloss = 1\nmetric accuracy = 2\nmetric top = 3\noptimizer = 4\nseed = 5\nseed += 6\nx = 7\n}",
      """
      train {
        let a = b
        loss            = 1
        metric accuracy = 2
        metric top      = 3
        optimizer = 4
        seed      = 5
        seed += 6
        x = 7
      }

      """),
    .init(
      "each word that starts a statement by itself",
      "train {\nlet a = 1\nlet (b, c) = 2\nlet d = 3\nvar long = 4\nlayer longer = 5\nlayer e = 6\n}",
      """
      train {
        let a = 1
        let (b, c) = 2
        let d = 3
        var long = 4
        layer longer = 5
        layer e      = 6
      }

      """),
    .init(
      "empty lines and comment lines end a run",
      "train {\na = 1\nbbb = 2\n\ncc = 3\n// c\ndddd = 4\n}",
      """
      train {
        a   = 1
        bbb = 2

        cc = 3
        // c
        dddd = 4
      }

      """),
    .init(
      "single dims", "dim B = 1\ndim Pixels = 2\ndim C = 3, D = 4\ndim E\ndim Long = 5\n",
      "dim B      = 1\ndim Pixels = 2\ndim C = 3, D = 4\ndim E\ndim Long = 5\n"),
    .init(
      "no more than 24 blanks are added",
      "let a = 1\nlet a23456789012345678901234 = 2\nlet b = [3\n]\nlet c = 4\n\nlet d = 5\nlet a234567890123456789012345 = 6\nlet a2345678901234567890123456 = 7\n",
      """
      let a                        = 1
      let a23456789012345678901234 = 2
      let b                        = [3]
      let c                        = 4

      let d = 5
      let a234567890123456789012345 = 6
      let a2345678901234567890123456 = 7

      """),
  ]

  /// Comments behind tokens.
  static let trailing: [FormatterCase] = [
    .init(
      "in one column", "dim B // b\ndim Pixels = 8 // p\ndim C\n",
      "dim B                                         // b\ndim Pixels = 8                                // p\ndim C\n"),
    .init(
      "behind the widest line of a run",
      "let a = f(bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb) // a\nlet c = 1 // c\n\nlet d = 2 // d\n",
      "let a = f(bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb)  // a\nlet c = 1                                      // c\n\nlet d = 2                                     // d\n"
    ),
    .init(
      "a very wide line moves no other comment",
      "let a = bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb// a\nlet c = 1//c",
      "let a = bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb  // a\nlet c = 1                                     //c\n"
    ),
    .init(
      "a long comment stands further left",
      "let c = 1 // \(String(repeating: "long ", count: 19))\ndim B // b\n",
      "let c = 1\(String(repeating: " ", count: 128 - 97 - 9))// \(String(repeating: "long ", count: 18))long\n"
        + "dim B\(String(repeating: " ", count: 128 - 97 - 5))// b\n"),
  ]

}
