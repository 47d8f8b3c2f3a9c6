package import Support

/// What the codes of training and of data mean.
extension DiagnosticExplanation {

  /// The entries CG0401 to CG0499 and CG0601 to CG0699.
  package static let training: [DiagnosticExplanation] = losses + settings + data

  private static let losses: [DiagnosticExplanation] = [
    .init(
      "CG0401", "Nothing to train",
      """
      A plan is made for the training step, which the 'train' block describes: its loss, its optimizer and its data. A
      file without one has nothing that could be planned.
      """,
      in: .file,
      erroneous: """
        dim B = 4, D = 8
        data examples: f32[B, D] = synthetic()

        model Net(x: f32[B, D]) -> f32[B, D] {
          param weight: f32[D, D]
          return x @ weight
        }
        """,
      corrected: """
        dim B = 4, D = 8
        data examples: f32[B, D] = synthetic()

        model Net(x: f32[B, D]) -> f32[B, D] {
          param weight: f32[D, D]
          return x @ weight
        }

        train {
          let x = batch(examples)
          loss = mse(Net(x), x)
          optimizer = sgd(lr: 0.1)
        }
        """),
    .init(
      "CG0402", "A 'train' block without a loss",
      """
      The loss is what training makes small; its gradient is what every parameter is updated with.
      """,
      in: .training,
      erroneous: """
        train {
          let (image, label) = batch(examples)
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
      "CG0403", "A loss that is not one number",
      """
      Only a single number can be made small, so the loss is a scalar f32[]. A loss per example is reduced with 'mean',
      or with 'sum' if the rate is meant to grow with the batch.
      """,
      in: .training,
      erroneous: """
        train {
          let (image, label) = batch(examples)
          loss = Net(image)
          optimizer = sgd(lr: 0.1)
        }
        """,
      corrected: """
        train {
          let (image, label) = batch(examples)
          loss = mean(Net(image))
          optimizer = sgd(lr: 0.1)
        }
        """),
    .init(
      "CG0405", "A parameter without a gradient",
      """
      The loss does not depend on the parameter, so that training would never change it: it is not used, or only behind
      an operation without a gradient, such as 'argmax' or a comparison. Usually a line was forgotten. Use the parameter,
      delete it, or freeze it: 'freeze = "bias"' in 'train' leaves it as it starts. 'freeze' takes a path or a pattern of
      paths, or several in brackets: ("wte", "h.*.mlp.**").
      """,
      in: .model,
      erroneous: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          param bias: f32[C]
          return x @ weight
        }
        """,
      corrected: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          param bias: f32[C]
          return x @ weight + bias
        }
        """),
    .init(
      "CG0406", "A model without parameters",
      """
      Training changes parameters, and this program has none, or all of them are frozen. Declare them with 'param' in a
      block or model, or let 'freeze' select fewer.
      """,
      in: .model,
      erroneous: """
        model Net(x: f32[B, D]) -> f32[B, D] {
          return tanh(x)
        }
        """,
      corrected: """
        model Net(x: f32[B, D]) -> f32[B, C] {
          param weight: f32[D, C]
          return tanh(x @ weight)
        }
        """),
  ]

  private static let settings: [DiagnosticExplanation] = [
    .init(
      "CG0404", "A 'train' block without an optimizer",
      """
      The optimizer says how gradients change parameters and what it stores for that, which counts into the peak.
      There is none by default, because no rate suits every model.
      """,
      in: .training,
      erroneous: """
        train {
          let (image, label) = batch(examples)
          loss = cross_entropy(Net(image), label)
        }
        """,
      corrected: """
        train {
          let (image, label) = batch(examples)
          loss = cross_entropy(Net(image), label)
          optimizer = sgd(lr: 0.1, momentum: 0.9)
        }
        """),
    .init(
      "CG0407", "An unknown setting",
      """
      The settings of a block are fixed, so that a mistyped one is never silently without effect. The note says which
      there are. A value of your own is named with 'let'.
      """,
      in: .training,
      erroneous: """
        train {
          let (image, label) = batch(examples)
          loss = cross_entropy(Net(image), label)
          optimizer = sgd(lr: 0.1)
          epoch = 3
        }
        """,
      corrected: """
        train {
          let (image, label) = batch(examples)
          loss = cross_entropy(Net(image), label)
          optimizer = sgd(lr: 0.1)
          epochs = 3
        }
        """),
    .init(
      "CG0408", "A setting with a value that makes no sense",
      """
      The setting takes values of one form, which the message shows: a rate is not below 0, a seed is a whole number,
      'epochs' is a number of epochs and not of steps, 'clip' is a norm above 0, a warm-up ends before the schedule of the
      rate does, 'accumulate' counts micro-batches, 'save' is 'every(500 steps, keep: 3)'.
      """,
      in: .training,
      erroneous: """
        train {
          let (image, label) = batch(examples)
          loss = cross_entropy(Net(image), label)
          optimizer = sgd(lr: -0.1)
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
      "CG0409", "Two lengths of training",
      """
      Training lasts for a number of epochs or for a number of steps; given both, one would have to be ignored.
      """,
      in: .training,
      erroneous: """
        train {
          let (image, label) = batch(examples)
          loss = cross_entropy(Net(image), label)
          optimizer = sgd(lr: 0.1)
          epochs = 3
          steps = 500
        }
        """,
      corrected: """
        train {
          let (image, label) = batch(examples)
          loss = cross_entropy(Net(image), label)
          optimizer = sgd(lr: 0.1)
          steps = 500
        }
        """),
    .init(
      "CG0410", "An unknown 'train' block",
      """
      --train NAME compiles the block 'train NAME' of the file, and there is none of this name. Without the flag the block
      without a name is compiled, or else the first.
      """,
      in: .training,
      erroneous: """
        train fine {
          let (image, label) = batch(examples)
          loss = cross_entropy(Net(image), label)
          optimizer = sgd(lr: 0.1)
        }
        """,
      flags: "--train fien",
      corrected: """
        train fine {
          let (image, label) = batch(examples)
          loss = cross_entropy(Net(image), label)
          optimizer = sgd(lr: 0.1)
        }
        """,
      correctedFlags: "--train fine"),
    .init(
      "CG0411", "A frozen parameter that does not exist",
      """
      'freeze' leaves the parameters that it selects as they start, without gradient and without slots of the optimizer. It
      selects by weight paths, as the rules of a schedule do: '*' is one part of a path, '**' any number of parts; beside
      other characters '*' stands for some of a part, as in "h.*.attn.w*". A pattern that selects nothing was meant to
      select something, so it is an error.
      """,
      in: .training,
      erroneous: """
        train {
          let (image, label) = batch(examples)
          loss = cross_entropy(Net(image), label)
          optimizer = sgd(lr: 0.1)
          freeze = "encoder.**"
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

  private static let data: [DiagnosticExplanation] = [
    .init(
      "CG0601", "An unknown source of data",
      """
      Behind '=' of a data declaration stands where the data comes from: idx(…) for the files of MNIST, npy(…) for arrays of
      NumPy, npz(…) for an archive of them, csv(…) for a table, tokens(…) for a sequence of tokens, or synthetic(), which
      makes data from the seed so that every plan runs without any file.
      """,
      in: .file,
      erroneous: """
        dim B = 4, D = 8
        data examples: f32[B, D] = synthetc()

        model Net(x: f32[B, D]) -> f32[B, D] {
          param weight: f32[D, D]
          return x @ weight
        }

        train {
          let x = batch(examples)
          loss = mse(Net(x), x)
          optimizer = sgd(lr: 0.1)
        }
        """,
      corrected: """
        dim B = 4, D = 8
        data examples: f32[B, D] = synthetic()

        model Net(x: f32[B, D]) -> f32[B, D] {
          param weight: f32[D, D]
          return x @ weight
        }

        train {
          let x = batch(examples)
          loss = mse(Net(x), x)
          optimizer = sgd(lr: 0.1)
        }
        """),
    .init(
      "CG0602", "Data whose source and type disagree",
      """
      A source gives one file, field or array for each component of the type, each with a label of your choice, and every
      component has the batch as its first axis. The files themselves are only opened by 'cgad run'.
      """,
      in: .items,
      erroneous: """
        data more: (f32[B, D], i32[B]) = npz("more.npz", x: "images")
        """,
      corrected: """
        data more: (f32[B, D], i32[B]) = npz("more.npz", x: "images", y: "labels")
        """),
    .init(
      "CG0603", "Evaluation on data of other types",
      """
      Training and evaluation run the same model, so the data of both must have the same types. A smaller last batch is
      dropped and needs no type of its own.
      """,
      in: .file,
      erroneous: """
        dim B = 4, D = 8, E = 16
        data examples: f32[B, D] = synthetic()
        data held_out: f32[B, E] = synthetic()

        model Net(x: f32[B, D]) -> f32[B, D] {
          param weight: f32[D, D]
          return x @ weight
        }

        train {
          let x = batch(examples)
          loss = mse(Net(x), x)
          optimizer = sgd(lr: 0.1)
          eval = every(1 epoch, on: held_out)
        }
        """,
      corrected: """
        dim B = 4, D = 8
        data examples: f32[B, D] = synthetic()
        data held_out: f32[B, D] = synthetic()

        model Net(x: f32[B, D]) -> f32[B, D] {
          param weight: f32[D, D]
          return x @ weight
        }

        train {
          let x = batch(examples)
          loss = mse(Net(x), x)
          optimizer = sgd(lr: 0.1)
          eval = every(1 epoch, on: held_out)
        }
        """),
    .init(
      "CG0604", "A second batch of the same data",
      """
      A step reads one batch of its data. 'batch' written twice would read the same examples twice, or twice as many as
      the author thinks. Keep the parts of the first one under names.
      """,
      in: .training,
      erroneous: """
        train {
          let (image, _) = batch(examples)
          let (_, label) = batch(examples)
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
      "CG0605", "Tokens of another shape",
      """
      tokens(…) cuts a sequence into windows: a batch of them is i32[B, T], and a second component i32[B, T], where there is
      one, has the same windows one token further on. The window is the second axis, by its name and not only its size.
      """,
      in: .items,
      erroneous: """
        dim T = 16, Context = 16
        data text: (i32[B, T], i32[B, T]) = tokens("text.u16", dtype: u16, window: Context)
        """,
      corrected: """
        dim T = 16
        data text: (i32[B, T], i32[B, T]) = tokens("text.u16", dtype: u16, window: T)
        """),
    .init(
      "CG0606", "Columns that do not make up an example",
      """
      csv(…) takes for each component the columns that hold an example's elements: names between commas, as the first line
      of the table has them, or ranges as "p0..p63". With header: false behind the path the table has no such line, and
      columns are numbers from 1 on. There are as many columns as an example has elements.
      """,
      in: .items,
      erroneous: """
        dim Sizes = 2
        data flowers: (f32[B, Sizes], i32[B]) = csv("flowers.csv", x: "length, width, age", y: "kind")
        """,
      corrected: """
        dim Sizes = 2
        data flowers: (f32[B, Sizes], i32[B]) = csv("flowers.csv", x: "length, width", y: "kind")
        """),
  ]

}
