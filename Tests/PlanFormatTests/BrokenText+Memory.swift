extension BrokenText {

  static let operands: [BrokenText] = [
    .init(
      "use after delete", "relu h.sum :", "relu h.pre :",
      "program train, instruction 3 (line 35): h.pre is read after instruction 2 deleted it"),
    .init(
      "a delete moved before the last use",
      [
        ("  delete h.drop\(site19)", ""),
        ("  delete logits\(site19)", "  delete h.drop\(site19)  delete logits\(site19)"),
      ], "program train, instruction 14 (line 47): h.drop is read after instruction 11 deleted it"),
    .init(
      "a missing input of a recomputation", "recompute add h.pre'2, b1", "recompute add h.pre, b1",
      "program train, instruction 22 (line 55): h.pre is read after instruction 2 deleted it"),
    .init(
      "a parameter read after its update",
      [
        ("  update w2, velocity(w2) = sgd grad(w2) \(rate)\(site19)", ""),
        (
          "  delete h.drop\(site19)",
          "  delete h.drop\(site19)"
            + "  update w2, velocity(w2) = sgd grad(w2) \(rate)\(site19)"
        ),
      ], "program train, instruction 16 (line 49): w2 is read after instruction 15 updated it"),
    .init(
      "a slot as operand", "matmul h.drop, w2 :", "matmul h.drop, velocity(w2) :",
      "program train, instruction 7 (line 39): slot velocity(w2) is read by what is no update"),
    .init(
      "an input that is not bound", "  bind train.image = train_set.0\n", "",
      "program train, instruction 0 (line 31): input train.image is read, but not bound"),
    .init(
      "operands of the wrong shape", "matmul h.drop, w2 :", "matmul h.drop, b1 :",
      "program train, instruction 7 (line 39): matmul takes matrices, not f32[16,8] and f32[8]"),
    .init(
      "inner extents that differ", "matmul h.drop, w2 :", "matmul w2, h.drop :",
      "program train, instruction 7 (line 39): matmul of f32[8,4] and f32[16,8]: inner extents differ, 4 and 16"),
    .init(
      "a result of the wrong extents", "w2 : f32[16,4] @0", "w2 : f32[4,16] @0",
      "program train, instruction 7 (line 39): logits is declared f32[4,16], but its operation gives f32[16,4]"),
    .init(
      "a result of the wrong element type", "i32[16] @64", "f32[16] @64",
      "program eval, instruction 8 (line 83): class is declared f32[16], but its operation gives i32[16]"),
    .init(
      "too many results", "logits = matmul h.drop, w2 : f32[16,4] @0",
      "logits, x = matmul h.drop, w2 : f32[16,4], f32[] @0, @1152",
      "program train, instruction 7 (line 39): 2 results are declared, but matmul gives 1"),
    .init(
      "too few operands", "add h.pre, b1 : f32[16,8] @512", "add h.pre : f32[16,8] @512",
      "program train, instruction 1 (line 33): add takes 2 operands, not 1"),
    .init(
      "a rate of dropout that keeps nothing", "dropout h.act {rate: 0.5", "dropout h.act {rate: 1.0",
      "program train, instruction 5 (line 37): dropout takes a rate in [0, 1), not 1.0"),
    .init(
      "a mean that is too large", "accuracy = mean hit {axes: [0]} : f32[]", "accuracy = mean hit {axes: [1]} : f32[]",
      "program eval, instruction 12 (line 87): axes [1] are not ascending axes of bool[16]"),
  ]

  static let arena: [BrokenText] = [
    .init(
      "overlap with a live operand of what is not elementwise", "logits = matmul h.drop, w2 : f32[16,4] @0",
      "logits = matmul h.drop, w2 : f32[16,4] @512",
      "program train, instruction 7 (line 39): logits at 512 + 256 overlaps h.drop at 512 + 512, which is live"),
    .init(
      "overlap with what is no operand", "h.act'2 = recompute relu h.sum'2 : f32[16,8] @512",
      "h.act'2 = recompute relu h.sum'2 : f32[16,8] @0",
      "program train, instruction 24 (line 57): h.act'2 at 0 + 512 overlaps grad(h.act) at 0 + 512, which is live"),
    .init(
      "read after it was overwritten",
      [
        ("h.sum = add h.pre, b1 : f32[16,8] @512", "h.sum = add h.pre, b1 : f32[16,8] @0"),
        (
          "  delete h.pre  // mlp.cgm:18  last use\n  h.act = relu h.sum : f32[16,8] @0",
          "  h.act = relu h.pre : f32[16,8] @512"
        ),
      ], "program train, instruction 2 (line 34): h.pre is read after instruction 1 overwrote it"),
    .init(
      "overlap at the end", "h.sum = add h.pre, b1 : f32[16,8] @512", "h.sum = add h.pre, b1 : f32[16,8] @448",
      "program train, instruction 1 (line 33): h.sum at 448 + 512 overlaps h.pre at 0 + 512, which is live"),
    .init(
      "overlap at the start", "logits = matmul h.drop, w2 : f32[16,4] @0",
      "logits = matmul h.drop, w2 : f32[16,4] @320",
      "program train, instruction 7 (line 39): logits at 320 + 256 overlaps h.drop at 512 + 512, which is live"),
    .init(
      "a small value inside a large one", "cross_entropy logits, train.label : f32[] @1024",
      "cross_entropy logits, train.label : f32[] @576",
      "program train, instruction 8 (line 40): train.loss at 576 + 4 overlaps h.drop at 512 + 512, which is live"),
    .init(
      "out of the arena", "h.sum'2 = recompute add h.pre'2, b1 : f32[16,8] @1088",
      "h.sum'2 = recompute add h.pre'2, b1 : f32[16,8] @1152",
      "program train, instruction 22 (line 55): h.sum'2 takes 512 bytes at 1152, outside of arena_bytes 1600"),
    .init(
      "far out of the arena", "f32[] @1024", "f32[] @9223372036854775744",
      "program train, instruction 8 (line 40): train.loss takes 4 bytes at 9223372036854775744, outside of arena_bytes 1600"
    ),
    .init(
      "misaligned", "f32[] @1024", "f32[] @1028",
      "program train, instruction 8 (line 40): train.loss lies at 1028, which is not a multiple of 64"),
  ]

  static let lifetimes: [BrokenText] = [
    .init(
      "double delete", "  delete h.pre  // mlp.cgm:18  last use\n",
      "  delete h.pre  // mlp.cgm:18  last use\n  delete h.pre\(site18)",
      "program train, instruction 3 (line 35): h.pre was deleted by instruction 2"),
    .init(
      "delete of a parameter", "  delete logits\(site19)", "  delete w2\(site19)",
      "program train, instruction 11 (line 44): w2 is persistent and must not be deleted"),
    .init(
      "delete of an input", "  delete logits\(site19)", "  delete train.label\(site19)",
      "program train, instruction 11 (line 44): train.label is persistent and must not be deleted"),
    .init(
      "delete of the root", "  delete logits\(site19)", "  delete train.loss\(site19)",
      "program train, instruction 11 (line 44): train.loss is a result of the program and must not be deleted"),
    .init(
      "a recomputed value that is deleted too late", "  delete h.pre'2\(site18)", "",
      "program train, instruction 23 (line 56): h.act'2 at 512 + 512 overlaps h.pre'2 at 512 + 512, which is live"),
    .init(
      "a value that is never deleted", "  delete grad(w1)\(site18)", "",
      "program train: grad(w1), of 256 bytes, is live at the end and no result"),
    .init(
      "a value that nobody deletes at the end of eval", "  delete hit\(site19)", "",
      "program eval: hit, of 16 bytes, is live at the end and no result"),
  ]

}
