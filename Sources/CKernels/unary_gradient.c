// Derivatives of the functions of one tensor.

#include "numerics.h"
#include "pool.h"

CGAD_INLINE f32x16 slope_neg(f32x16 x, f32x16 dy) { return (void)x, -dy; }

CGAD_INLINE f32x16 slope_sign(f32x16 x, f32x16 dy) { return (void)x, (void)dy, splat(0.0f); }

typedef struct {
  cgad_unary op;
  const float *saved, *dy;
  float *dx;
} map;

/// Maps `[i, end)` through the derivative.
#define CASE(name) \
  case cgad_unary_##name: \
    for (; i + LANES <= end; i += LANES) store(dx + i, slope_##name(load(s + i), load(dy + i))); \
    if (i == end) return; \
    rest = end - i; \
    store_first(dx + i, slope_##name(load_first(s + i, rest, 1), load_first(dy + i, rest, 0)), rest); \
    return;

CGAD_CLONES static void gradient_body(void *context, size_t i, size_t end, size_t chunk) {
  const map *m = context;
  const float *s = m->op == cgad_unary_neg ? m->dy : m->saved, *dy = m->dy;
  float *dx = m->dx;
  size_t rest;
  (void)chunk;
  switch (m->op) {
    CASE(neg)
    CASE(abs)
    CASE(relu)
    CASE(tanh)
    CASE(sigmoid)
    CASE(exp)
    CASE(log)
    CASE(sqrt)
    CASE(rsqrt)
    CASE(square)
    CASE(sin)
    CASE(cos)
    CASE(gelu)
    CASE(silu)
    CASE(softplus)
    CASE(reciprocal)
    CASE(sign)
    CASE(tan)
    CASE(asin)
    CASE(acos)
    CASE(atan)
    CASE(sinh)
    CASE(cosh)
    CASE(asinh)
    CASE(acosh)
    CASE(atanh)
    CASE(log1p)
    CASE(expm1)
    CASE(erf)
    CASE(mish)
    CASE(softsign)
    CASE(gelu_exact)
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
    case cgad_unary_rsqrt:
    case cgad_unary_reciprocal:
    case cgad_unary_tan:
    case cgad_unary_expm1: return true;
    case cgad_unary_neg:
    case cgad_unary_abs:
    case cgad_unary_log:
    case cgad_unary_square:
    case cgad_unary_sin:
    case cgad_unary_cos:
    case cgad_unary_gelu:
    case cgad_unary_silu:
    case cgad_unary_softplus:
    case cgad_unary_sign:
    case cgad_unary_asin:
    case cgad_unary_acos:
    case cgad_unary_atan:
    case cgad_unary_sinh:
    case cgad_unary_cosh:
    case cgad_unary_asinh:
    case cgad_unary_acosh:
    case cgad_unary_atanh:
    case cgad_unary_log1p:
    case cgad_unary_erf:
    case cgad_unary_mish:
    case cgad_unary_softsign:
    case cgad_unary_gelu_exact: return false;
  }
}
