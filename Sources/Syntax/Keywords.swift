import Support

/// The words that start an item.
enum ItemKeyword: String, CaseIterable {

  case importItem = "import"
  case dim
  case letItem = "let"
  case data
  case function = "func"
  case block
  case model
  case train
  case schedule

}

/// The words that start a statement.
enum StatementKeyword: String, CaseIterable {

  case param
  case state
  case layer
  case letStatement = "let"
  case varStatement = "var"
  case update
  case metric
  case repeatStatement = "repeat"
  case ifStatement = "if"
  case when
  case returnStatement = "return"

}

/// What people who come from other languages write.
private let foreignWords = [
  "for": "repeat", "while": "repeat", "loop": "repeat", "def": "func", "fn": "func", "function": "func", "const": "let",
  "class": "block", "struct": "block", "module": "block", "dataset": "data", "use": "import", "mut": "var",
  "parameter": "param", "float32": "f32", "float16": "f16", "float64": "f64", "double": "f64", "half": "f16",
  "bfloat16": "bf16", "int32": "i32", "int64": "i64", "uint8": "u8", "uint16": "u16", "integer": "int",
  "boolean": "bool",
]

/// Returns the word of `candidates` that `word` most likely stands for, or `nil`.
func intendedWord(for word: String, among candidates: [String]) -> String? {
  if let known = foreignWords[word], candidates.contains(known) { return known }
  return Suggestion.nearest(to: word, in: candidates)
}
