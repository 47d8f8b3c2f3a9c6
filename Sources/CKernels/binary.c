// Operations on two tensors with broadcasting.

#include "layout.h"
#include "numerics.h"
#include "vector.h"

// MARK: Runs

typedef struct {
  cgad_binary op;
  const float *a, *b;
  ptrdiff_t a_stride, b_stride;
  float *out;
} operation;

/// Defines the run of an operation, `expression` giving 16 lanes from those of `u` and `v`.
///
/// The operands of a run are contiguous, one number, or gathered. The last lanes are always gathered.
#define DEFINE_RUN(name, expression) \
  CGAD_INLINE void name##_run(const float *a, ptrdiff_t p, const float *b, ptrdiff_t q, float *out, size_t n) { \
    size_t i = 0; \
    f32x16 u = splat(*a), v = splat(*b); \
    if (p == 1 && q == 1) \
      for (; i + LANES <= n; i += LANES) u = load(a + i), v = load(b + i), store(out + i, expression); \
    else if (p == 1 && q == 0) \
      for (; i + LANES <= n; i += LANES) u = load(a + i), store(out + i, expression); \
    else if (p == 0 && q == 1) \
      for (; i + LANES <= n; i += LANES) v = load(b + i), store(out + i, expression); \
    while (i < n) { \
      size_t rest = n - i < LANES ? n - i : LANES; \
      u = gather(a + (ptrdiff_t)i * p, p, rest); \
      v = gather(b + (ptrdiff_t)i * q, q, rest); \
      store_first(out + i, expression, rest); \
      i += rest; \
    } \
  }

DEFINE_RUN(add, u + v)
DEFINE_RUN(sub, u - v)
DEFINE_RUN(mul, u * v)
DEFINE_RUN(div, u / v)
DEFINE_RUN(maximum, maximum(u, v))
DEFINE_RUN(minimum, minimum(u, v))
DEFINE_RUN(pow, v_pow_of(u, v))

#define CASE(name) \
  case cgad_binary_##name: \
    name##_run(o->a + a, o->a_stride, o->b + b, o->b_stride, o->out + out, n); \
    return;

CGAD_CLONES static void binary_run(void *context, ptrdiff_t a, ptrdiff_t b, size_t out, size_t n) {
  const operation *o = context;
  switch (o->op) {
    CASE(add)
    CASE(sub)
    CASE(mul)
    CASE(div)
    CASE(maximum)
    CASE(minimum)
    CASE(pow)
  }
}

// MARK: Entry

int cgad_binary_apply(
  cgad_pool *pool, cgad_binary op, int rank, const size_t *extents, const float *lhs, const ptrdiff_t *lhs_strides,
  const float *rhs, const ptrdiff_t *rhs_strides, float *out) {
  cgad_layout l;
  int status = cgad_layout_make(&l, rank, extents, lhs_strides, rhs_strides);
  if (status != CGAD_OK) return status;
  operation o = {op, lhs, rhs, cgad_inner_stride(&l, 0), cgad_inner_stride(&l, 1), out};
  cgad_layout_walk(pool, &l, binary_run, &o);
  return CGAD_OK;
}
