// Relations between two tensors with broadcasting.

#include "layout.h"
#include "vector.h"

// MARK: Runs

typedef struct {
  cgad_comparison op;
  const void *a, *b;
  ptrdiff_t a_stride, b_stride;
  uint8_t *out;
} comparison;

/// Stores the first `n` lanes of `mask`, which are all ones or all zeros, as 1 or 0.
CGAD_INLINE void store_mask(uint8_t *p, i32x16 mask, size_t n) {
  u8x16 bytes = __builtin_convertvector(mask & 1, u8x16);
  memcpy(p, &bytes, n);
}

CGAD_INLINE f32x16 take_f32(const float *p, ptrdiff_t stride, size_t n) {
  if (stride == 1 && n == LANES) return load(p);
  return stride == 0 && n != 0 ? splat(*p) : gather(p, stride, n);
}

CGAD_INLINE i32x16 take_i32(const int32_t *p, ptrdiff_t stride, size_t n) {
  if (stride == 1 && n == LANES) return *(const i32x16 *)p;
  return stride == 0 && n != 0 ? splat_i32(*p) : gather_i32(p, stride, n);
}

/// Defines the run of a relation between elements of `type`.
#define DEFINE_RUN(name, type, relation) \
  CGAD_INLINE void name##_##type(const void *a, ptrdiff_t p, const void *b, ptrdiff_t q, uint8_t *out, size_t n) { \
    size_t i = 0; \
    for (; i + LANES <= n; i += LANES) { \
      const type *x = (const type *)a + (ptrdiff_t)i * p, *y = (const type *)b + (ptrdiff_t)i * q; \
      store_mask(out + i, take_##type(x, p, LANES) relation take_##type(y, q, LANES), LANES); \
    } \
    const type *x = (const type *)a + (ptrdiff_t)i * p, *y = (const type *)b + (ptrdiff_t)i * q; \
    store_mask(out + i, take_##type(x, p, n - i) relation take_##type(y, q, n - i), n - i); \
  }

typedef float f32;
typedef int32_t i32;

#define CASE(name, type) \
  case cgad_comparison_##name: \
    name##_##type((const type *)c->a + a, c->a_stride, (const type *)c->b + b, c->b_stride, c->out + out, n); \
    return;

/// Defines the runs of all relations between elements of `type`.
#define DEFINE_RUNS(type) \
  DEFINE_RUN(eq, type, ==) \
  DEFINE_RUN(ne, type, !=) \
  DEFINE_RUN(lt, type, <) \
  DEFINE_RUN(le, type, <=) \
  DEFINE_RUN(gt, type, >) \
  DEFINE_RUN(ge, type, >=) \
  CGAD_CLONES static void compare_##type(void *context, ptrdiff_t a, ptrdiff_t b, size_t out, size_t n) { \
    const comparison *c = context; \
    switch (c->op) { \
      CASE(eq, type) \
      CASE(ne, type) \
      CASE(lt, type) \
      CASE(le, type) \
      CASE(gt, type) \
      CASE(ge, type) \
    } \
  }

DEFINE_RUNS(f32)
DEFINE_RUNS(i32)

// MARK: Entry

static int compare(
  cgad_pool *pool, int rank, const size_t *extents, const ptrdiff_t *lhs_strides, const ptrdiff_t *rhs_strides,
  cgad_run *run, comparison c) {
  cgad_layout l;
  int status = cgad_layout_make(&l, rank, extents, lhs_strides, rhs_strides);
  if (status != CGAD_OK) return status;
  c.a_stride = cgad_inner_stride(&l, 0);
  c.b_stride = cgad_inner_stride(&l, 1);
  cgad_layout_walk(pool, &l, run, &c);
  return CGAD_OK;
}

int cgad_compare_f32(
  cgad_pool *pool, cgad_comparison op, int rank, const size_t *extents, const float *lhs,
  const ptrdiff_t *lhs_strides, const float *rhs, const ptrdiff_t *rhs_strides, uint8_t *out) {
  comparison c = {.op = op, .a = lhs, .b = rhs, .out = out};
  return compare(pool, rank, extents, lhs_strides, rhs_strides, compare_f32, c);
}

int cgad_compare_i32(
  cgad_pool *pool, cgad_comparison op, int rank, const size_t *extents, const int32_t *lhs,
  const ptrdiff_t *lhs_strides, const int32_t *rhs, const ptrdiff_t *rhs_strides, uint8_t *out) {
  comparison c = {.op = op, .a = lhs, .b = rhs, .out = out};
  return compare(pool, rank, extents, lhs_strides, rhs_strides, compare_i32, c);
}
