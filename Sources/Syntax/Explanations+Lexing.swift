package import Support

/// What the codes of the lexer and of files that are no models mean.
extension DiagnosticExplanation {

  /// The entries CG0130 to CG0159.
  package static let lexing: [DiagnosticExplanation] = words + files

  private static let words: [DiagnosticExplanation] = [
    .init(
      "CG0130", "An invalid character",
      """
      Outside strings and comments a model is written in ASCII, so that a look-alike never hides in a name or a sign.
      Word processors and web pages like to replace quotes, minus signs and blanks; the note says what to write.
      A comment starts with //, there is no ';', and there are no logical operators.
      """,
      in: .items,
      erroneous: """
        # the width of the hidden layers
        dim N = 16;
        """,
      corrected: """
        // the width of the hidden layers
        dim N = 16
        """),
    .init(
      "CG0131", "A string without closing quotes",
      """
      A string ends on the line it starts on, so that a missing quote spoils one line and not the rest of the file.
      Write the closing quote; a new line inside a string is written \\n.
      """,
      in: .file,
      erroneous: """
        dim B = 4, D = 8
        data x: (f32[B, D], i32[B]) = idx(images: "images.gz, labels: "labels.gz")
        """,
      corrected: """
        dim B = 4, D = 8
        data x: (f32[B, D], i32[B]) = idx(images: "images.gz", labels: "labels.gz")

        model Net(x: f32[B, D]) -> f32[B, D] {
          param weight: f32[D, D]
          return x @ weight
        }

        train {
          let (image, label) = batch(x)
          loss = cross_entropy(Net(image), label)
          optimizer = sgd(lr: 0.1)
        }
        """),
    .init(
      "CG0132", "An unknown escape",
      """
      In a string a backslash starts one of the escapes \\" \\\\ \\n and \\t. A backslash itself, as in the paths of some
      systems, is written \\\\; paths can be written with / everywhere.
      """,
      in: .file,
      erroneous: #"""
        dim B = 4, D = 8
        data x: f32[B, D] = npy("data\images.npy")
        """#,
      corrected: """
        dim B = 4, D = 8
        data x: f32[B, D] = npy("data/images.npy")

        model Net(x: f32[B, D]) -> f32[B, D] {
          param weight: f32[D, D]
          return x @ weight
        }

        train {
          let image = batch(x)
          loss = mse(Net(image), image)
          optimizer = sgd(lr: 0.1)
        }
        """),
    .init(
      "CG0133", "An underscore at the edge of a number",
      """
      Underscores group the digits of long numbers, as in 10_000, and so must stand between two digits.
      """,
      in: .items,
      erroneous: """
        dim N = 1024_
        """,
      corrected: """
        dim N = 1_024
        """),
    .init(
      "CG0134", "A word that is too long",
      """
      A name has at most \(Limits.nameBytes) bytes, a number \(Limits.numberBytes) and a string \(Limits.stringBytes), so \
      that every message and every plan stays readable.
      Shorten it; for a string look for a missing closing quote.
      """,
      noExampleBecause: "an example would be as long as the limit"),
    .init(
      "CG0135", "Too many words",
      """
      A file may hold at most \(Limits.tokens) words and signs. Generated models reach such a size only by writing
      out what a 'repeat' says in one line.
      """,
      noExampleBecause: "an example would be millions of words long"),
  ]

  private static let files: [DiagnosticExplanation] = [
    .init(
      "CG0150", "A file that is too large",
      """
      A model is a text that people read; one of more than \(Limits.fileBytes >> 20) MiB is taken for something else and
      not read. Weights and data never stand in a model: parameters are initialised by rules, data is named.
      """,
      noExampleBecause: "an example would be larger than the limit"),
    .init(
      "CG0151", "A picture, not a model",
      """
      The ending .cgm is also that of Computer Graphics Metafile pictures (ISO/IEC 8632), and the file starts like one.
      """,
      noExampleBecause: "the file is not text"),
    .init(
      "CG0152", "A file that is not text",
      """
      The file holds a zero byte, which no text has. It may be a plan, weights, or text saved as UTF-16: save it as UTF-8.
      """,
      noExampleBecause: "the file is not text"),
    .init(
      "CG0153", "Text that is not UTF-8",
      """
      Models are read as UTF-8, so that comments and strings mean the same on every machine. The message names the first
      byte that is not part of a character. Save the file as UTF-8 in your editor.
      """,
      noExampleBecause: "the file is not valid text"),
    .init(
      "CG0154", "A line that is too long",
      """
      A line may have at most \(Limits.lineBytes) bytes. Newlines inside brackets are blanks: break long lists there.
      """,
      noExampleBecause: "an example would be as long as the limit"),
    .init(
      "CG0155", "A line that gets too long when formatted",
      """
      'cgadc fmt' writes blanks around signs, and with them the line would have more than \(Limits.lineBytes) bytes. Only
      inside brackets can it be broken: put the value in parentheses, or give parts of it names with 'let'.
      """,
      noExampleBecause: "an example would be as long as the limit"),
    .init(
      "CG0156", "A file that gets too large when formatted",
      """
      'cgadc fmt' indents lines and puts comments into columns, and with that the file would be larger than
      \(Limits.fileBytes >> 20) MiB. Nest bodies less deeply, or say what is repeated in one 'repeat'.
      """,
      noExampleBecause: "an example would be as large as the limit"),
  ]

}
