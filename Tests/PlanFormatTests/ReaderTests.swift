import Operations
import PlanFormat
import Support
import Testing

@Suite struct ReaderTests {

  @Test(arguments: [
    ("an empty text", SamplePlan.text, "", "1:1: not a plan: it does not start with 'cgplan'"),
    ("another file", "cgplan 1", "cgir 1", "1:1: not a plan: it does not start with 'cgplan'"),
    (
      "a foreign version", "cgplan 1", "cgplan 2",
      "1:9: foreign version: a plan of version 2, but this program reads 1"
    ),
    (
      "an unknown precision", "threads 2\n", "threads 2\nmatmul_precision fp8\n",
      "8:18: unknown precision 'fp8'; there are tf32 and bf16, without this line f32"
    ),
    (
      "a precision that goes without saying", "threads 2\n", "threads 2\nmatmul_precision f32\n",
      "8:18: unknown precision 'f32'; there are tf32 and bf16, without this line f32"
    ),
    (
      "a precision behind the dims", "dims B=16 Hidden=8\n", "dims B=16 Hidden=8\nmatmul_precision tf32\n",
      "9:1: expected 'peak_bytes'"
    ),
    (
      "an unknown library", "threads 2\n", "threads 2\nmatmul_library mkl\n",
      "8:16: unknown library 'mkl'; there is cublaslt, without this line cgad's own kernels"
    ),
    (
      "a library that goes without saying", "threads 2\n", "threads 2\nmatmul_library cgad\n",
      "8:16: unknown library 'cgad'; there is cublaslt, without this line cgad's own kernels"
    ),
    (
      "a library before the precision", "threads 2\n", "threads 2\nmatmul_library cublaslt\nmatmul_precision tf32\n",
      "9:1: expected 'peak_bytes'"
    ),
    ("a missing total", "saved_bytes 768\n", "", "14:1: expected 'saved_bytes'"),
    ("a negative total", "saved_bytes 768", "saved_bytes -768", "14:13: expected a whole number"),
    (
      "no blank", "arena_bytes 1600", "arena_bytes1600",
      "10:12: not in canonical form; expected the line 'arena_bytes 1600'"
    ),
    (
      "a leading zero", "@1024", "@01024",
      "40:59: not in canonical form; expected the line '  train.loss = cross_entropy logits, train.label : f32[] @1024  // mlp.cgm:19'"
    ),
    ("a number too large", "@1024", "@9223372036854775808", "40:78: number out of range: 9223372036854775808"),
    (
      "a type too large", "h.pre, b1 : f32[16,8]", "h.pre, b1 : f32[16777216,4294967296]",
      "33:51: extents out of bounds"
    ),
    ("an unknown element type", "h.pre, b1 : f32", "h.pre, b1 : f31", "33:30: unknown element type 'f31'"),
    (
      "an unknown kind", "slot velocity(w1)", "slit velocity(w1)",
      "23:1: expected 'data', 'param', 'slot', 'input' or 'program'"
    ),
    ("an unknown source", "= idx(", "= sql(", "18:93: unknown source 'sql'"),
    ("an unknown initializer", "kaiming()", "keiming()", "20:35: no initializer 'keiming' with these arguments"),
    ("an input with an initializer", "@896", "@896 ~ zeros()", "26:45: an initializer belongs to all but inputs"),
    ("storage declared twice", "param w2", "param w1", "22:1: 'w1' is declared twice"),
    ("an unknown operation", "relu h.sum", "rely h.sum", "35:22: no operation 'rely' with these attributes"),
    ("an unknown attribute", "{rate: 0.5", "{ratio: 0.5", "37:53: no operation 'dropout' with these attributes"),
    (
      "a superfluous attribute", "relu h.sum", "relu h.sum {rate: 0.5}",
      "35:33: no operation 'relu' with these attributes"
    ),
    ("an unknown name", "relu h.sum", "relu h.som", "35:22: 'h.som' is used before it is defined"),
    ("a use before the definition", "relu h.sum", "relu h.drop", "35:23: 'h.drop' is used before it is defined"),
    (
      "a name of the other program", "equal class, train.label", "equal train.loss, train.label",
      "85:39: 'train.loss' is used before it is defined"
    ),
    ("a redefinition", "h.sum = add", "h.pre = add", "33:43: 'h.pre' is defined twice"),
    ("a definition of storage", "h.sum = add", "b1 = add", "33:40: 'b1' is defined twice"),
    ("a redefinition after the delete", "h.drop = dropout", "h.pre = dropout", "37:70: 'h.pre' is defined twice"),
    ("more names than types", "h.sum = add", "h.sum, h.sum = add", "33:50: 2 names, 1 types and 1 offsets"),
    ("no offset", " @512  // mlp.cgm:18\n", "  // mlp.cgm:18\n", "33:38: expected '@'"),
    ("two offsets", " @512  // mlp.cgm:18\n", " @512, @1024  // mlp.cgm:18\n", "33:50: 1 names, 1 types and 2 offsets"),
    ("no site", "  // mlp.cgm:18\n", "\n", "32:48: expected '//'"),
    ("a site without a line", "  // mlp.cgm:18\n", "  // mlp.cgm\n", "32:60: expected // FILE:LINE"),
    ("one blank before a note", "mlp.cgm:18  last use\n", "mlp.cgm:18 last use\n", "34:39: expected // FILE:LINE"),
    (
      "three blanks before a note", "mlp.cgm:18  last use\n", "mlp.cgm:18   last use\n",
      "34:32: not in canonical form; expected the line '  delete h.pre  // mlp.cgm:18  last use'"
    ),
    (
      "a blank at the end", "  backward\n", "  backward \n",
      "41:11: not in canonical form; expected the line '  backward'"
    ),
    ("an empty line", "  backward\n", "\n  backward\n", "41:1: expected a name"),
    (
      "a line without indentation", "  backward\n", "backward\n",
      "41:1: not in canonical form; expected the line '  backward'"
    ),
    ("a carriage return", "  backward\n", "  backward\r\n", "41:11: expected the end of the line"),
    ("backward twice", "  backward\n", "  backward\n  backward\n", "42:11: 'backward' comes twice"),
    ("an unknown keyword", "  backward\n", "  forward\n", "41:10: expected '=' after 'forward'"),
    (
      "a keyword that runs on", "= recompute matmul", "= recompute  matmul",
      "54:23: not in canonical form; expected the line '  h.pre'2 = recompute matmul train.image, w1 : f32[16,8] @512  // mlp.cgm:18  for the gradient of h.sum'"
    ),
    (
      "an update of nothing but the gradient", "sgd grad(w2)", "sgd",
      "50:70: an update has a gradient and at most a factor after '='"
    ),
    (
      "an update from three gradients", "sgd grad(w2)", "sgd grad(w2), grad(w2), grad(w2)",
      "50:99: an update has a gradient and at most a factor after '='"
    ),
    (
      "a binding after the instructions", "  loss loss = train.loss\n", "  loss loss = train.loss\n  bind x = y.0\n",
      "32:3: not in canonical form; expected the line '  bind x = y.0'"
    ),
    ("a binding without a component", "train_set.0\n", "train_set\n", "30:31: expected DATA.COMPONENT"),
    (
      "a result of an unknown value", "loss loss = train.loss", "loss loss = nothing",
      "69:22: 'nothing' is used before it is defined"
    ),
    (
      "nine weights on a line", "\ntraining",
      "\nbound_flops 1 budget 1 bits 1\nduals 1:1 2:1 3:1 4:1 5:1 6:1 7:1 8:1 9:1\ntraining",
      "18:42: more than 8 weights on a line"
    ),
    ("no closing brace", "  loss loss = train.loss\n}\n", "  loss loss = train.loss\n", "70:1: expected a name"),
    (
      "no eval program", String(SamplePlan.text[SamplePlan.text.firstRange(of: "\nprogram eval")!.lowerBound...]), "",
      "71:1: the text ends before the program 'eval' that its training line asks for"
    ),
    (
      "a third program", "  metric accuracy = accuracy\n}\n", "  metric accuracy = accuracy\n}\n\nprogram x {\n}\n",
      "92:1: expected the end of the text"
    ),
    (
      "trailing garbage", "  metric accuracy = accuracy\n}\n", "  metric accuracy = accuracy\n}\ngarbage\n",
      "92:1: expected the end of the text"
    ),
    (
      "a trailing empty line", "  metric accuracy = accuracy\n}\n", "  metric accuracy = accuracy\n}\n\n",
      "92:1: expected the end of the text"
    ),
    (
      "no newline at the end", "  metric accuracy = accuracy\n}\n", "  metric accuracy = accuracy\n}",
      "91:2: not in canonical form; expected the line '}'"
    ),
    ("a byte of no UTF-8 name", "h.pre = matmul", "h.pré = matmul", "32:7: expected '=' after 'h.pr'"),
  ])
  func `refuses`(_ name: String, _ old: String, _ new: String, _ message: String) throws {
    let text = try BrokenText(name, old, new, message).text
    let error = #expect(throws: PlanError.self) { try PlanReader.read(Array(text.utf8)) }
    #expect(error?.description == message)
    #expect(error?.category == .unreadable)
  }

  @Test func `refuses what exceeds a limit, and takes what reaches it`() throws {
    let bytes = Array(SamplePlan.text.utf8)
    let instructions = SamplePlan.plan.programs.reduce(0) { $0 + $1.instructions.count }
    let values = SamplePlan.plan.programs.map(\.values.count).max() ?? 0
    let paths: [(WritableKeyPath<PlanLimits, Int>, Int)] = [
      (\.bytes, bytes.count), (\.instructions, instructions), (\.values, values), (\.storage, 8), (\.declarations, 2),
    ]
    for (path, needed) in paths {
      var limits = PlanLimits()
      limits[keyPath: path] = needed
      #expect(throws: Never.self) { try PlanReader.read(bytes, limits: limits) }
      limits[keyPath: path] = needed - 1
      #expect(throws: PlanError.self) { try PlanReader.read(bytes, limits: limits) }
    }
  }

  @Test func `refuses bytes that are no text`() {
    let prefix = Array("cgplan 1\nsource \"".utf8)
    let error = #expect(throws: PlanError.self) { try PlanReader.read(prefix + [0xFF, 0xFE, 34, 10]) }
    #expect(error?.description == "2:12: string is not UTF-8")
  }

}
