extension BrokenText {

  static let header: [BrokenText] = [
    .init("an unknown target", "target cpu", "target tpu", "header: target 'tpu' is not one of [\"cpu\", \"cuda\"]"),
    .init("no threads", "threads 2", "threads 0", "header: threads 0 is not within 1...256"),
    .init("too many threads", "threads 2", "threads 257", "header: threads 257 is not within 1...256"),
    .init(
      "a precision that the processor has not", "threads 2\n", "threads 2\nmatmul_precision tf32\n",
      "header: matmul_precision tf32 is for the target cuda alone, not for cpu"),
    .init(
      "a library that the processor has not", "threads 2\n", "threads 2\nmatmul_library cublaslt\n",
      "header: matmul_library cublaslt is for the target cuda alone, not for cpu"),
    .init("a dim twice", "dims B=16 Hidden=8", "dims B=16 B=8", "header: dim B is given twice"),
    .init(
      "no training", "training 5 epochs", "training 0 epochs", "header: training for 0 epochs; at least 1 is needed"),
    .init(
      "evaluation at no interval", "evaluation 1 epochs", "evaluation 0 epochs",
      "header: evaluation every 0 epochs; at least 1 is needed"),
    .init(
      "evaluation of nothing", "batches 20", "batches 0",
      "header: evaluation of 0 batches; at least 1 is needed, and an evaluation period"),
    .init(
      "saving at no interval", "batches 20", "batches 20 save 0 steps",
      "header: saving every 0 steps; at least 1 is needed"),
    .init(
      "saving for nothing", "batches 20", "batches 20 save 1 epochs keep 0",
      "header: saving keeps 0 checkpoints; at least 1 is needed"),
    .init(
      "an eval program that nobody runs", " evaluation 1 epochs batches 20", "",
      "header: there is a program eval, but no evaluation is asked for"),
    .init("data twice", "data test_set", "data train_set", "header: data train_set is declared twice"),
    .init(
      "data without examples", "data train_set : f32[16,8], i32[16]", "data train_set : f32[16,8], i32[]",
      "header: data train_set: component i32[] has no axis of examples"),
    .init(
      "different examples", "data train_set : f32[16,8], i32[16]", "data train_set : f32[16,8], i32[8]",
      "header: data train_set: components f32[16,8] and i32[8] have different numbers of examples"),
    .init(
      "a negative deviation", "normal(mean: 0.0, std: 0.02)", "normal(mean: 0.0, std: -0.02)",
      "header: w2: normal(mean: 0.0, std: -0.02) has numbers out of range"),
    .init(
      "an empty range", "normal(mean: 0.0, std: 0.02)", "uniform(low: 1.0, high: 0.0)",
      "header: w2: uniform(low: 1.0, high: 0.0) has numbers out of range"),
    .init(
      "misaligned storage", "w2 : f32[8,4] @256", "w2 : f32[8,4] @260",
      "header: w2 lies at 260, which is not a multiple of 64"),
    .init(
      "storage misaligned for CUDA", "target cpu", "target cuda",
      "header: b1 lies at 384, which is not a multiple of 256"),
    .init(
      "storage outside", "train.label : i32[16] @1408", "train.label : i32[16] @1472",
      "header: train.label takes 64 bytes at 1472, outside of persistent_bytes 1472"),
    .init(
      "storage far outside", "train.label : i32[16] @1408", "train.label : i32[16] @9223372036854775744",
      "header: train.label takes 64 bytes at 9223372036854775744, outside of persistent_bytes 1472"),
    .init(
      "overlapping storage", "w2 : f32[8,4] @256", "w2 : f32[8,4] @192", "header: w1 ends at 256, but w2 starts at 192"),
    .init(
      "storage in the same place", "velocity(w2) : f32[8,4] @704", "velocity(w2) : f32[8,4] @448",
      "header: velocity(w1) ends at 704, but velocity(w2) starts at 448"),
  ]

  static let totals: [BrokenText] = [
    .init(
      "a wrong peak", "peak_bytes 3072", "peak_bytes 3008", "header: peak_bytes is 3008, but the instructions give 3072"
    ),
    .init(
      "a larger arena than needed", "arena_bytes 1600", "arena_bytes 1664",
      "header: arena_bytes is 1664, but the instructions give 1600"),
    .init(
      "a larger persistent region than needed", "persistent_bytes 1472", "persistent_bytes 1536",
      "header: persistent_bytes is 1536, but the instructions give 1472"),
    .init(
      "a wrong lower bound", "live_lower_bound_bytes 3012", "live_lower_bound_bytes 3008",
      "header: live_lower_bound_bytes is 3008, but the instructions give 3012"),
    .init(
      "a wrong activation peak", "activation_peak_bytes 1536", "activation_peak_bytes 1024",
      "header: activation_peak_bytes is 1024, but the instructions give 1536"),
    .init(
      "wrong saved bytes", "saved_bytes 768", "saved_bytes 772",
      "header: saved_bytes is 772, but the instructions give 768"),
    .init(
      "wrong operations", "step_flops 13408", "step_flops 13407",
      "header: step_flops is 13407, but the instructions give 13408"),
    .init(
      "wrong operations of recomputation", "recompute_flops 2304", "recompute_flops 0",
      "header: recompute_flops is 0, but the instructions give 2304"),
    .init(
      "a peak over the budget", "budget 3072", "budget 3071", "header: peak_bytes 3072 is more than the budget of 3071"),
    .init(
      "a moved start of the backward part",
      [
        ("  backward\n", ""), ("  grad(logits)", "  backward\n  grad(logits)"),
      ], "header: saved_bytes is 768, but the instructions give 772"),
  ]

}
