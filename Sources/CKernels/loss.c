// Losses and their gradients.

#include "pool.h"
#include "softmax.h"

/// Returns the `n <= 16` elements at `p`, then zeros.
CGAD_INLINE f32x16 take(const float *p, size_t n) { return n == LANES ? load(p) : load_first(p, n, 0); }

CGAD_INLINE void put(float *p, f32x16 v, size_t n) {
  if (n == LANES) store(p, v);
  else store_first(p, v, n);
}

// MARK: Cross-entropy

typedef struct {
  const float *logits, *targets;
  const int32_t *labels;
  float *out;
  size_t cols;
  float scale;
  double smoothing;
  double partials[CGAD_MAX_PARTIALS];
} labelled_rows;

/// Returns 0, or 1 plus the index of the first label that is not in `0 ..< cols`.
static size_t find_bad_label(size_t rows, size_t cols, const int32_t *labels) {
  for (size_t i = 0; i < rows; i++)
    if (labels[i] < 0 || (size_t)labels[i] >= cols) return i + 1;
  return 0;
}

/// Returns Σ (x - m) of the `n` elements of a row.
CGAD_INLINE double row_sum(const float *x, size_t n, float m) {
  double sum = 0;
  for (size_t b = 0; b < n; b += ROW_BLOCK) {
    size_t end = n - b < ROW_BLOCK ? n : b + ROW_BLOCK, i = b;
    f32x16 s = splat(0.0f);
    for (; i + LANES <= end; i += LANES) s += load(x + i) - m;
    if (i < end) s += load_first(x + i, end - i, m) - m;
    sum += (double)sum_lanes(s);
  }
  return sum;
}

CGAD_CLONES static void loss_body(void *context, size_t begin, size_t end, size_t chunk) {
  labelled_rows *r = context;
  double sum = 0;
  for (size_t i = begin; i < end; i++) {
    const float *x = r->logits + i * r->cols;
    float m = row_max(x, r->cols);
    double exp_sum = row_exp_sum(x, NULL, r->cols, m, false);
    double of_label = (double)x[r->labels[i]] - (double)m;
    if (r->smoothing != 0) of_label += r->smoothing * (row_sum(x, r->cols, m) / (double)r->cols - of_label);
    sum += (double)log_of_one((float)exp_sum) - of_label;
  }
  r->partials[chunk] = sum;
}

size_t cgad_cross_entropy(
  cgad_pool *pool, size_t rows, size_t cols, const float *logits, const int32_t *labels, double smoothing,
  float *loss) {
  size_t bad = find_bad_label(rows, cols, labels);
  if (bad != 0) return bad;
  labelled_rows r = {.logits = logits, .labels = labels, .cols = cols, .smoothing = smoothing};
  size_t chunk = cgad_partial_chunk(rows, cgad_rows_per_chunk(cols));
  double sum = 0;
  cgad_parallel_for(pool, rows, chunk, loss_body, &r);
  for (size_t i = 0; i * chunk < rows; i++) sum += r.partials[i];
  *loss = (float)(sum / (double)rows);
  return 0;
}

/// Adds `v` to `n` elements.
CGAD_INLINE void row_add(float *y, size_t n, float v) {
  for (size_t i = 0; i < n; i += LANES) {
    size_t k = n - i < LANES ? n - i : LANES;
    put(y + i, take(y + i, k) + v, k);
  }
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
    if (r->smoothing != 0) row_add(y, n, (float)(-(double)r->scale * r->smoothing / (double)n));
    y[r->labels[i]] -= (float)((double)r->scale * (1 - r->smoothing));
  }
}

size_t cgad_cross_entropy_gradient(
  cgad_pool *pool, size_t rows, size_t cols, const float *logits, const int32_t *labels, double smoothing, float g,
  float *dlogits) {
  size_t bad = find_bad_label(rows, cols, labels);
  if (bad != 0) return bad;
  float scale = (float)((double)g / (double)rows);
  labelled_rows r = {
    .logits = logits, .labels = labels, .out = dlogits, .cols = cols, .scale = scale, .smoothing = smoothing,
  };
  cgad_parallel_for(pool, rows, cgad_rows_per_chunk(cols), loss_gradient_body, &r);
  return 0;
}

// MARK: Cross-entropy of probabilities

/// Returns Σ t · (l - (x - m)) of the `n` elements of a row, terms whose `t` is 0 being 0.
CGAD_INLINE double row_cross(const float *x, const float *t, size_t n, float m, float l) {
  double sum = 0;
  for (size_t b = 0; b < n; b += ROW_BLOCK) {
    size_t end = n - b < ROW_BLOCK ? n : b + ROW_BLOCK;
    f32x16 s = splat(0.0f);
    for (size_t i = b; i < end; i += LANES) {
      size_t k = end - i < LANES ? end - i : LANES;
      f32x16 u = take(t + i, k);
      s += choose(u == 0.0f, splat(0.0f), u * (l - (take(x + i, k) - m)));
    }
    sum += (double)sum_lanes(s);
  }
  return sum;
}

CGAD_CLONES static void soft_loss_body(void *context, size_t begin, size_t end, size_t chunk) {
  labelled_rows *r = context;
  double sum = 0;
  for (size_t i = begin; i < end; i++) {
    const float *x = r->logits + i * r->cols;
    float m = row_max(x, r->cols);
    float l = log_of_one((float)row_exp_sum(x, NULL, r->cols, m, false));
    sum += row_cross(x, r->targets + i * r->cols, r->cols, m, l);
  }
  r->partials[chunk] = sum;
}

void cgad_soft_cross_entropy(
  cgad_pool *pool, size_t rows, size_t cols, const float *logits, const float *targets, float *loss) {
  labelled_rows r = {.logits = logits, .targets = targets, .cols = cols};
  size_t chunk = cgad_partial_chunk(rows, cgad_rows_per_chunk(cols));
  double sum = 0;
  cgad_parallel_for(pool, rows, chunk, soft_loss_body, &r);
  for (size_t i = 0; i * chunk < rows; i++) sum += r.partials[i];
  *loss = (float)(sum / (double)rows);
}

CGAD_CLONES static void soft_gradient_body(void *context, size_t begin, size_t end, size_t chunk) {
  const labelled_rows *r = context;
  size_t n = r->cols;
  (void)chunk;
  for (size_t i = begin; i < end; i++) {
    const float *x = r->logits + i * n, *t = r->targets + i * n;
    float *y = r->out + i * n;
    double sum = row_exp_sum(x, y, n, row_max(x, n), true), total = row_sum(t, n, 0);
    float factor = (float)((double)r->scale * total / sum);
    for (size_t j = 0; j < n; j += LANES) {
      size_t k = n - j < LANES ? n - j : LANES;
      put(y + j, take(y + j, k) * factor - take(t + j, k) * r->scale, k);
    }
  }
}

void cgad_soft_cross_entropy_gradient(
  cgad_pool *pool, size_t rows, size_t cols, const float *logits, const float *targets, float g, float *dlogits) {
  float scale = (float)((double)g / (double)rows);
  labelled_rows r = {.logits = logits, .targets = targets, .out = dlogits, .cols = cols, .scale = scale};
  cgad_parallel_for(pool, rows, cgad_rows_per_chunk(cols), soft_gradient_body, &r);
}

// MARK: Means over pairs of elements

typedef struct {
  cgad_pair_loss op;
  const float *x, *y;
  float *out;
  float scale;
  double partials[CGAD_MAX_PARTIALS];
} pairs;

CGAD_INLINE f32x16 squares_term(f32x16 x, f32x16 y) { return (x - y) * (x - y); }

CGAD_INLINE f32x16 magnitudes_term(f32x16 x, f32x16 y) { return magnitude(x - y); }

/// Returns -y·log σ(x) - (1 - y)·log(1 - σ(x)), σ being the sigmoid, in a form that does not overflow.
CGAD_INLINE f32x16 logits_term(f32x16 x, f32x16 y) {
  return (maximum(x, splat(0.0f)) - x * y) + v_log1p(v_exp(-magnitude(x)));
}

/// Returns y · (log y - x), 0 where `y` is 0.
CGAD_INLINE f32x16 divergence_term(f32x16 x, f32x16 y) {
  return choose(y == 0.0f, splat(0.0f), y * (v_log(y) - x));
}

CGAD_INLINE f32x16 squares_slope(f32x16 x, f32x16 y) { return x - y; }

CGAD_INLINE f32x16 magnitudes_slope(f32x16 x, f32x16 y) { return v_sign(x - y); }

CGAD_INLINE f32x16 logits_slope(f32x16 x, f32x16 y) { return v_sigmoid(x) - y; }

CGAD_INLINE f32x16 divergence_slope(f32x16 x, f32x16 y) { return (void)x, -y; }

/// Returns the lanes of `v`, those from `n` on being 0.
CGAD_INLINE f32x16 first_lanes(f32x16 v, size_t n) {
  float lanes[16] = {0};
  store_first(lanes, v, n);
  return load(lanes);
}

#define TERM_CASE(op) \
  case cgad_pair_loss_##op: \
    for (; i + 2 * LANES <= end; i += 2 * LANES) { \
      s[0] += op##_term(load(x + i), load(y + i)); \
      s[1] += op##_term(load(x + i + LANES), load(y + i + LANES)); \
    } \
    for (; i < end; i += LANES) { \
      size_t k = end - i < LANES ? end - i : LANES; \
      s[0] += first_lanes(op##_term(take(x + i, k), take(y + i, k)), k); \
    } \
    return sum_lanes(s[0] + s[1]);

/// Returns the sum of the terms of elements `[i, end)`.
CGAD_INLINE float block_terms(cgad_pair_loss op, const float *x, const float *y, size_t i, size_t end) {
  f32x16 s[2] = {splat(0.0f), splat(0.0f)};
  switch (op) {
    TERM_CASE(squares)
    TERM_CASE(magnitudes)
    TERM_CASE(logits)
    TERM_CASE(divergence)
  }
}

CGAD_CLONES static void pairs_body(void *context, size_t begin, size_t end, size_t chunk) {
  pairs *p = context;
  double sum = 0;
  for (size_t b = begin; b < end; b += ROW_BLOCK)
    sum += (double)block_terms(p->op, p->x, p->y, b, end - b < ROW_BLOCK ? end : b + ROW_BLOCK);
  p->partials[chunk] = sum;
}

void cgad_pair_loss_apply(
  cgad_pool *pool, cgad_pair_loss op, size_t n, const float *x, const float *y, size_t divisor, float *loss) {
  pairs p = {.op = op, .x = x, .y = y};
  size_t chunk = cgad_partial_chunk(n, CGAD_GRAIN);
  double sum = 0;
  cgad_parallel_for(pool, n, chunk, pairs_body, &p);
  for (size_t i = 0; i * chunk < n; i++) sum += p.partials[i];
  *loss = (float)(sum / (double)divisor);
}

#define SLOPE_CASE(op) \
  case cgad_pair_loss_##op: \
    for (; i < end; i += LANES) { \
      size_t k = end - i < LANES ? end - i : LANES; \
      put(p->out + i, op##_slope(take(p->x + i, k), take(p->y + i, k)) * p->scale, k); \
    } \
    return;

CGAD_CLONES static void pairs_gradient_body(void *context, size_t i, size_t end, size_t chunk) {
  const pairs *p = context;
  (void)chunk;
  switch (p->op) {
    SLOPE_CASE(squares)
    SLOPE_CASE(magnitudes)
    SLOPE_CASE(logits)
    SLOPE_CASE(divergence)
  }
}

void cgad_pair_loss_gradient(
  cgad_pool *pool, cgad_pair_loss op, size_t n, const float *x, const float *y, size_t divisor, float g, float *dx) {
  double factor = op == cgad_pair_loss_squares ? 2 : 1;
  pairs p = {.op = op, .x = x, .y = y, .out = dx, .scale = (float)(factor * (double)g / (double)divisor)};
  cgad_parallel_for(pool, n, CGAD_GRAIN, pairs_gradient_body, &p);
}
