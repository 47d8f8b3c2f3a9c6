// Rows and elements read and written where indices say.

#include "pool.h"
#include "vector.h"

typedef struct {
  size_t count, cols;
  const int32_t *indices;
  const float *x;
  float *y;
} indexed;

/// Returns 0, or 1 plus the position of the first index that is not in `0 ..< bound`.
static size_t find_bad_index(size_t count, size_t bound, const int32_t *indices) {
  for (size_t i = 0; i < count; i++)
    if (indices[i] < 0 || (size_t)indices[i] >= bound) return i + 1;
  return 0;
}

// MARK: Rows

static void gather_rows_body(void *context, size_t begin, size_t end, size_t chunk) {
  const indexed *g = context;
  (void)chunk;
  for (size_t i = begin; i < end; i++)
    memcpy(g->y + i * g->cols, g->x + (size_t)g->indices[i] * g->cols, g->cols * sizeof(float));
}

size_t cgad_gather_rows(
  cgad_pool *pool, size_t rows, size_t cols, const float *table, size_t count, const int32_t *indices, float *y) {
  size_t bad = find_bad_index(count, rows, indices);
  if (bad != 0) return bad;
  indexed g = {.count = count, .cols = cols, .indices = indices, .x = table, .y = y};
  if (cols > 0) cgad_parallel_for(pool, count, cgad_rows_per_chunk(cols), gather_rows_body, &g);
  return 0;
}

/// Adds the columns `[begin, end)` of all rows: the order of the sums does not depend on how columns are shared.
CGAD_CLONES static void scatter_rows_body(void *context, size_t begin, size_t end, size_t chunk) {
  const indexed *s = context;
  (void)chunk;
  for (size_t i = 0; i < s->count; i++) {
    const float *x = s->x + i * s->cols;
    float *y = s->y + (size_t)s->indices[i] * s->cols;
    for (size_t j = begin; j < end; j++) y[j] += x[j];
  }
}

size_t cgad_scatter_add_rows(
  cgad_pool *pool, size_t rows, size_t cols, float *y, size_t count, const int32_t *indices, const float *x) {
  size_t bad = find_bad_index(count, rows, indices);
  if (bad != 0) return bad;
  indexed s = {.count = count, .cols = cols, .indices = indices, .x = x, .y = y};
  size_t chunk = (cgad_rows_per_chunk(count) + LANES - 1) / LANES * LANES;
  cgad_zero(pool, rows * cols * sizeof(float), y);
  cgad_parallel_for(pool, cols, chunk, scatter_rows_body, &s);
  return 0;
}

// MARK: Elements

static void gather_elements_body(void *context, size_t begin, size_t end, size_t chunk) {
  const indexed *g = context;
  (void)chunk;
  for (size_t i = begin; i < end; i++) g->y[i] = g->x[i * g->cols + (size_t)g->indices[i]];
}

size_t cgad_gather_elements(
  cgad_pool *pool, size_t count, size_t cols, const float *x, const int32_t *indices, float *y) {
  size_t bad = find_bad_index(count, cols, indices);
  if (bad != 0) return bad;
  indexed g = {.count = count, .cols = cols, .indices = indices, .x = x, .y = y};
  cgad_parallel_for(pool, count, CGAD_GRAIN, gather_elements_body, &g);
  return 0;
}

static void scatter_elements_body(void *context, size_t begin, size_t end, size_t chunk) {
  const indexed *s = context;
  (void)chunk;
  memset(s->y + begin * s->cols, 0, (end - begin) * s->cols * sizeof(float));
  for (size_t i = begin; i < end; i++) s->y[i * s->cols + (size_t)s->indices[i]] = s->x ? s->x[i] : 1;
}

size_t cgad_scatter_elements(
  cgad_pool *pool, size_t count, size_t cols, const float *x, const int32_t *indices, float *y) {
  size_t bad = find_bad_index(count, cols, indices);
  if (bad != 0) return bad;
  indexed s = {.count = count, .cols = cols, .indices = indices, .x = x, .y = y};
  cgad_parallel_for(pool, count, cgad_rows_per_chunk(cols), scatter_elements_body, &s);
  return 0;
}
