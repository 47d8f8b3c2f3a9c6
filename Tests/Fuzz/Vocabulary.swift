/// What mutations put into texts.
enum Vocabulary {

  /// Words and signs of the language, and some that are nearly so.
  static let tokens: [[UInt8]] =
    [
      "import", "dim", "let", "data", "func", "block", "model", "train", "schedule", "param", "state", "layer", "var",
      "update", "metric", "repeat", "if", "else", "when", "training", "evaluation", "return", "as", "in", "true",
      "false",
      "f64", "f32", "f16", "bf16", "i64", "i32", "u16", "u8", "bool", "int", "float", "save", "recompute", "offload",
      "(", ")", "[", "]", "{", "}", ",", ":", "::", ".", "..", "=", "+=", "-=", "*=", "/=", "==", "!=", "<", "<=", ">",
      ">=", "->", "~", "@", "-", "+", "*", "**", "/", "%", "\"", "\\", "//", "\n", "KiB", "MiB", "steps", "epochs", "x",
      "B",
      "D", "h", "loss", "optimizer", "batch(", "relu(", "mean(", "softmax(", "dropout(", "reshape(", "split(",
      "rearrange(", "transpose(", "concat(", "sum(", "moments(", "cross_entropy(", "mse(", "sgd(lr: 0.1)",
      "sgdw(lr: 0.1, decay: 0.1)", "adamw(",
      "every(k: 3)", "synthetic()", "npy(x: \"a\", ", "csv(\"a\", ", "header: false, ", "x: \"a, b..c\"",
      "tokens(\"a\", ",
      "dtype: u16", "window: T", "stride: 1", "sqrt()", "none()", "zeros()", "normal(std: 0.02)", "checkpoint(",
      "checkpoint = ", "attention(",
      "clip = 1.0", "accumulate = 2",
      "freeze = \"h.**\"", "freeze = (\"*\", \"**.{0..1}\")", "cosine(peak: 1e-3, warmup: 10, total: 20)",
      "linear(from: 0.1, to: 0.0, total: 5)", "step(initial: 0.1, every: 2, factor: 0.5)", "orthogonal()",
      "lion(lr: 1e-4)",
      "import std.nn\n", "import std.nn (LayerNorm)\n", "import a.b\n", "import std\n", "repeat 3 as h {", "f32[B, D]",
      "f32[.., D]", "axis: 1", "axes: (0, 1)", "keep: true", "save = every(2 steps, keep: 3)", "def", "for", "'", "$",
      ";", "#", "!", "&&",
    ].map { Array($0.utf8) }

  /// Numbers at the borders of what can be computed.
  static let numbers: [[UInt8]] =
    [
      "0", "1", "2", "3", "7", "100", "127", "255", "256", "1000", "65536", "1_000_000", "2147483647", "2147483648",
      "4294967296", "10_000_000_000", "1000000000000000000", "9223372036854775807", "9223372036854775808",
      "99999999999999999999999999", "0.0", "0.5", "1e-3", "1e308", "1e309", "1e-320", "5e-324", "1e38", "3.5e38",
      "0.30000000000000004", "1e999999999", "1.", ".5", "1e", "1__0", "1_", "00", "007", "3037000500",
      "4611686018427387904",
    ].map { Array($0.utf8) }

  /// Bytes that are no text, or text of other kinds.
  static let damage: [[UInt8]] = [
    [0x80], [0xff], [0xc3], [0xe2, 0x82], [0xf0, 0x9f, 0x98], [0xc0, 0xaf], [0xed, 0xa0, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
    [0x00], [0x0d], [0x0d, 0x0a], [0x0b], [0x1b, 0x5b], [0x7f], [0xc2, 0x85], [0xc2, 0xa0], [0xef, 0xbb, 0xbf],
    [0xe2, 0x80, 0xa8], [0xe2, 0x80, 0x9c], [0xf0, 0x9f, 0x98, 0x80], [0xe2, 0x88, 0x92], [0xcc, 0x81],
    [0xe2, 0x80, 0xae],
    [0xf0, 0x9f, 0x91, 0xa8, 0xe2, 0x80, 0x8d, 0xf0, 0x9f, 0x91, 0xa9],
  ]

  /// What can be nested or strung together, with what closes it.
  static let nesting: [(open: String, close: String)] = [
    ("(", ")"), ("[", "]"), ("-(", ")"), ("f(", ")"), ("f(a: ", ")"), ("x[", "]"), ("{\n", "}\n"), ("if a {\n", "}\n"),
    ("repeat 2 {\n", "}\n"), ("repeat 9 as a {\n", "}\n"), ("when training {\n", "} else {\n}\n"), ("(", ""), ("", ")"),
    ("{", ""), ("", "}"), ("a + ", ""), ("a -> ", ""), ("a == ", ""), ("", ".a"), ("", "(1)"), ("1 * -", ""),
    ("x = x\n", ""), ("\n", ""), (" ", ""), ("// ", ""), ("\"", ""), ("a, ", ""),
  ]

}
