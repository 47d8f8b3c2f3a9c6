/// The samples of the language's description, completed where it gives excerpts.
enum Samples {

  static let mlp = #"""
    // mlp.cgm - clothes classifier on Fashion-MNIST
    //   cgadc compile mlp.cgm        then        cgad run mlp.cgplan
    dim B = 128                                   // images per step
    dim Pixels = 28 * 28, Hidden = 256, Classes = 10

    data train_set: (f32[B, Pixels], i32[B]) = idx(images: "train-images-idx3-ubyte.gz", labels: "train-labels-idx1-ubyte.gz")
    data test_set:  (f32[B, Pixels], i32[B]) = idx(images: "t10k-images-idx3-ubyte.gz",  labels: "t10k-labels-idx1-ubyte.gz")

    block Dense(x: f32[B, In], Out: dim) -> f32[B, Out] {
      param weight: f32[In, Out] ~ kaiming()
      param bias:   f32[Out]     ~ zeros()
      return x @ weight + bias
    }

    model Classifier(image: f32[B, Pixels]) -> f32[B, Classes] {
      var x = relu(Dense(image, Out: Hidden) as input)
      repeat 6 as hidden {                        // parameters hidden.0.dense.weight ...
        x += relu(Dense(x, Out: Hidden))          // residual; in place when that is safe
        x = dropout(x, rate: 0.1)
      }
      return Dense(x, Out: Classes) as output
    }

    train {
      let (image, label) = batch(train_set)
      let scores = Classifier(image / 255)
      loss            = cross_entropy(scores, label)
      metric accuracy = mean(argmax(scores) == label)
      optimizer = sgd(lr: 0.05, momentum: 0.9)
      epochs    = 5
      seed      = 1
      eval      = every(1 epoch, on: test_set)
    }

    schedule {
      checkpoint = sqrt()                         // keep every sqrt(n)-th value, recompute the rest
    }
    """#

  static let gpt = #"""
    // gpt.cgm - character-level GPT
    dim B = 16, T = 128, D = 192, H = 6, L = 6, V = 128
    dim Dh = D / H, F = 4 * D

    import std.nn (LayerNorm)

    data text:     (i32[B, T], i32[B, T]) = tokens("shakespeare.txt", dtype: u8, window: T)
    data held_out: (i32[B, T], i32[B, T]) = tokens("held_out.txt", dtype: u8, window: T)

    func heads(x: f32[B, T, D]) -> f32[B, H, T, Dh] {
      return rearrange(x, [B, T, (H, Dh)] -> [B, H, T, Dh])
    }

    func merge(x: f32[B, H, T, Dh]) -> f32[B, T, D] {
      return rearrange(x, [B, H, T, Dh] -> [B, T, (H, Dh)])
    }

    block MLP(x: f32[B, T, D]) -> f32[B, T, D] {
      param up:   f32[D, F] ~ normal(std: 0.02)
      param down: f32[F, D] ~ normal(std: 0.02 / sqrt(2 * L))
      let wide = gelu(x @ up)
      return wide @ down
    }

    block Attention(x: f32[B, T, D]) -> f32[B, T, D] {
      param qkv: f32[D, 3 * D] ~ normal(std: 0.02)
      param out: f32[D, D]     ~ normal(std: 0.02 / sqrt(2 * L))
      let (q, k, v) = split(x @ qkv, parts: 3)
      let scores  = heads(q) @ transpose(heads(k)) / sqrt(Dh)
      let weights = dropout(softmax(causal(scores)), rate: 0.1)
      return merge(weights @ heads(v)) @ out
    }

    model GPT(tokens: i32[B, T]) -> f32[B, T, V] {
      param wte: f32[V, D] ~ normal(std: 0.02)       // token table, also the output layer
      param wpe: f32[T, D] ~ normal(std: 0.02)
      var x = dropout(wte[tokens] + wpe, rate: 0.1)
      repeat L as h {
        x += Attention(LayerNorm(x) as ln_1) as attn
        x += MLP(LayerNorm(x) as ln_2) as mlp
      }
      let final = LayerNorm(x) as ln_f
      return final @ transpose(wte)
    }

    train {
      let (tokens, next) = batch(text)
      loss       = cross_entropy(GPT(tokens), next)
      optimizer  = adamw(lr: cosine(peak: 1e-3, warmup: 100, total: 2000), betas: (0.9, 0.95), decay: 0.1)
      clip       = 1.0
      accumulate = 2                                 // micro-batches per step
      steps      = 2000
      seed       = 1337
      eval       = every(200 steps, on: held_out, batches: 20)
      save       = every(500 steps, keep: 3)
    }

    schedule {                                       // never changes what is computed
      checkpoint = optimal(budget: 96 MiB)
      save       h.*.attn.scores                     // always keep
      recompute  h.*.mlp.wide :: gelu                // never keep
      recompute  h.{0..2}.** :: dropout
    }

    schedule tight {
      checkpoint = memory(ratio: 0.4)
    }
    """#

  static let unet = #"""
    // unet.cgm - state, training/evaluation, skip connections 
    block BatchNorm(x: f32[B, C, Y, X]) -> f32[B, C, Y, X] {
      param gain: f32[1, C, 1, 1] ~ ones()
      param bias: f32[1, C, 1, 1] ~ zeros()
      state mean: f32[1, C, 1, 1] = zeros()
      state var:  f32[1, C, 1, 1] = ones()
      when training {
        let (m, v) = moments(x, axes: (0, 2, 3))
        update mean = 0.9 * mean + 0.1 * m           // once per step, also when x is recomputed
        update var  = 0.9 * var  + 0.1 * v
        return (x - m) / sqrt(v + 1e-5) * gain + bias
      } else {
        return (x - mean) / sqrt(var + 1e-5) * gain + bias
      }
    }

    block Down(x: f32[B, C, Y, X], K: dim) -> f32[B, K, Y, X] {
      param kernel: f32[K, C, 3, 3] ~ kaiming()
      return relu(BatchNorm(conv2d(x, kernel, padding: 1)) as norm)
    }

    model UNet(image: f32[B, 3, 64, 64], deep: bool = false) -> f32[B, 2, 64, 64] {
      layer shared = Down(K: 8)
      let skip = checkpoint(Down(image, K: 16) as first)
      var x = max_pool(skip, size: 2)
      if deep {
        x = Down(x, K: 32) as second
      } else {
        x *= 2
      }
      repeat i in 3 as inner { x -= Down(x, K: 16) }
      return concat(skip, upsample(x, factor: 2), axis: 1)[0, 1]
    }
    """#

  static let all = [("mlp.cgm", mlp), ("gpt.cgm", gpt), ("unet.cgm", unet)]

}
