// Softmax, its logarithm, and their gradients, row by row.

#include "pool.h"
#include "softmax.h"

typedef struct {
  const float *x, *dy;
  float *y;
  size_t cols;
} rows;

// MARK: Forward

CGAD_CLONES static void softmax_body(void *context, size_t begin, size_t end, size_t chunk) {
  const rows *r = context;
  size_t n = r->cols;
  (void)chunk;
  for (size_t i = begin; i < end; i++) {
    const float *x = r->x + i * n;
    float *y = r->y + i * n;
    double sum = row_exp_sum(x, y, n, row_max(x, n), true);
    row_scale(y, n, (float)(1 / sum));
  }
}

void cgad_softmax(cgad_pool *pool, size_t row_count, size_t cols, const float *x, float *y) {
  rows r = {.x = x, .y = y, .cols = cols};
  cgad_parallel_for(pool, row_count, cgad_rows_per_chunk(cols), softmax_body, &r);
}

/// Writes `x[i] - m - l`, in that order, since `m + l` may round.
CGAD_INLINE void subtract(const float *x, float *y, size_t n, float m, float l) {
  size_t i = 0;
  for (; i + LANES <= n; i += LANES) store(y + i, (load(x + i) - m) - l);
  if (i < n) store_first(y + i, (load_first(x + i, n - i, 0) - m) - l, n - i);
}

CGAD_CLONES static void log_softmax_body(void *context, size_t begin, size_t end, size_t chunk) {
  const rows *r = context;
  size_t n = r->cols;
  (void)chunk;
  for (size_t i = begin; i < end; i++) {
    const float *x = r->x + i * n;
    float m = row_max(x, n);
    double sum = row_exp_sum(x, NULL, n, m, false);
    subtract(x, r->y + i * n, n, m, log_of_one((float)sum));
  }
}

void cgad_log_softmax(cgad_pool *pool, size_t row_count, size_t cols, const float *x, float *y) {
  rows r = {.x = x, .y = y, .cols = cols};
  cgad_parallel_for(pool, row_count, cgad_rows_per_chunk(cols), log_softmax_body, &r);
}

// MARK: Backward

/// Returns Σ y·dy, or Σ dy if `y` is null.
CGAD_INLINE double row_dot(const float *y, const float *dy, size_t n) {
  double sum = 0;
  for (size_t b = 0; b < n; b += ROW_BLOCK) {
    size_t end = n - b < ROW_BLOCK ? n : b + ROW_BLOCK, i = b;
    f32x16 s = splat(0.0f);
    for (; i + LANES <= end; i += LANES) s += y ? load(y + i) * load(dy + i) : load(dy + i);
    f32x16 last = load_first(dy + i, end - i, 0);
    s += y ? load_first(y + i, end - i, 0) * last : last;
    sum += (double)sum_lanes(s);
  }
  return sum;
}

CGAD_CLONES static void softmax_gradient_body(void *context, size_t begin, size_t end, size_t chunk) {
  const rows *r = context;
  (void)chunk;
  for (size_t k = begin; k < end; k++) {
    const float *y = r->x + k * r->cols, *dy = r->dy + k * r->cols;
    float *dx = r->y + k * r->cols, d = (float)row_dot(y, dy, r->cols);
    size_t i = 0, rest = r->cols % LANES;
    for (; i + LANES <= r->cols; i += LANES) store(dx + i, load(y + i) * (load(dy + i) - d));
    store_first(dx + i, load_first(y + i, rest, 0) * (load_first(dy + i, rest, 0) - d), rest);
  }
}

void cgad_softmax_gradient(
  cgad_pool *pool, size_t row_count, size_t cols, const float *y, const float *dy, float *dx) {
  rows r = {y, dy, dx, cols};
  cgad_parallel_for(pool, row_count, cgad_rows_per_chunk(cols), softmax_gradient_body, &r);
}

CGAD_CLONES static void log_softmax_gradient_body(void *context, size_t begin, size_t end, size_t chunk) {
  const rows *r = context;
  (void)chunk;
  for (size_t k = begin; k < end; k++) {
    const float *y = r->x + k * r->cols, *dy = r->dy + k * r->cols;
    float *dx = r->y + k * r->cols, s = (float)row_dot(NULL, dy, r->cols);
    size_t i = 0, rest = r->cols % LANES;
    for (; i + LANES <= r->cols; i += LANES) store(dx + i, load(dy + i) - v_exp(load(y + i)) * s);
    store_first(dx + i, load_first(dy + i, rest, 0) - v_exp(load_first(y + i, rest, 0)) * s, rest);
  }
}

void cgad_log_softmax_gradient(
  cgad_pool *pool, size_t row_count, size_t cols, const float *y, const float *dy, float *dx) {
  rows r = {y, dy, dx, cols};
  cgad_parallel_for(pool, row_count, cgad_rows_per_chunk(cols), log_softmax_gradient_body, &r);
}
