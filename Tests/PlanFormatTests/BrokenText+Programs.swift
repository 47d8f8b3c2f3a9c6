extension BrokenText {

  static let programs: [BrokenText] = [
    .init(
      "programs out of order",
      [
        ("program train", "program eval"),
        ("program eval {\n  bind train.image = test", "program train {\n  bind train.image = test"),
      ], "header: the programs are [\"eval\", \"train\"], not train and at most eval after it"),
    .init(
      "an unknown program", "program eval", "program test",
      "header: the programs are [\"train\", \"test\"], not train and at most eval after it"),
    .init(
      "backward in eval", "  delete hit", "  backward\n  delete hit",
      "program eval: the backward part starts at instruction 13, outside of train"),
    .init("no loss", "  loss loss = train.loss\n", "", "program train: there are 0 losses, not 1"),
    .init(
      "two losses", "  metric accuracy = accuracy\n", "  loss other = accuracy\n",
      "program eval: there are 2 losses, not 1"),
    .init(
      "two metrics of a name", "  metric accuracy = accuracy\n",
      "  metric accuracy = accuracy\n  metric accuracy = loss\n", "program eval: two results are called accuracy"),
    .init(
      "a metric that is no scalar", "  metric accuracy = accuracy\n", "  metric accuracy = logits\n",
      "program eval: the result logits is f32[16,4], not a value f32[] in the arena"),
    .init(
      "a loss in storage", "  loss loss = train.loss\n", "  loss loss = train.label\n",
      "program train: the result train.label is i32[16], not a value f32[] in the arena"),
    .init(
      "an input bound twice", "  bind train.label = train_set.1\n", "  bind train.image = train_set.0\n",
      "program train: input train.image is bound twice"),
    .init(
      "a parameter bound", "  bind train.label = train_set.1\n", "  bind b1 = train_set.1\n",
      "program train: b1 is bound, but is no input"),
    .init(
      "unknown data", "train_set.1\n", "trainset.1\n",
      "program train: train.label is bound to trainset, which is no data declaration"),
    .init(
      "an unknown component", "train_set.1\n", "train_set.2\n",
      "program train: train.label is bound to component 2 of train_set, which has 2"),
    .init(
      "a component of another type", "train_set.1\n", "train_set.0\n",
      "program train: train.label is i32[16], but train_set.0 is f32[16,8]"),
    .init(
      "an input bound nowhere", "  // mlp.cgm:12\n\nprogram",
      "  // mlp.cgm:12\ninput spare : f32[0] @0  // mlp.cgm:12\n\nprogram", "header: input spare is bound in no program"
    ),
  ]

}
