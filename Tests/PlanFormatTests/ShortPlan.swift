/// A plan short enough for tens of thousands of readings: `loss = mean(dropout(x + b))` with a gradient made up for it.
///
/// Persistent: 512 bytes at 128. Arena: 4 bytes at 1088. The most live bytes are `h'2`, `g` and two scalars.
enum ShortPlan {

  static let text = """
    cgplan 1
    source "s.cgm"
    model S
    policy every(k: 2)
    target cpu
    threads 2
    peak_bytes 1732
    arena_bytes 1092
    persistent_bytes 640
    live_lower_bound_bytes 1672
    activation_peak_bytes 1024
    saved_bytes 0
    step_flops 2080
    recompute_flops 128
    training 3 steps seed 1
    data d : f32[16,8] = synthetic(count: 64)  // s.cgm:2
    param b : f32[8] @0 ~ uniform(low: -1.0, high: 1.0)  // s.cgm:3
    slot velocity(b) : f32[8] @64 ~ zeros()  // s.cgm:3
    input x : f32[16,8] @128  // s.cgm:2

    program train {
      bind x = d.0
      h = add x, b : f32[16,8] @0  // s.cgm:4
      y = dropout h {rate: 0.5, key: "y"} : f32[16,8] @512  // s.cgm:5
      delete h  // s.cgm:5  last use
      total = mean y {axes: [0, 1]} : f32[] @1024  // s.cgm:6
      backward
      delete y  // s.cgm:6
      grad(total) = constant {value: 1.0} : f32[] @1088  // s.cgm:6
      h'2 = recompute add x, b : f32[16,8] @0  // s.cgm:4  for the gradient of b
      g = mul h'2, grad(total) : f32[16,8] @512  // s.cgm:5
      delete h'2  // s.cgm:5
      delete grad(total)  // s.cgm:6
      grad(b) = sum g {axes: [0]} : f32[8] @0  // s.cgm:4
      delete g  // s.cgm:4
      update b, velocity(b) = sgd grad(b) {lr: 0.1, momentum: 0.9, decay: 0.0}  // s.cgm:3
      delete grad(b)  // s.cgm:3
      loss loss = total
    }

    """

}
