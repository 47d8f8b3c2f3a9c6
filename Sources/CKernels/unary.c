// Functions of one tensor.

#include "numerics.h"
#include "pool.h"
#include "unary.h"

typedef struct {
  cgad_unary op;
  const float *x;
  float *y;
} map;

/// Maps `[i, end)` through the function.
#define CASE(name, saved) \
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
    CGAD_EACH_UNARY(CASE)
  }
}

void cgad_unary_apply(cgad_pool *pool, cgad_unary op, size_t n, const float *x, float *y) {
  map m = {op, x, y};
  cgad_parallel_for(pool, n, CGAD_GRAIN, unary_body, &m);
}
