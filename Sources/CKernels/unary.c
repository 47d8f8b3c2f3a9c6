// Functions of one tensor.

#include "numerics.h"
#include "pool.h"

typedef struct {
  cgad_unary op;
  const float *x;
  float *y;
} map;

/// Maps `[i, end)` through the function.
#define CASE(name) \
  case cgad_unary_##name: \
    for (; i + LANES <= end; i += LANES) store(y + i, unary_##name(load(x + i))); \
    if (i < end) store_first(y + i, unary_##name(load_first(x + i, end - i, 0)), end - i); \
    return;

CGAD_CLONES static void unary_body(void *context, size_t i, size_t end, size_t chunk) {
  const map *m = context;
  const float *x = m->x;
  float *y = m->y;
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

void cgad_unary_apply(cgad_pool *pool, cgad_unary op, size_t n, const float *x, float *y) {
  map m = {op, x, y};
  cgad_parallel_for(pool, n, CGAD_GRAIN, unary_body, &m);
}
