// Derivatives of the functions of one tensor.

#include "functions.h"
#include "pool.h"
#include "trigonometry.h"

// MARK: Derivatives, times dy, of the output y or the input x

CGAD_INLINE f32x16 neg(f32x16 x, f32x16 dy) { return (void)x, -dy; }

CGAD_INLINE f32x16 abs_(f32x16 x, f32x16 dy) {
  f32x16 sign = choose(x > 0.0f, splat(1.0f), choose(x < 0.0f, splat(-1.0f), x));
  return choose(x == 0.0f, splat(0.0f), sign) * dy;
}

CGAD_INLINE f32x16 relu(f32x16 y, f32x16 dy) { return choose(y <= 0.0f, splat(0.0f), dy); }

CGAD_INLINE f32x16 tanh_(f32x16 y, f32x16 dy) { return (1.0f - y * y) * dy; }

CGAD_INLINE f32x16 sigmoid(f32x16 y, f32x16 dy) { return y * (1.0f - y) * dy; }

CGAD_INLINE f32x16 exp_(f32x16 y, f32x16 dy) { return y * dy; }

CGAD_INLINE f32x16 log_(f32x16 x, f32x16 dy) { return dy / x; }

CGAD_INLINE f32x16 sqrt_(f32x16 y, f32x16 dy) { return dy / (y + y); }

CGAD_INLINE f32x16 rsqrt(f32x16 y, f32x16 dy) { return y * y * y * -0.5f * dy; }

CGAD_INLINE f32x16 square(f32x16 x, f32x16 dy) { return (x + x) * dy; }

CGAD_INLINE f32x16 sin_(f32x16 x, f32x16 dy) { return v_cos(x) * dy; }

CGAD_INLINE f32x16 cos_(f32x16 x, f32x16 dy) { return -v_sin(x) * dy; }

CGAD_INLINE f32x16 gelu(f32x16 x, f32x16 dy) { return v_gelu_derivative(x) * dy; }

CGAD_INLINE f32x16 silu(f32x16 x, f32x16 dy) { return v_silu_derivative(x) * dy; }

CGAD_INLINE f32x16 softplus(f32x16 x, f32x16 dy) { return v_sigmoid(x) * dy; }

// MARK: Loops

typedef struct {
  cgad_unary op;
  const float *saved, *dy;
  float *dx;
} map;

/// Maps `[i, end)` through `function`.
#define CASE(name, function) \
  case cgad_unary_##name: \
    for (; i + LANES <= end; i += LANES) store(dx + i, function(load(s + i), load(dy + i))); \
    if (i == end) return; \
    rest = end - i; \
    store_first(dx + i, function(load_first(s + i, rest, 1), load_first(dy + i, rest, 0)), rest); \
    return;

CGAD_CLONES static void gradient_body(void *context, size_t i, size_t end, size_t chunk) {
  const map *m = context;
  const float *s = m->op == cgad_unary_neg ? m->dy : m->saved, *dy = m->dy;
  float *dx = m->dx;
  size_t rest;
  (void)chunk;
  switch (m->op) {
    CASE(neg, neg)
    CASE(abs, abs_)
    CASE(relu, relu)
    CASE(tanh, tanh_)
    CASE(sigmoid, sigmoid)
    CASE(exp, exp_)
    CASE(log, log_)
    CASE(sqrt, sqrt_)
    CASE(rsqrt, rsqrt)
    CASE(square, square)
    CASE(sin, sin_)
    CASE(cos, cos_)
    CASE(gelu, gelu)
    CASE(silu, silu)
    CASE(softplus, softplus)
  }
}

void cgad_unary_gradient(cgad_pool *pool, cgad_unary op, size_t n, const float *saved, const float *dy, float *dx) {
  map m = {op, saved, dy, dx};
  cgad_parallel_for(pool, n, CGAD_GRAIN, gradient_body, &m);
}

bool cgad_unary_saves_output(cgad_unary op) {
  switch (op) {
    case cgad_unary_relu:
    case cgad_unary_tanh:
    case cgad_unary_sigmoid:
    case cgad_unary_exp:
    case cgad_unary_sqrt:
    case cgad_unary_rsqrt: return true;
    case cgad_unary_neg:
    case cgad_unary_abs:
    case cgad_unary_log:
    case cgad_unary_square:
    case cgad_unary_sin:
    case cgad_unary_cos:
    case cgad_unary_gelu:
    case cgad_unary_silu:
    case cgad_unary_softplus: return false;
  }
}
