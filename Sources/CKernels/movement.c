// Copies: strided, of types, of constants.

#include "layout.h"
#include "vector.h"

// MARK: Broadcast

typedef struct {
  const float *x;
  ptrdiff_t stride;
  float *out;
} strided_copy;

CGAD_CLONES static void copy_run(void *context, ptrdiff_t a, ptrdiff_t b, size_t out, size_t n) {
  const strided_copy *c = context;
  const int32_t *x = (const int32_t *)(c->x + a);
  int32_t *y = (int32_t *)(c->out + out);
  (void)b;
  if (c->stride == 1) memcpy(y, x, n * sizeof *y);
  else if (c->stride == 0)
    for (size_t i = 0; i < n; i++) y[i] = *x;
  else
    for (size_t i = 0; i < n; i++) y[i] = x[(ptrdiff_t)i * c->stride];
}

// MARK: Transposition

/// A copy whose operand is contiguous along dimension `unit` and not along the innermost one, done by blocks that
/// read and write whole cache lines.
typedef struct {
  const cgad_layout *layout;
  const float *x;
  float *out;
  int unit;
  ptrdiff_t unit_step;
  size_t tiles;
} transposition;

#define BLOCK ((size_t)16)

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

/// Copies a whole block, whose columns in the operand are `x_step` apart, to rows that are `y_step` apart.
///
/// Four rounds that interleave vector i with vector i + 8 transpose sixteen vectors.
CGAD_INLINE void copy_block(const float *x, ptrdiff_t x_step, float *y, ptrdiff_t y_step) {
  f32x16 v[16], w[16];
  for (int i = 0; i < 16; i++) v[i] = load(x + i * x_step);
  for (int round = 0; round < 4; round++) {
    for (int i = 0; i < 8; i++) {
      w[2 * i] = interleave_low(v[i], v[i + 8]);
      w[2 * i + 1] = interleave_high(v[i], v[i + 8]);
    }
    for (int i = 0; i < 16; i++) v[i] = w[i];
  }
  for (int i = 0; i < 16; i++) store(y + i * y_step, v[i]);
}

/// As `copy_block`, of `m` rows of `n` elements.
CGAD_INLINE void copy_part(const float *x, ptrdiff_t x_step, float *y, ptrdiff_t y_step, size_t m, size_t n) {
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < n; j++) {
      memcpy(y + (ptrdiff_t)i * y_step + (ptrdiff_t)j, x + (ptrdiff_t)j * x_step + (ptrdiff_t)i, sizeof *y);
    }
}

/// Copies `m <= BLOCK` rows of `n` elements.
CGAD_CLONES static void copy_rows(const float *x, ptrdiff_t x_step, float *y, ptrdiff_t y_step, size_t m, size_t n) {
  size_t j = 0;
  if (m == BLOCK)
    for (; j + BLOCK <= n; j += BLOCK) copy_block(x + (ptrdiff_t)j * x_step, x_step, y + j, y_step);
  copy_part(x + (ptrdiff_t)j * x_step, x_step, y + j, y_step, m, n - j);
}

/// Copies tile `tile` of `t`: `BLOCK` elements of the unit dimension, all of the innermost, one of each other.
static void copy_tile(const transposition *t, size_t tile) {
  const cgad_layout *l = t->layout;
  int inner = l->rank - 1;
  size_t first = tile % t->tiles * BLOCK, other = tile / t->tiles;
  const float *x = t->x + first;
  float *y = t->out + (ptrdiff_t)first * t->unit_step;
  ptrdiff_t step = (ptrdiff_t)l->extents[inner];
  for (int i = inner - 1; i >= 0; step *= (ptrdiff_t)l->extents[i], i--) {
    if (i == t->unit) continue;
    x += (ptrdiff_t)(other % l->extents[i]) * l->strides[0][i];
    y += (ptrdiff_t)(other % l->extents[i]) * step;
    other /= l->extents[i];
  }
  size_t m = least(BLOCK, l->extents[t->unit] - first);
  copy_rows(x, l->strides[0][inner], y, t->unit_step, m, l->extents[inner]);
}

static void tiles_body(void *context, size_t begin, size_t end, size_t chunk) {
  (void)chunk;
  for (size_t i = begin; i < end; i++) copy_tile(context, i);
}

/// Returns the dimension along which operand 0 is contiguous, or -1 if it is the innermost one or there is none.
static int unit_dimension(const cgad_layout *l) {
  if (cgad_inner_stride(l, 0) == 1 || cgad_inner_stride(l, 0) == 0) return -1;
  for (int i = 0; i < l->rank - 1; i++)
    if (l->strides[0][i] == 1) return i;
  return -1;
}

static void transpose(cgad_pool *pool, const cgad_layout *l, int unit, const float *x, float *out) {
  transposition t = {.layout = l, .x = x, .out = out, .unit = unit, .unit_step = 1};
  for (int i = unit + 1; i < l->rank; i++) t.unit_step *= (ptrdiff_t)l->extents[i];
  t.tiles = (l->extents[unit] + BLOCK - 1) / BLOCK;
  size_t others = l->count / l->extents[unit] / l->extents[l->rank - 1];
  cgad_parallel_for(pool, t.tiles * others, cgad_rows_per_chunk(BLOCK * l->extents[l->rank - 1]), tiles_body, &t);
}

int cgad_broadcast(
  cgad_pool *pool, int rank, const size_t *extents, const float *x, const ptrdiff_t *strides, float *out) {
  static const ptrdiff_t zeros[CGAD_MAX_RANK];
  cgad_layout l;
  int status = cgad_layout_make(&l, rank, extents, strides, zeros);
  if (status != CGAD_OK || l.count == 0) return status;
  int unit = unit_dimension(&l);
  if (unit >= 0) {
    transpose(pool, &l, unit, x, out);
    return CGAD_OK;
  }
  strided_copy c = {x, cgad_inner_stride(&l, 0), out};
  cgad_layout_walk(pool, &l, copy_run, &c);
  return CGAD_OK;
}

// MARK: Constants and copies

typedef struct {
  const void *x;
  void *y;
  float value;
} operands;

CGAD_CLONES static void fill_body(void *context, size_t begin, size_t end, size_t chunk) {
  const operands *o = context;
  (void)chunk;
  for (size_t i = begin; i < end; i++) ((float *)o->y)[i] = o->value;
}

void cgad_fill(cgad_pool *pool, size_t n, float value, float *y) {
  operands o = {.y = y, .value = value};
  cgad_parallel_for(pool, n, CGAD_GRAIN, fill_body, &o);
}

static void copy_body(void *context, size_t begin, size_t end, size_t chunk) {
  const operands *o = context;
  (void)chunk;
  memcpy((char *)o->y + begin, (const char *)o->x + begin, end - begin);
}

void cgad_copy(cgad_pool *pool, size_t size, const void *x, void *y) {
  operands o = {.x = x, .y = y};
  cgad_parallel_for(pool, size, CGAD_GRAIN * sizeof(float), copy_body, &o);
}

// MARK: Types

CGAD_CLONES static void cast_u8_body(void *context, size_t begin, size_t end, size_t chunk) {
  const operands *o = context;
  const uint8_t *x = o->x;
  (void)chunk;
  for (size_t i = begin; i < end; i++) ((float *)o->y)[i] = (float)x[i];
}

void cgad_cast_u8(cgad_pool *pool, size_t n, const uint8_t *x, float *y) {
  operands o = {.x = x, .y = y};
  cgad_parallel_for(pool, n, CGAD_GRAIN, cast_u8_body, &o);
}

CGAD_CLONES static void cast_i32_body(void *context, size_t begin, size_t end, size_t chunk) {
  const operands *o = context;
  const int32_t *x = o->x;
  (void)chunk;
  for (size_t i = begin; i < end; i++) ((float *)o->y)[i] = (float)x[i];
}

void cgad_cast_i32(cgad_pool *pool, size_t n, const int32_t *x, float *y) {
  operands o = {.x = x, .y = y};
  cgad_parallel_for(pool, n, CGAD_GRAIN, cast_i32_body, &o);
}
