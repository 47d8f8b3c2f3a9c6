// Normalisation of rows, and its gradients.
//
// Statistics are summed by blocks in float, the blocks in double. A mean is taken away in two parts, so that rows far
// from 0 keep the digits of their differences.

#include "pool.h"
#include "softmax.h"

typedef struct {
  const float *x, *dy;
  float *y;
  size_t cols;
  double epsilon;
} rows;

/// What is taken away from the elements of a row, in two parts, and what the differences are multiplied by.
typedef struct {
  float high, low, scale;
} moments;

// MARK: Sums

/// Returns the `n <= 16` elements at `p`, then zeros.
CGAD_INLINE f32x16 take(const float *p, size_t n) { return n == LANES ? load(p) : load_first(p, n, 0); }

CGAD_INLINE void put(float *p, f32x16 v, size_t n) {
  if (n == LANES) store(p, v);
  else store_first(p, v, n);
}

/// Returns the lanes of `v`, those from `n` on being 0.
CGAD_INLINE f32x16 first_lanes(f32x16 v, size_t n) {
  float lanes[16] = {0};
  store_first(lanes, v, n);
  return load(lanes);
}

CGAD_INLINE f32x16 centered(f32x16 x, moments m) { return (x - m.high) - m.low; }

/// Adds to `total` the sum over a row of `n` elements of `term`, an expression of the `k` elements from `i` on.
#define SUM_ROW(total, n, term) \
  for (size_t block = 0; block < (n); block += ROW_BLOCK) { \
    size_t block_end = (n) - block < ROW_BLOCK ? (n) : block + ROW_BLOCK, i = block; \
    f32x16 even = splat(0.0f), odd = splat(0.0f); \
    for (; i + 2 * LANES <= block_end; i += LANES) { \
      const size_t k = LANES; \
      even += (term); \
      i += LANES; \
      odd += (term); \
    } \
    for (; i < block_end; i += LANES) { \
      size_t k = block_end - i < LANES ? block_end - i : LANES; \
      even += first_lanes(term, k); \
    } \
    total += (double)sum_lanes(even + odd); \
  }

CGAD_INLINE moments layer_moments(const float *x, size_t n, double epsilon) {
  double sum = 0, squares = 0;
  SUM_ROW(sum, n, take(x + i, k))
  double mean = sum / (double)n;
  moments m = {.high = (float)mean};
  m.low = m.high - m.high == 0 ? (float)(mean - (double)m.high) : 0;
  SUM_ROW(squares, n, centered(take(x + i, k), m) * centered(take(x + i, k), m))
  m.scale = (float)(1 / __builtin_elementwise_sqrt(squares / (double)n + epsilon));
  return m;
}

CGAD_INLINE moments rms_moments(const float *x, size_t n, double epsilon) {
  double squares = 0;
  SUM_ROW(squares, n, take(x + i, k) * take(x + i, k))
  return (moments){.scale = (float)(1 / __builtin_elementwise_sqrt(squares / (double)n + epsilon))};
}

// MARK: Forward

CGAD_INLINE void normalize(const float *x, float *y, size_t n, moments m) {
  for (size_t i = 0; i < n; i += LANES) {
    size_t k = n - i < LANES ? n - i : LANES;
    put(y + i, centered(take(x + i, k), m) * m.scale, k);
  }
}

CGAD_CLONES static void layer_body(void *context, size_t begin, size_t end, size_t chunk) {
  const rows *r = context;
  (void)chunk;
  for (size_t j = begin; j < end; j++) {
    const float *x = r->x + j * r->cols;
    normalize(x, r->y + j * r->cols, r->cols, layer_moments(x, r->cols, r->epsilon));
  }
}

void cgad_layer_norm(cgad_pool *pool, size_t row_count, size_t cols, double epsilon, const float *x, float *y) {
  rows r = {.x = x, .y = y, .cols = cols, .epsilon = epsilon};
  cgad_parallel_for(pool, row_count, cgad_rows_per_chunk(cols), layer_body, &r);
}

CGAD_CLONES static void rms_body(void *context, size_t begin, size_t end, size_t chunk) {
  const rows *r = context;
  (void)chunk;
  for (size_t j = begin; j < end; j++) {
    const float *x = r->x + j * r->cols;
    normalize(x, r->y + j * r->cols, r->cols, rms_moments(x, r->cols, r->epsilon));
  }
}

void cgad_rms_norm(cgad_pool *pool, size_t row_count, size_t cols, double epsilon, const float *x, float *y) {
  rows r = {.x = x, .y = y, .cols = cols, .epsilon = epsilon};
  cgad_parallel_for(pool, row_count, cgad_rows_per_chunk(cols), rms_body, &r);
}

// MARK: Backward

/// Writes `scale · (dy - a - y·b)`, where y is the normalised row, b the mean of dy·y, and a that of dy if `has_mean`.
CGAD_INLINE void gradient(const float *x, const float *dy, float *dx, size_t n, moments m, bool has_mean) {
  double sum = 0, product = 0;
  if (has_mean) SUM_ROW(sum, n, take(dy + i, k))
  SUM_ROW(product, n, take(dy + i, k) * (centered(take(x + i, k), m) * m.scale))
  float a = (float)(sum / (double)n), b = (float)(product / (double)n);
  for (size_t i = 0; i < n; i += LANES) {
    size_t k = n - i < LANES ? n - i : LANES;
    f32x16 y = centered(take(x + i, k), m) * m.scale;
    put(dx + i, ((take(dy + i, k) - a) - y * b) * m.scale, k);
  }
}

CGAD_CLONES static void layer_gradient_body(void *context, size_t begin, size_t end, size_t chunk) {
  const rows *r = context;
  (void)chunk;
  for (size_t j = begin; j < end; j++) {
    const float *x = r->x + j * r->cols;
    moments m = layer_moments(x, r->cols, r->epsilon);
    gradient(x, r->dy + j * r->cols, r->y + j * r->cols, r->cols, m, true);
  }
}

void cgad_layer_norm_gradient(
  cgad_pool *pool, size_t row_count, size_t cols, double epsilon, const float *x, const float *dy, float *dx) {
  rows r = {x, dy, dx, cols, epsilon};
  cgad_parallel_for(pool, row_count, cgad_rows_per_chunk(cols), layer_gradient_body, &r);
}

CGAD_CLONES static void rms_gradient_body(void *context, size_t begin, size_t end, size_t chunk) {
  const rows *r = context;
  (void)chunk;
  for (size_t j = begin; j < end; j++) {
    const float *x = r->x + j * r->cols;
    moments m = rms_moments(x, r->cols, r->epsilon);
    gradient(x, r->dy + j * r->cols, r->y + j * r->cols, r->cols, m, false);
  }
}

void cgad_rms_norm_gradient(
  cgad_pool *pool, size_t row_count, size_t cols, double epsilon, const float *x, const float *dy, float *dx) {
  rows r = {x, dy, dx, cols, epsilon};
  cgad_parallel_for(pool, row_count, cgad_rows_per_chunk(cols), rms_gradient_body, &r);
}
