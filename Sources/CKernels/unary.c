// Functions of one tensor.

#include "functions.h"
#include "pool.h"
#include "trigonometry.h"

// MARK: Functions

CGAD_INLINE f32x16 neg(f32x16 x) { return -x; }

CGAD_INLINE f32x16 relu(f32x16 x) { return choose(x <= 0.0f, splat(0.0f), x); }

CGAD_INLINE f32x16 square(f32x16 x) { return x * x; }

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
  }
}

void cgad_unary_apply(cgad_pool *pool, cgad_unary op, size_t n, const float *x, float *y) {
  map m = {op, x, y};
  cgad_parallel_for(pool, n, CGAD_GRAIN, unary_body, &m);
}
