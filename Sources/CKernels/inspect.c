// Questions about tensors.

#include "pool.h"
#include "vector.h"

#include <stdatomic.h>

// MARK: The first greatest element

typedef struct {
  const float *x;
  size_t cols;
  int32_t *out;
} rows;

CGAD_INLINE float row_max(const float *x, size_t n) {
  f32x16 m = splat(-__builtin_inff());
  size_t i = 0;
  for (; i + LANES <= n; i += LANES) m = maximum(m, load(x + i));
  return max_lanes(maximum(m, load_first(x + i, n - i, -__builtin_inff())));
}

/// Returns the index of the first element equal to `m`, or that is NaN if `m` is.
CGAD_INLINE size_t first_index(const float *x, size_t n, float m) {
  size_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    f32x16 v = load(x + i);
    if (any(m != m ? v != v : v == m)) break;
  }
  while (i + 1 < n && !(m != m ? x[i] != x[i] : x[i] == m)) i++;
  return i;
}

CGAD_CLONES static void argmax_body(void *context, size_t begin, size_t end, size_t chunk) {
  const rows *r = context;
  (void)chunk;
  for (size_t i = begin; i < end; i++) {
    const float *x = r->x + i * r->cols;
    r->out[i] = (int32_t)first_index(x, r->cols, row_max(x, r->cols));
  }
}

int cgad_argmax(cgad_pool *pool, size_t row_count, size_t cols, const float *x, int32_t *out) {
  if (cols > INT32_MAX) return CGAD_TOO_LARGE;
  if (cols == 0 && row_count > 0) return CGAD_BAD_ARGUMENT;
  rows r = {x, cols, out};
  cgad_parallel_for(pool, row_count, cgad_rows_per_chunk(cols), argmax_body, &r);
  return CGAD_OK;
}

// MARK: Finiteness

typedef struct {
  const float *x;
  atomic_bool found;
} search;

/// Returns lanes of all ones where `x` is infinite or NaN.
CGAD_INLINE i32x16 is_special(f32x16 x) { return ((i32x16)x & 0x7f800000) == 0x7f800000; }

CGAD_CLONES static void finite_body(void *context, size_t i, size_t end, size_t chunk) {
  search *s = context;
  i32x16 special = {0};
  (void)chunk;
  for (; i + LANES <= end; i += LANES) special |= is_special(load(s->x + i));
  special |= is_special(load_first(s->x + i, end - i, 0));
  if (any(special)) atomic_store_explicit(&s->found, true, memory_order_relaxed);
}

bool cgad_all_finite(cgad_pool *pool, size_t n, const float *x) {
  search s = {x, false};
  cgad_parallel_for(pool, n, CGAD_GRAIN, finite_body, &s);
  return !atomic_load(&s.found);
}

// MARK: Difference

typedef struct {
  const float *a, *b;
  float partials[CGAD_MAX_PARTIALS];
} pair;

CGAD_INLINE f32x16 difference(f32x16 a, f32x16 b) { return choose(a == b, splat(0.0f), magnitude(a - b)); }

CGAD_CLONES static void difference_body(void *context, size_t i, size_t end, size_t chunk) {
  pair *p = context;
  f32x16 m = splat(0.0f);
  for (; i + LANES <= end; i += LANES) m = maximum(m, difference(load(p->a + i), load(p->b + i)));
  m = maximum(m, difference(load_first(p->a + i, end - i, 0), load_first(p->b + i, end - i, 0)));
  p->partials[chunk] = max_lanes(m);
}

float cgad_max_abs_diff(cgad_pool *pool, size_t n, const float *a, const float *b) {
  pair p = {.a = a, .b = b};
  size_t chunk = cgad_partial_chunk(n, CGAD_GRAIN);
  float m = 0;
  cgad_parallel_for(pool, n, chunk, difference_body, &p);
  for (size_t i = 0; i * chunk < n; i++) m = m > p.partials[i] || m != m ? m : p.partials[i];
  return m;
}
