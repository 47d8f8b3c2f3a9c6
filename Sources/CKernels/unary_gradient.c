// Derivatives of the functions of one tensor.

#include "doubles.h"
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

CGAD_INLINE f32x16 gelu_exact(f32x16 x, f32x16 dy) { return v_gelu_exact_derivative(x) * dy; }

CGAD_INLINE f32x16 silu(f32x16 x, f32x16 dy) { return v_silu_derivative(x) * dy; }

CGAD_INLINE f32x16 softplus(f32x16 x, f32x16 dy) { return v_sigmoid(x) * dy; }

CGAD_INLINE f32x16 reciprocal(f32x16 y, f32x16 dy) { return -(y * y) * dy; }

CGAD_INLINE f32x16 sign(f32x16 x, f32x16 dy) { return (void)x, (void)dy, splat(0.0f); }

CGAD_INLINE f32x16 tan_(f32x16 y, f32x16 dy) { return (y * y + 1.0f) * dy; }

CGAD_INLINE f32x16 asin_(f32x16 x, f32x16 dy) { return dy / v_sqrt((1.0f - x) * (x + 1.0f)); }

CGAD_INLINE f32x16 acos_(f32x16 x, f32x16 dy) { return -dy / v_sqrt((1.0f - x) * (x + 1.0f)); }

CGAD_INLINE f32x16 atan_(f32x16 x, f32x16 dy) { return dy / (x * x + 1.0f); }

CGAD_INLINE f32x16 sinh_(f32x16 x, f32x16 dy) { return v_cosh(x) * dy; }

CGAD_INLINE f32x16 cosh_(f32x16 x, f32x16 dy) { return v_sinh(x) * dy; }

/// Far out, where the square would overflow, the root is `|x|`.
CGAD_INLINE f32x16 asinh_(f32x16 x, f32x16 dy) {
  f32x16 a = magnitude(x);
  return dy / choose(a > 1.0e6f, a, v_sqrt(x * x + 1.0f));
}

CGAD_INLINE f32x16 acosh_(f32x16 x, f32x16 dy) { return dy / (v_sqrt(x - 1.0f) * v_sqrt(x + 1.0f)); }

CGAD_INLINE f32x16 atanh_(f32x16 x, f32x16 dy) { return dy / ((1.0f - x) * (x + 1.0f)); }

CGAD_INLINE f32x16 log1p_(f32x16 x, f32x16 dy) { return dy / (x + 1.0f); }

CGAD_INLINE f32x16 expm1_(f32x16 y, f32x16 dy) { return (y + 1.0f) * dy; }

CGAD_INLINE f32x16 erf_(f32x16 x, f32x16 dy) { return v_exp(-(x * x)) * 1.12837917f * dy; }

CGAD_INLINE f32x16 mish(f32x16 x, f32x16 dy) { return v_mish_derivative(x) * dy; }

CGAD_INLINE f32x16 softsign(f32x16 x, f32x16 dy) {
  f32x16 q = 1.0f / (magnitude(x) + 1.0f);
  return q * q * dy;
}

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
    CASE(reciprocal, reciprocal)
    CASE(sign, sign)
    CASE(tan, tan_)
    CASE(asin, asin_)
    CASE(acos, acos_)
    CASE(atan, atan_)
    CASE(sinh, sinh_)
    CASE(cosh, cosh_)
    CASE(asinh, asinh_)
    CASE(acosh, acosh_)
    CASE(atanh, atanh_)
    CASE(log1p, log1p_)
    CASE(expm1, expm1_)
    CASE(erf, erf_)
    CASE(mish, mish)
    CASE(softsign, softsign)
    CASE(gelu_exact, gelu_exact)
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
