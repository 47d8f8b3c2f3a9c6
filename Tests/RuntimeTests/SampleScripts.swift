/// Plans that several tests share.
enum SampleScripts {

  /// Case A18: a 2-2-2 network with relu and cross entropy.
  static let small = """
    data d : f32[2,2], i32[2] = synthetic()
    param w1 : f32[2,2] ~ kaiming()
    param b1 : f32[2] ~ zeros()
    param w2 : f32[2,2] ~ kaiming()
    param b2 : f32[2] ~ zeros()
    input x : f32[2,2]
    input y : i32[2]
    program train
    bind x = d.0
    bind y = d.1
    product = matmul x, w1
    pre = add product, b1
    h = relu pre
    scores = matmul h, w2
    logits = add scores, b2
    cost = cross_entropy logits, y
    backward
    grad(cost) = constant {value: 1.0}
    grad(logits) = cross_entropy_grad logits, y, grad(cost)
    grad(b2) = sum grad(logits) {axes: [0]}
    grad(w2) = matmul h, grad(logits) {transpose_left: true}
    grad(h) = matmul grad(logits), w2 {transpose_right: true}
    grad(pre) = relu_grad h, grad(h)
    grad(b1) = sum grad(pre) {axes: [0]}
    grad(w1) = matmul x, grad(pre) {transpose_left: true}
    update w1 = sgd grad(w1) {lr: 0.0, momentum: 0.0, decay: 0.0}
    update b1 = sgd grad(b1) {lr: 0.0, momentum: 0.0, decay: 0.0}
    update w2 = sgd grad(w2) {lr: 0.0, momentum: 0.0, decay: 0.0}
    update b2 = sgd grad(b2) {lr: 0.0, momentum: 0.0, decay: 0.0}
    loss = cost
    """

  /// A network of 8-16-4 with dropout whose hidden values are deleted and recomputed, Adam, and an evaluation program.
  ///
  /// Of its values, `pre`, `h` and `kept` (16·16 f32, 1,024 bytes each) are recomputed.
  static let recomputing = """
    training 2 epochs seed 7 evaluation 1 epochs batches 3
    data d : f32[16,8], i32[16] = synthetic(count: 100)
    param w1 : f32[8,16] ~ kaiming()
    param w2 : f32[16,4] ~ xavier()
    slot moment1(w1) : f32[8,16] ~ zeros()
    slot moment2(w1) : f32[8,16] ~ zeros()
    slot moment1(w2) : f32[16,4] ~ zeros()
    slot moment2(w2) : f32[16,4] ~ zeros()
    input train.x : f32[16,8]
    input train.y : i32[16]
    input eval.x : f32[16,8]
    input eval.y : i32[16]
    program train
    bind train.x = d.0
    bind train.y = d.1
    pre = matmul train.x, w1
    h = relu pre
    delete pre
    kept = dropout h {rate: 0.25, key: "h"}
    delete h
    scores = matmul kept, w2
    delete kept
    cost = cross_entropy scores, train.y
    class = argmax scores
    hit = equal class, train.y
    share = mean hit {axes: [0]}
    backward
    grad(cost) = constant {value: 1.0}
    grad(scores) = cross_entropy_grad scores, train.y, grad(cost)
    pre'2 = recompute matmul train.x, w1
    h'2 = recompute relu pre'2
    delete pre'2
    kept'2 = recompute dropout h'2 {rate: 0.25, key: "h"}
    grad(w2) = matmul kept'2, grad(scores) {transpose_left: true}
    grad(kept) = matmul grad(scores), w2 {transpose_right: true}
    update w2, moment1(w2), moment2(w2) = adam grad(w2) {lr: 0.01, beta1: 0.9, beta2: 0.999, eps: 1e-08, decay: 0.0}
    grad(h) = dropout_grad grad(kept) {rate: 0.25, key: "h"}
    grad(pre) = relu_grad h'2, grad(h)
    grad(w1) = matmul train.x, grad(pre) {transpose_left: true}
    update w1, moment1(w1), moment2(w1) = adam grad(w1) {lr: 0.01, beta1: 0.9, beta2: 0.999, eps: 1e-08, decay: 0.0}
    loss = cost
    metric accuracy = share
    program eval
    bind eval.x = d.0
    bind eval.y = d.1
    pre = matmul eval.x, w1
    h = relu pre
    scores = matmul h, w2
    cost = cross_entropy scores, eval.y
    class = argmax scores
    hit = equal class, eval.y
    share = mean hit {axes: [0]}
    loss = cost
    metric accuracy = share
    """

  /// A network of 64-32-10 for the digits, trained with momentum for four epochs.
  static func digits(train: String, test: String) -> String {
    """
    training 4 epochs seed 1 evaluation 1 epochs
    data train_set : f32[32,64], i32[32] = \(train)
    data test_set : f32[32,64], i32[32] = \(test)
    param w1 : f32[64,32] ~ kaiming()
    param w2 : f32[32,10] ~ kaiming()
    slot velocity(w1) : f32[64,32] ~ zeros()
    slot velocity(w2) : f32[32,10] ~ zeros()
    input x : f32[32,64]
    input y : i32[32]
    program train
    bind x = train_set.0
    bind y = train_set.1
    scale = constant {value: 16.0}
    image = div x, scale
    pre = matmul image, w1
    h = relu pre
    scores = matmul h, w2
    cost = cross_entropy scores, y
    backward
    one = constant {value: 1.0}
    grad(scores) = cross_entropy_grad scores, y, one
    grad(w2) = matmul h, grad(scores) {transpose_left: true}
    grad(h) = matmul grad(scores), w2 {transpose_right: true}
    update w2, velocity(w2) = sgd grad(w2) {lr: 0.1, momentum: 0.9, decay: 0.0}
    grad(pre) = relu_grad h, grad(h)
    grad(w1) = matmul image, grad(pre) {transpose_left: true}
    update w1, velocity(w1) = sgd grad(w1) {lr: 0.1, momentum: 0.9, decay: 0.0}
    loss = cost
    program eval
    bind x = test_set.0
    bind y = test_set.1
    scale = constant {value: 16.0}
    image = div x, scale
    pre = matmul image, w1
    h = relu pre
    scores = matmul h, w2
    cost = cross_entropy scores, y
    class = argmax scores
    hit = equal class, y
    share = mean hit {axes: [0]}
    loss = cost
    metric accuracy = share
    """
  }

  /// `w` moves against its gradient so fast that the loss soon overflows: `loss = mean (x·w − y)²`.
  static let diverging = """
    training 100 steps seed 1
    data d : f32[4,2], f32[4,1] = synthetic(count: 4)
    param w : f32[2,1] ~ ones()
    input x : f32[4,2]
    input y : f32[4,1]
    program train
    bind x = d.0
    bind y = d.1
    z = matmul x, w
    cost = mse z, y
    backward
    grad(cost) = constant {value: 1.0}
    grad(z) = mse_grad z, y, grad(cost)
    grad(w) = matmul x, grad(z) {transpose_left: true}
    update w = sgd grad(w) {lr: 1e6, momentum: 0.0, decay: 0.0}
    loss = cost
    """

}
