/// A plan written by hand whose step is two micro-batches, with a frozen parameter and a factor of the gradient.
///
/// Storage: `w` 32 bytes at 0, `b` 32 at 64, `s` 4 at 128, `gradient(w)` 32 at 192, so 224 bytes. In the arena `grad(y)`
/// ends at 160. Most is live where `grad(w)` is made: `z` 4, `grad(y)` 32, `grad(w)` 32, so 68 bytes.
/// Operations: 8 (mul) + 8 (mean) + 8 (mul) + 8 (accumulate) + 16 (sum_squares) + 32 (sgd) = 80.
enum MicroBatchPlan {

  static let text = """
    cgplan 1
    source "m.cgm"
    model M
    policy none()
    target cpu
    threads 1
    peak_bytes 384
    arena_bytes 160
    persistent_bytes 224
    live_lower_bound_bytes 292
    activation_peak_bytes 0
    saved_bytes 0
    step_flops 80
    recompute_flops 0
    training 4 steps seed 1 micro_batches 2
    param w : f32[8] @0 ~ ones()  // m.cgm:3
    frozen b : f32[8] @64 ~ ones()  // m.cgm:4
    frozen s : f32[] @128 ~ ones()  // m.cgm:4
    gradient gradient(w) : f32[8] @192 ~ zeros()  // m.cgm:3

    program train {
      y = mul w, b : f32[8] @0  // m.cgm:5
      z = mean y {axes: [0]} : f32[] @64  // m.cgm:5
      delete y  // m.cgm:5
      backward
      g = constant {value: 0.0625} : f32[] @0  // m.cgm:5
      grad(y) = broadcast g {extents: [8], inserted: [0]} : f32[8] @128  // m.cgm:5
      delete g  // m.cgm:5
      grad(w) = mul grad(y), b : f32[8] @0  // m.cgm:5
      delete grad(y)  // m.cgm:5
      update gradient(w) = accumulate grad(w)  // m.cgm:3
      delete grad(w)  // m.cgm:3
      apply
      f = sum_squares gradient(w) : f32[] @0  // m.cgm:3
      update w = sgd gradient(w), f {lr: step(initial: 0.5, every: 2, factor: 0.5), momentum: 0.0, decay: 0.0}  // m.cgm:3
      delete f  // m.cgm:3
      loss loss = z
    }

    """

  static let accumulation = "  update gradient(w) = accumulate grad(w)  // m.cgm:3\n"

  static let factor = "  f = sum_squares gradient(w) : f32[] @0  // m.cgm:3\n"

  static let update =
    "  update w = sgd gradient(w), f {lr: step(initial: 0.5, every: 2, factor: 0.5), momentum: 0.0, decay: 0.0}  // m.cgm:3\n"

}
