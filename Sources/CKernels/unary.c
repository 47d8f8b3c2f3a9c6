// Functions of one tensor.

#include "doubles.h"
#include "functions.h"
#include "pool.h"
#include "trigonometry.h"

// MARK: Functions

CGAD_INLINE f32x16 neg(f32x16 x) { return -x; }

CGAD_INLINE f32x16 relu(f32x16 x) { return choose(x <= 0.0f, splat(0.0f), x); }

CGAD_INLINE f32x16 square(f32x16 x) { return x * x; }

CGAD_INLINE f32x16 reciprocal(f32x16 x) { return 1.0f / x; }

CGAD_INLINE f32x16 softsign(f32x16 x) {
  f32x16 y = x / (magnitude(x) + 1.0f);
  return choose(magnitude(x) == __builtin_inff(), v_sign(x), y);
}

// MARK: Loops

typedef struct {
  cgad_unary op;
  const float *x;
  float *y;
} map;

/// Maps `[i, end)` through `function`.
#define CASE(name, function) \
  case cgad_unary_##name: \
    for (; i + LANES <= end; i += LANES) store(y + i, function(load(x + i))); \
    if (i < end) store_first(y + i, function(load_first(x + i, end - i, 0)), end - i); \
    return;

CGAD_CLONES static void unary_body(void *context, size_t i, size_t end, size_t chunk) {
  const map *m = context;
  const float *x = m->x;
  float *y = m->y;
  (void)chunk;
  switch (m->op) {
    CASE(neg, neg)
    CASE(abs, magnitude)
    CASE(relu, relu)
    CASE(tanh, v_tanh)
    CASE(sigmoid, v_sigmoid)
    CASE(exp, v_exp)
    CASE(log, v_log)
    CASE(sqrt, v_sqrt)
    CASE(rsqrt, v_rsqrt)
    CASE(square, square)
    CASE(sin, v_sin)
    CASE(cos, v_cos)
    CASE(gelu, v_gelu)
    CASE(silu, v_silu)
    CASE(softplus, v_softplus)
    CASE(reciprocal, reciprocal)
    CASE(sign, v_sign)
    CASE(tan, v_tan)
    CASE(asin, v_asin)
    CASE(acos, v_acos)
    CASE(atan, v_atan)
    CASE(sinh, v_sinh)
    CASE(cosh, v_cosh)
    CASE(asinh, v_asinh)
    CASE(acosh, v_acosh)
    CASE(atanh, v_atanh)
    CASE(log1p, v_log_of_next)
    CASE(expm1, v_expm1)
    CASE(erf, v_erf)
    CASE(mish, v_mish)
    CASE(softsign, softsign)
    CASE(gelu_exact, v_gelu_exact)
  }
}

void cgad_unary_apply(cgad_pool *pool, cgad_unary op, size_t n, const float *x, float *y) {
  map m = {op, x, y};
  cgad_parallel_for(pool, n, CGAD_GRAIN, unary_body, &m);
}
