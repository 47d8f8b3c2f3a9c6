// Losses and their gradients.

#include "pool.h"
#include "softmax.h"

// MARK: Cross-entropy

typedef struct {
  const float *logits;
  const int32_t *labels;
  float *out;
  size_t cols;
  float scale;
  double partials[CGAD_MAX_PARTIALS];
} labelled_rows;

/// Returns 0, or 1 plus the index of the first label that is not in `0 ..< cols`.
static size_t find_bad_label(size_t rows, size_t cols, const int32_t *labels) {
  for (size_t i = 0; i < rows; i++)
    if (labels[i] < 0 || (size_t)labels[i] >= cols) return i + 1;
  return 0;
}

CGAD_CLONES static void loss_body(void *context, size_t begin, size_t end, size_t chunk) {
  labelled_rows *r = context;
  double sum = 0;
  for (size_t i = begin; i < end; i++) {
    const float *x = r->logits + i * r->cols;
    float m = row_max(x, r->cols);
    double exp_sum = row_exp_sum(x, NULL, r->cols, m, false);
    sum += (double)log_of_one((float)exp_sum) - ((double)x[r->labels[i]] - (double)m);
  }
  r->partials[chunk] = sum;
}

size_t cgad_cross_entropy(
  cgad_pool *pool, size_t rows, size_t cols, const float *logits, const int32_t *labels, float *loss) {
  size_t bad = find_bad_label(rows, cols, labels);
  if (bad != 0) return bad;
  labelled_rows r = {.logits = logits, .labels = labels, .cols = cols};
  size_t chunk = cgad_partial_chunk(rows, cgad_rows_per_chunk(cols));
  double sum = 0;
  cgad_parallel_for(pool, rows, chunk, loss_body, &r);
  for (size_t i = 0; i * chunk < rows; i++) sum += r.partials[i];
  *loss = (float)(sum / (double)rows);
  return 0;
}

CGAD_CLONES static void loss_gradient_body(void *context, size_t begin, size_t end, size_t chunk) {
  const labelled_rows *r = context;
  size_t n = r->cols;
  (void)chunk;
  for (size_t i = begin; i < end; i++) {
    const float *x = r->logits + i * n;
    float *y = r->out + i * n;
    double sum = row_exp_sum(x, y, n, row_max(x, n), true);
    row_scale(y, n, (float)((double)r->scale / sum));
    y[r->labels[i]] -= r->scale;
  }
}

size_t cgad_cross_entropy_gradient(
  cgad_pool *pool, size_t rows, size_t cols, const float *logits, const int32_t *labels, float g, float *dlogits) {
  size_t bad = find_bad_label(rows, cols, labels);
  if (bad != 0) return bad;
  float scale = (float)((double)g / (double)rows);
  labelled_rows r = {.logits = logits, .labels = labels, .out = dlogits, .cols = cols, .scale = scale};
  cgad_parallel_for(pool, rows, cgad_rows_per_chunk(cols), loss_gradient_body, &r);
  return 0;
}

// MARK: Mean of squares

typedef struct {
  const float *x, *y;
  float *out;
  float scale;
  double partials[CGAD_MAX_PARTIALS];
} difference;

CGAD_INLINE f32x16 squared(f32x16 d) { return d * d; }

CGAD_CLONES static void squares_body(void *context, size_t begin, size_t end, size_t chunk) {
  difference *d = context;
  double sum = 0;
  for (size_t b = begin; b < end; b += ROW_BLOCK) {
    size_t block_end = end - b < ROW_BLOCK ? end : b + ROW_BLOCK, i = b;
    f32x16 s[2] = {splat(0.0f), splat(0.0f)};
    for (; i + 2 * LANES <= block_end; i += 2 * LANES) {
      s[0] += squared(load(d->x + i) - load(d->y + i));
      s[1] += squared(load(d->x + i + LANES) - load(d->y + i + LANES));
    }
    for (; i < block_end; i += LANES) {
      size_t rest = block_end - i < LANES ? block_end - i : LANES;
      s[0] += squared(load_first(d->x + i, rest, 0) - load_first(d->y + i, rest, 0));
    }
    sum += (double)sum_lanes(s[0] + s[1]);
  }
  d->partials[chunk] = sum;
}

void cgad_mse(cgad_pool *pool, size_t n, const float *x, const float *y, float *loss) {
  difference d = {.x = x, .y = y};
  size_t chunk = cgad_partial_chunk(n, CGAD_GRAIN);
  double sum = 0;
  cgad_parallel_for(pool, n, chunk, squares_body, &d);
  for (size_t i = 0; i * chunk < n; i++) sum += d.partials[i];
  *loss = (float)(sum / (double)n);
}

CGAD_CLONES static void mse_gradient_body(void *context, size_t i, size_t end, size_t chunk) {
  const difference *d = context;
  (void)chunk;
  for (; i + LANES <= end; i += LANES) store(d->out + i, (load(d->x + i) - load(d->y + i)) * d->scale);
  size_t rest = end - i;
  store_first(d->out + i, (load_first(d->x + i, rest, 0) - load_first(d->y + i, rest, 0)) * d->scale, rest);
}

void cgad_mse_gradient(cgad_pool *pool, size_t n, const float *x, const float *y, float g, float *dx) {
  difference d = {.x = x, .y = y, .out = dx, .scale = (float)(2 * (double)g / (double)n)};
  cgad_parallel_for(pool, n, CGAD_GRAIN, mse_gradient_body, &d);
}
