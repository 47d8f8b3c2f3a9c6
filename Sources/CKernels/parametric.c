// Functions of one tensor with constants, and their derivatives.

#include "numerics.h"
#include "pool.h"

/// The constants of a function, `a` and `b` as floats.
typedef struct {
  cgad_parametric op;
  float a, b;
  exponent power, less;
  const float *x, *dy;
  float *y;
} map;

// MARK: Functions

CGAD_INLINE f32x16 leaky_relu(f32x16 x, const map *m) { return v_leaky_relu(x, m->a); }

CGAD_INLINE f32x16 elu(f32x16 x, const map *m) { return v_elu(x, m->a); }

CGAD_INLINE f32x16 pow_(f32x16 x, const map *m) { return v_pow(x, m->power); }

CGAD_INLINE f32x16 clamp_(f32x16 x, const map *m) { return clamp(x, m->a, m->b); }

// MARK: Derivatives, times dy, of the output or the input

CGAD_INLINE f32x16 leaky_relu_gradient(f32x16 s, f32x16 dy, const map *m) { return slope_leaky_relu(s, dy, m->a); }

CGAD_INLINE f32x16 elu_gradient(f32x16 y, f32x16 dy, const map *m) { return slope_elu(y, dy, m->a); }

CGAD_INLINE f32x16 pow_gradient(f32x16 x, f32x16 dy, const map *m) {
  return slope_pow(x, dy, m->power, m->less, m->a);
}

CGAD_INLINE f32x16 clamp_gradient(f32x16 x, f32x16 dy, const map *m) { return slope_clamp(x, dy, m->a, m->b); }

// MARK: Loops

/// Maps `[i, end)` through `function`.
#define CASE(op, function) \
  case cgad_parametric_##op: \
    for (; i + LANES <= end; i += LANES) store(m->y + i, function(load(m->x + i), m)); \
    if (i < end) store_first(m->y + i, function(load_first(m->x + i, end - i, 1), m), end - i); \
    return;

CGAD_CLONES static void apply_body(void *context, size_t i, size_t end, size_t chunk) {
  const map *m = context;
  (void)chunk;
  switch (m->op) {
    CASE(leaky_relu, leaky_relu)
    CASE(elu, elu)
    CASE(pow, pow_)
    CASE(clamp, clamp_)
  }
}

#define GRADIENT_CASE(op) \
  case cgad_parametric_##op: \
    for (; i + LANES <= end; i += LANES) store(m->y + i, op##_gradient(load(m->x + i), load(m->dy + i), m)); \
    if (i == end) return; \
    rest = end - i; \
    store_first(m->y + i, op##_gradient(load_first(m->x + i, rest, 1), load_first(m->dy + i, rest, 0), m), rest); \
    return;

CGAD_CLONES static void gradient_body(void *context, size_t i, size_t end, size_t chunk) {
  const map *m = context;
  size_t rest;
  (void)chunk;
  switch (m->op) {
    GRADIENT_CASE(leaky_relu)
    GRADIENT_CASE(elu)
    GRADIENT_CASE(pow)
    GRADIENT_CASE(clamp)
  }
}

/// Returns the map with the constants rounded to float, where it is not the exponent.
static map constants(cgad_parametric op, double a, double b) {
  return (map){.op = op, .a = (float)a, .b = (float)b, .power = exponent_of(a), .less = exponent_of(a - 1)};
}

void cgad_parametric_apply(
  cgad_pool *pool, cgad_parametric op, double a, double b, size_t n, const float *x, float *y) {
  map m = constants(op, a, b);
  m.x = x;
  m.y = y;
  cgad_parallel_for(pool, n, CGAD_GRAIN, apply_body, &m);
}

void cgad_parametric_gradient(
  cgad_pool *pool, cgad_parametric op, double a, double b, size_t n, const float *saved, const float *dy,
  float *dx) {
  map m = constants(op, a, b);
  m.x = saved;
  m.dy = dy;
  m.y = dx;
  cgad_parallel_for(pool, n, CGAD_GRAIN, gradient_body, &m);
}
