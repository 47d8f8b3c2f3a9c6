package import Support

/// What the codes of names, calls and places mean.
extension DiagnosticExplanation {

  /// The entries of CG0190 and of those of CG0201 to CG0223 that have to do with names.
  package static let naming: [DiagnosticExplanation] = names + calls + instances + statements

  private static let names: [DiagnosticExplanation] = [
    .init(
      "CG0190", "Not supported yet",
      """
      The construct belongs to the language, and the parser reads it, but this version does not compile it.
      """,
      noExampleBecause: "what is not supported changes with the version"),
    .init(
      "CG0201", "An unknown name",
      """
      Nothing that is visible here declares the name: no dim, constant, data, block or operation, no formal parameter
      and no 'let', 'var', 'param' or 'state' above it in the same body. Names differ by case.
      A new name is declared with 'let', or with 'var' if it is assigned to again. Dims may appear undeclared only in the
      types of formal parameters, where they are inferred at each call.
      """,
      in: .model,
      erroneous: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          return x @ wieght
        }
        """,
      corrected: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          return x @ weight
        }
        """),
    .init(
      "CG0202", "A name declared twice",
      """
      In one scope a name means one thing: what is declared later never hides what was declared earlier. Use another
      name, or declare the first one with 'var' and assign to it: 'h = …' makes a new version of h.
      """,
      in: .model,
      erroneous: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          let h = x @ weight
          let h = tanh(h)
          return h
        }
        """,
      corrected: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          var h = x @ weight
          h = tanh(h)
          return h
        }
        """),
    .init(
      "CG0217", "An assignment to what is not a variable",
      """
      Only names declared with 'var' can be assigned to; formal parameters, 'let' and 'param' keep their value, so that
      a reader finds it in one place. Declare a 'var' that starts with the value.
      """,
      in: .model,
      erroneous: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          let h = x @ weight
          h += 1
          return h
        }
        """,
      corrected: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          var h = x @ weight
          h += 1
          return h
        }
        """),
  ]

  private static let calls: [DiagnosticExplanation] = [
    .init(
      "CG0210", "An expression of the wrong kind",
      """
      The place takes one kind of expression, such as a tensor, a number, a dim, a string, a tuple or a call, and another
      one stands there. The message says which; operations that ask for tensors of certain types say these as well.
      """,
      in: .model,
      erroneous: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          return x @ weight + true
        }
        """,
      corrected: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          return x @ weight + 1
        }
        """),
    .init(
      "CG0212", "Arguments that do not fit",
      """
      The call gives too many arguments, too few, one twice, or one with a label that the callee does not have. The note
      shows its form. Arguments without a label come first and in order; any argument may be labelled by its name.
      """,
      in: .training,
      erroneous: """
        train {
          let (image, label) = batch(examples)
          loss = cross_entropy(Net(image), label)
          optimizer = sgd(rate: 0.1)
        }
        """,
      corrected: """
        train {
          let (image, label) = batch(examples)
          loss = cross_entropy(Net(image), label)
          optimizer = sgd(lr: 0.1)
        }
        """),
    .init(
      "CG0213", "The wrong number of names for a tuple",
      """
      'let (a, b) = …' takes a tuple apart and needs exactly one name for each of its values.
      """,
      in: .training,
      erroneous: """
        train {
          let (image, label, weight) = batch(examples)
          loss = cross_entropy(Net(image), label)
          optimizer = sgd(lr: 0.1)
        }
        """,
      corrected: """
        train {
          let (image, label) = batch(examples)
          loss = cross_entropy(Net(image), label)
          optimizer = sgd(lr: 0.1)
        }
        """),
    .init(
      "CG0221", "No such initializer",
      """
      Behind '~' stands how a parameter starts: zeros(), ones(), constant(value), normal(mean:, std:),
      uniform(low:, high:), kaiming() or xavier(). Either the name is none of these or the arguments are not of its form;
      all of them are labelled, and low must be below high.
      """,
      in: .model,
      erroneous: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C] ~ normal(0.02)
          return x @ weight
        }
        """,
      corrected: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C] ~ normal(std: 0.02)
          return x @ weight
        }
        """),
  ]

  private static let instances: [DiagnosticExplanation] = [
    .init(
      "CG0215", "A block that contains itself",
      """
      A model is unrolled completely before it is planned, so a block may not call itself, directly or through others.
      Layers that are repeated are written with 'repeat'.
      """,
      in: .file,
      erroneous: """
        dim B = 4, D = 8
        data examples: (f32[B, D], i32[B]) = synthetic()

        block Layer(x: f32[B, D]) -> f32[B, D] {
          param weight: f32[D, D]
          return Layer(tanh(x @ weight))
        }

        model Net(x: f32[B, D]) -> f32[B, D] {
          return Layer(x)
        }

        train {
          let (image, label) = batch(examples)
          loss = cross_entropy(Net(image), label)
          optimizer = sgd(lr: 0.1)
        }
        """,
      corrected: """
        dim B = 4, D = 8
        data examples: (f32[B, D], i32[B]) = synthetic()

        block Layer(x: f32[B, D]) -> f32[B, D] {
          param weight: f32[D, D]
          return tanh(x @ weight)
        }

        model Net(x: f32[B, D]) -> f32[B, D] {
          var h = x
          repeat 3 as layers {
            h = Layer(h)
          }
          return h
        }

        train {
          let (image, label) = batch(examples)
          loss = cross_entropy(Net(image), label)
          optimizer = sgd(lr: 0.1)
        }
        """),
    .init(
      "CG0216", "Two instances of one name",
      """
      The name of an instance is part of the paths of its parameters, which files of weights refer to. Two unnamed calls
      of one block would get the same paths, and numbering them silently would break such files when a line is moved.
      Name one of them with 'as', or declare one shared instance.
      """,
      in: .file,
      erroneous: """
        dim B = 4, D = 8
        data examples: (f32[B, D], i32[B]) = synthetic()

        block Dense(x: f32[B, D]) -> f32[B, D] {
          param weight: f32[D, D]
          return x @ weight
        }

        model Net(x: f32[B, D]) -> f32[B, D] {
          return Dense(tanh(Dense(x)))
        }

        train {
          let (image, label) = batch(examples)
          loss = cross_entropy(Net(image), label)
          optimizer = sgd(lr: 0.1)
        }
        """,
      corrected: """
        dim B = 4, D = 8
        data examples: (f32[B, D], i32[B]) = synthetic()

        block Dense(x: f32[B, D]) -> f32[B, D] {
          param weight: f32[D, D]
          return x @ weight
        }

        model Net(x: f32[B, D]) -> f32[B, D] {
          return Dense(tanh(Dense(x) as input)) as output
        }

        train {
          let (image, label) = batch(examples)
          loss = cross_entropy(Net(image), label)
          optimizer = sgd(lr: 0.1)
        }
        """),
    .init(
      "CG0222", "'as' where there is no instance",
      """
      'as' names the instance that a call of a block makes, and with it the paths of its parameters. Operations and
      functions own nothing and have no instances. A value is named with 'let'.
      """,
      in: .model,
      erroneous: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          return tanh(x @ weight) as scores
        }
        """,
      corrected: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          let scores = tanh(x @ weight)
          return scores
        }
        """),
    .init(
      "CG0223", "A path that is taken",
      """
      Every parameter, input and value of a program has a path of its own, by which plans, weights and rules name it. The
      path is that of another value, or a word that plans use themselves, such as 'update'. Choose another name, or name
      the instances around it with 'as'.
      """,
      in: .model,
      erroneous: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param update: f32[D, C]
          return x @ update
        }
        """,
      corrected: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          return x @ weight
        }
        """),
  ]

  private static let statements: [DiagnosticExplanation] = [
    .init(
      "CG0214", "More than the compiler unrolls",
      """
      A model is unrolled before it is planned: every repetition and every instance becomes instructions of its own. The
      numbers of repetitions, of instructions and of bytes, the depth of calls and the length of paths have limits, so
      that a slip of the keyboard costs no hours. Lower the count in the message.
      """,
      in: .model,
      erroneous: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          var h = x
          repeat 10_000_000_000 {
            h = relu(h)
          }
          return h @ weight
        }
        """,
      corrected: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          var h = x
          repeat 10 {
            h = relu(h)
          }
          return h @ weight
        }
        """),
    .init(
      "CG0218", "A body without a result",
      """
      The body of a func, block or model ends with the 'return' of its result. There is no result without one, also
      where the last statement is an expression's name.
      """,
      in: .model,
      erroneous: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          let scores = x @ weight
        }
        """,
      corrected: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          let scores = x @ weight
          return scores
        }
        """),
    .init(
      "CG0219", "Statements after 'return'",
      """
      'return' ends the body, so what follows could never be computed. Delete it, or move the 'return' to the end.
      """,
      in: .model,
      erroneous: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          return x @ weight
          let scores = tanh(x @ weight)
        }
        """,
      corrected: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          let scores = tanh(x @ weight)
          return scores
        }
        """),
    .init(
      "CG0220", "A construct in the wrong place",
      """
      Some constructs mean something in one place only: 'param' in a block or model, 'batch', 'loss' and metrics in
      'train', a model's call in 'train', a block's call in a model or block, 'return' at the end of a body, '->' in
      'rearrange'. The message says where it belongs.
      """,
      in: .training,
      erroneous: """
        train {
          param scale: f32[]
          let (image, label) = batch(examples)
          loss = cross_entropy(Net(image), label)
          optimizer = sgd(lr: 0.1)
        }
        """,
      corrected: """
        train {
          let (image, label) = batch(examples)
          loss = cross_entropy(Net(image), label)
          optimizer = sgd(lr: 0.1)
        }
        """),
  ]

}
