// Derivatives of the functions of one tensor.

#include "numerics.h"
#include "pool.h"
#include "unary.h"

CGAD_INLINE f32x16 slope_neg(f32x16 x, f32x16 dy) { return (void)x, -dy; }

CGAD_INLINE f32x16 slope_sign(f32x16 x, f32x16 dy) { return (void)x, (void)dy, splat(0.0f); }

typedef struct {
  cgad_unary op;
  const float *saved, *dy;
  float *dx;
} map;

/// Maps `[i, end)` through the derivative.
#define CASE(name, saved) \
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
    CGAD_EACH_UNARY(CASE)
  }
}

void cgad_unary_gradient(cgad_pool *pool, cgad_unary op, size_t n, const float *saved, const float *dy, float *dx) {
  map m = {op, saved, dy, dx};
  cgad_parallel_for(pool, n, CGAD_GRAIN, gradient_body, &m);
}

enum { is_input, is_output };

/// `true` iff the derivative reads the output.
#define SAVES(name, saved) \
  case cgad_unary_##name: return is_##saved == is_output;

bool cgad_unary_saves_output(cgad_unary op) {
  switch (op) { CGAD_EACH_UNARY(SAVES) }
}
