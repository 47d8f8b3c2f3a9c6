// Choices between two tensors, with broadcasting: `where`, and the gradients of maximum and minimum.

#include "layout.h"
#include "vector.h"

// MARK: Layout of three operands

/// The extents of an output and the strides of condition and operands, with dimensions joined where all allow.
typedef struct {
  int rank;
  size_t count;
  size_t extents[CGAD_MAX_RANK];
  ptrdiff_t strides[3][CGAD_MAX_RANK];
} triple;

/// Adds a dimension of the given `extent`, to the last one if stepping in that is walking the whole of this one.
static void append(triple *t, size_t extent, const ptrdiff_t strides[3]) {
  int last = t->rank - 1;
  bool is_joined = last >= 0;
  for (int k = 0; k < 3 && is_joined; k++) is_joined = t->strides[k][last] == strides[k] * (ptrdiff_t)extent;
  if (!is_joined) t->extents[last = t->rank++] = 1;
  t->extents[last] *= extent;
  for (int k = 0; k < 3; k++) t->strides[k][last] = strides[k];
}

static int make_triple(triple *t, int rank, const size_t *extents, const ptrdiff_t *const strides[3]) {
  if (rank < 0 || rank > CGAD_MAX_RANK) return CGAD_BAD_RANK;
  *t = (triple){.count = 1};
  for (int i = 0; i < rank; i++) {
    if (__builtin_mul_overflow(t->count, extents[i], &t->count)) return CGAD_TOO_LARGE;
    if (extents[i] != 1) append(t, extents[i], (ptrdiff_t[3]){strides[0][i], strides[1][i], strides[2][i]});
  }
  if (t->rank == 0) append(t, 1, (ptrdiff_t[3]){0, 0, 0});
  return CGAD_OK;
}

// MARK: Where

typedef struct {
  triple layout;
  const uint8_t *condition;
  const int32_t *a, *b;
  int32_t *out;
} choice;

/// Chooses `n` elements, the operands of the common cases being contiguous or one element.
CGAD_CLONES static void choose_run(
  const uint8_t *c, ptrdiff_t s, const int32_t *a, ptrdiff_t p, const int32_t *b, ptrdiff_t q, int32_t *out, size_t n) {
  if (s == 1 && p == 1 && q == 1) {
    for (size_t i = 0; i < n; i++) out[i] = c[i] ? a[i] : b[i];
  } else if (s == 1 && p == 1 && q == 0) {
    for (size_t i = 0; i < n; i++) out[i] = c[i] ? a[i] : *b;
  } else if (s == 1 && p == 0 && q == 1) {
    for (size_t i = 0; i < n; i++) out[i] = c[i] ? *a : b[i];
  } else {
    for (ptrdiff_t i = 0; i < (ptrdiff_t)n; i++) out[i] = c[i * s] ? a[i * p] : b[i * q];
  }
}

static void choose_body(void *context, size_t begin, size_t end, size_t chunk) {
  const choice *w = context;
  const triple *t = &w->layout;
  int inner = t->rank - 1;
  (void)chunk;
  for (size_t i = begin; i < end;) {
    size_t run = t->extents[inner] - i % t->extents[inner], n = run < end - i ? run : end - i, rest = i;
    ptrdiff_t at[3] = {0, 0, 0};
    for (int d = inner; d >= 0; rest /= t->extents[d], d--)
      for (int k = 0; k < 3; k++) at[k] += (ptrdiff_t)(rest % t->extents[d]) * t->strides[k][d];
    choose_run(
      w->condition + at[0], t->strides[0][inner], w->a + at[1], t->strides[1][inner], w->b + at[2],
      t->strides[2][inner], w->out + i, n);
    i += n;
  }
}

int cgad_where(
  cgad_pool *pool, int rank, const size_t *extents, const uint8_t *condition, const ptrdiff_t *condition_strides,
  const void *a, const ptrdiff_t *a_strides, const void *b, const ptrdiff_t *b_strides, void *out) {
  choice w = {.condition = condition, .a = a, .b = b, .out = out};
  int status = make_triple(&w.layout, rank, extents, (const ptrdiff_t *[3]){condition_strides, a_strides, b_strides});
  if (status != CGAD_OK) return status;
  cgad_parallel_for(pool, w.layout.count, CGAD_GRAIN, choose_body, &w);
  return CGAD_OK;
}

// MARK: Gradients of maximum and minimum

typedef struct {
  bool greatest;
  const float *a, *b, *dy;
  ptrdiff_t a_stride, b_stride;
  float *out;
} share;

CGAD_INLINE f32x16 take(const float *p, ptrdiff_t stride, size_t n) {
  if (stride == 1 && n == LANES) return load(p);
  return stride == 0 ? splat(*p) : gather(p, stride, n);
}

CGAD_CLONES static void share_run(void *context, ptrdiff_t a, ptrdiff_t b, size_t out, size_t n) {
  const share *s = context;
  for (size_t i = 0; i < n; i += LANES) {
    size_t rest = n - i < LANES ? n - i : LANES;
    f32x16 u = take(s->a + a + (ptrdiff_t)i * s->a_stride, s->a_stride, rest);
    f32x16 v = take(s->b + b + (ptrdiff_t)i * s->b_stride, s->b_stride, rest);
    f32x16 dy = rest == LANES ? load(s->dy + out + i) : load_first(s->dy + out + i, rest, 0);
    f32x16 dx = choose(u == v, dy * 0.5f, choose(s->greatest ? u < v : u > v, splat(0.0f), dy));
    if (rest == LANES) store(s->out + out + i, dx);
    else store_first(s->out + out + i, dx, rest);
  }
}

int cgad_extremum_gradient(
  cgad_pool *pool, bool greatest, int rank, const size_t *extents, const float *lhs, const ptrdiff_t *lhs_strides,
  const float *rhs, const ptrdiff_t *rhs_strides, const float *dy, float *dx) {
  cgad_layout l;
  int status = cgad_layout_make(&l, rank, extents, lhs_strides, rhs_strides);
  if (status != CGAD_OK) return status;
  share s = {greatest, lhs, rhs, dy, cgad_inner_stride(&l, 0), cgad_inner_stride(&l, 1), dx};
  cgad_layout_walk(pool, &l, share_run, &s);
  return CGAD_OK;
}

// MARK: Logic

typedef struct {
  cgad_logic op;
  const uint8_t *a, *b;
  ptrdiff_t a_stride, b_stride;
  uint8_t *out;
} logic;

/// Writes `n` truth values, an operand being true unless it is 0.
#define CASE(name, expression) \
  case cgad_logic_##name: \
    for (size_t i = 0; i < n; i++) { \
      bool u = x[(ptrdiff_t)i * l->a_stride] != 0, v = y[(ptrdiff_t)i * l->b_stride] != 0; \
      (void)v; \
      z[i] = expression; \
    } \
    return;

CGAD_CLONES static void logic_run(void *context, ptrdiff_t a, ptrdiff_t b, size_t out, size_t n) {
  const logic *l = context;
  const uint8_t *x = l->a + a, *y = l->b + b;
  uint8_t *z = l->out + out;
  switch (l->op) {
    CASE(and, u & v)
    CASE(or, u | v)
    CASE(equal, u == v)
    CASE(xor, u ^ v)
    CASE(not, !u)
  }
}

int cgad_logic_apply(
  cgad_pool *pool, cgad_logic op, int rank, const size_t *extents, const uint8_t *lhs, const ptrdiff_t *lhs_strides,
  const uint8_t *rhs, const ptrdiff_t *rhs_strides, uint8_t *out) {
  cgad_layout layout;
  int status = cgad_layout_make(&layout, rank, extents, lhs_strides, rhs_strides);
  if (status != CGAD_OK) return status;
  logic l = {op, lhs, rhs, cgad_inner_stride(&layout, 0), cgad_inner_stride(&layout, 1), out};
  cgad_layout_walk(pool, &layout, logic_run, &l);
  return CGAD_OK;
}
