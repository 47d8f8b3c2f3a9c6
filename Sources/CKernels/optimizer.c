// Optimizers, in place.

#include "numerics.h"
#include "pool.h"

/// The tensors and constants of an update; `m` is the first moment or the velocity, `scale` what the gradient is
/// multiplied by.
typedef struct {
  float *p, *m, *v;
  const float *g;
  float scale, rate, decay, keep, momentum, beta1_rest, beta2, beta2_rest, root_correction, epsilon;
  bool nesterov;
} update;

/// Returns the `n <= 16` elements at `p`.
CGAD_INLINE f32x16 take(const float *p, size_t n) { return n == LANES ? load(p) : load_first(p, n, 0); }

CGAD_INLINE void put(float *p, f32x16 v, size_t n) {
  if (n == LANES) store(p, v);
  else store_first(p, v, n);
}

// MARK: Gradient descent

CGAD_INLINE void sgd(const update *u, size_t i, size_t n) {
  f32x16 p = take(u->p + i, n) * u->keep;
  put(u->p + i, p - (take(u->g + i, n) * u->scale + p * u->decay) * u->rate, n);
}

CGAD_CLONES static void sgd_body(void *context, size_t i, size_t end, size_t chunk) {
  (void)chunk;
  for (; i + LANES <= end; i += LANES) sgd(context, i, LANES);
  if (i < end) sgd(context, i, end - i);
}

// MARK: Momentum

CGAD_INLINE void sgd_momentum(const update *u, bool nesterov, size_t i, size_t n) {
  f32x16 p = take(u->p + i, n) * u->keep;
  f32x16 g = take(u->g + i, n) * u->scale + p * u->decay;
  f32x16 v = take(u->m + i, n) * u->momentum + g;
  put(u->m + i, v, n);
  put(u->p + i, p - (nesterov ? g + v * u->momentum : v) * u->rate, n);
}

CGAD_CLONES static void momentum_body(void *context, size_t i, size_t end, size_t chunk) {
  bool nesterov = ((const update *)context)->nesterov;
  (void)chunk;
  for (; i + LANES <= end; i += LANES) sgd_momentum(context, nesterov, i, LANES);
  if (i < end) sgd_momentum(context, nesterov, i, end - i);
}

void cgad_sgd(
  cgad_pool *pool, size_t n, float *p, float *velocity, const float *g, float scale, cgad_sgd_options options) {
  // decay is in one of the two; the other one leaves every bit as it is
  update u = {
    .p = p, .m = velocity, .g = g, .scale = scale, .rate = (float)options.lr,
    .decay = options.decoupled ? 0 : (float)options.decay,
    .keep = options.decoupled ? (float)(1 - options.lr * options.decay) : 1, .momentum = (float)options.momentum,
    .nesterov = options.nesterov,
  };
  cgad_parallel_for(pool, n, CGAD_GRAIN, velocity ? momentum_body : sgd_body, &u);
}

// MARK: Adam

CGAD_INLINE void adam(const update *u, size_t i, size_t n) {
  f32x16 p = take(u->p + i, n) * u->keep;
  f32x16 g = take(u->g + i, n) * u->scale + p * u->decay;
  f32x16 m = take(u->m + i, n), v = take(u->v + i, n);
  m = m + (g - m) * u->beta1_rest;
  v = v * u->beta2 + g * g * u->beta2_rest;
  put(u->m + i, m, n);
  put(u->v + i, v, n);
  put(u->p + i, p - m * u->rate / (__builtin_elementwise_sqrt(v) * u->root_correction + u->epsilon), n);
}

CGAD_CLONES static void adam_body(void *context, size_t i, size_t end, size_t chunk) {
  (void)chunk;
  for (; i + LANES <= end; i += LANES) adam(context, i, LANES);
  if (i < end) adam(context, i, end - i);
}

/// Returns `x` to the power of `n`, by squaring.
static double power(double x, uint64_t n) {
  double y = 1;
  for (; n != 0; n >>= 1, x *= x)
    if (n & 1) y *= x;
  return y;
}

int cgad_adam(
  cgad_pool *pool, size_t n, float *p, float *m, float *v, const float *g, float scale, cgad_adam_options o,
  uint64_t step) {
  if (step == 0) return CGAD_BAD_ARGUMENT;
  update u = {
    .p = p, .m = m, .v = v, .g = g, .scale = scale,
    .rate = (float)(o.lr / (1 - power(o.beta1, step))),
    .decay = o.decoupled ? 0 : (float)o.decay,
    .keep = o.decoupled ? (float)(1 - o.lr * o.decay) : 1,
    .beta1_rest = (float)(1 - o.beta1), .beta2 = (float)o.beta2, .beta2_rest = (float)(1 - o.beta2),
    .root_correction = (float)(1 / __builtin_elementwise_sqrt(1 - power(o.beta2, step))),
    .epsilon = (float)o.epsilon,
  };
  cgad_parallel_for(pool, n, CGAD_GRAIN, adam_body, &u);
  return CGAD_OK;
}

// MARK: RMSprop

CGAD_INLINE void rmsprop(const update *u, bool has_momentum, size_t i, size_t n) {
  f32x16 p = take(u->p + i, n);
  f32x16 g = take(u->g + i, n) * u->scale + p * u->decay;
  f32x16 v = take(u->v + i, n) * u->beta2 + g * g * u->beta2_rest;
  f32x16 step = g / (__builtin_elementwise_sqrt(v) + u->epsilon);
  put(u->v + i, v, n);
  if (has_momentum) {
    step = take(u->m + i, n) * u->momentum + step;
    put(u->m + i, step, n);
  }
  put(u->p + i, p - step * u->rate, n);
}

CGAD_CLONES static void rmsprop_body(void *context, size_t i, size_t end, size_t chunk) {
  bool has_momentum = ((const update *)context)->m != NULL;
  (void)chunk;
  for (; i + LANES <= end; i += LANES) rmsprop(context, has_momentum, i, LANES);
  if (i < end) rmsprop(context, has_momentum, i, end - i);
}

void cgad_rmsprop(
  cgad_pool *pool, size_t n, float *p, float *v, float *velocity, const float *g, float scale, cgad_rmsprop_options o) {
  update u = {
    .p = p, .m = velocity, .v = v, .g = g, .scale = scale, .rate = (float)o.lr, .decay = (float)o.decay,
    .momentum = (float)o.momentum, .beta2 = (float)o.alpha, .beta2_rest = (float)(1 - o.alpha),
    .epsilon = (float)o.epsilon,
  };
  cgad_parallel_for(pool, n, CGAD_GRAIN, rmsprop_body, &u);
}

// MARK: Lion

CGAD_INLINE void lion(const update *u, size_t i, size_t n) {
  f32x16 p = take(u->p + i, n), g = take(u->g + i, n) * u->scale, m = take(u->m + i, n);
  f32x16 direction = v_sign(m + (g - m) * u->beta1_rest);
  put(u->m + i, m + (g - m) * u->beta2_rest, n);
  put(u->p + i, p * u->keep - direction * u->rate, n);
}

CGAD_CLONES static void lion_body(void *context, size_t i, size_t end, size_t chunk) {
  (void)chunk;
  for (; i + LANES <= end; i += LANES) lion(context, i, LANES);
  if (i < end) lion(context, i, end - i);
}

void cgad_lion(
  cgad_pool *pool, size_t n, float *p, float *m, const float *g, float scale, double lr, double beta1, double beta2,
  double decay) {
  update u = {
    .p = p, .m = m, .g = g, .scale = scale, .rate = (float)lr, .keep = (float)(1 - lr * decay), .beta1_rest = (float)(1 - beta1),
    .beta2_rest = (float)(1 - beta2),
  };
  cgad_parallel_for(pool, n, CGAD_GRAIN, lion_body, &u);
}

// MARK: Micro-batches

CGAD_CLONES static void accumulate_body(void *context, size_t i, size_t end, size_t chunk) {
  const update *u = context;
  (void)chunk;
  for (; i + LANES <= end; i += LANES) put(u->p + i, take(u->p + i, LANES) + take(u->g + i, LANES), LANES);
  if (i < end) put(u->p + i, take(u->p + i, end - i) + take(u->g + i, end - i), end - i);
}

void cgad_accumulate(cgad_pool *pool, size_t n, float *sum, const float *g) {
  update u = {.p = sum, .g = g};
  cgad_parallel_for(pool, n, CGAD_GRAIN, accumulate_body, &u);
}
