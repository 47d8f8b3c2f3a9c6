// Attention that never stores its matrix of scores, and the causal mask.
//
// The scores are computed in tiles of 64 rows and 64 columns. Going through the tiles of some rows, the greatest score so
// far and the sum of the exponentials are kept for each row, and what was summed before is rescaled whenever the
// greatest score grows. The gradient computes each tile again from the logarithms of the sums.
//
// Source: Dao, FlashAttention-2: Faster Attention with Better Parallelism and Work Partitioning, 2023, algorithms 1 and
// 2. Here a head is one task of the gradient, so that sums go in one order.

#include "pool.h"
#include "softmax.h"

#include <cblas.h>

/// The rows and columns of a tile.
#define TILE ((size_t)64)

typedef struct {
  cgad_attention_shape shape;
  cgad_attention_values in;
  float *y, *log_sums, *dq, *dk, *dv;
  size_t blocks;
} attention;

/// Where the rows of one head begin.
///
/// Heads side by side share rows: the next head is `width` further on, the next group of them all rows further on.
static size_t head_start(size_t group, size_t head, size_t rows, size_t stride, size_t width) {
  return head / group * rows * stride + head % group * width;
}

/// A tile of the scores: rows `[row, row + rows)` and columns `[column, column + columns)` of one head.
typedef struct {
  size_t row, rows, column, columns;
} tile;

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

static size_t greatest(size_t a, size_t b) { return a > b ? a : b; }

static int check(const cgad_attention_shape *a) {
  if (a->keys == 0 || a->width == 0 || a->value_width == 0) return CGAD_BAD_ARGUMENT;
  if (a->group == 0 || a->value_group == 0) return CGAD_BAD_ARGUMENT;
  size_t widest = greatest(greatest(a->q_stride, a->k_stride), greatest(a->v_stride, a->y_stride));
  return a->width > INT32_MAX || a->value_width > INT32_MAX || widest > INT32_MAX ? CGAD_TOO_LARGE : CGAD_OK;
}

/// Returns how many of the columns of a tile row `i` of it sees.
CGAD_INLINE size_t seen(const cgad_attention_shape *a, const tile *t, size_t i) {
  if (!a->causal) return t->columns;
  size_t end = t->row + i + 1;
  return end <= t->column ? 0 : least(end - t->column, t->columns);
}

// MARK: Products

typedef struct {
  const float *p;
  size_t stride;
  bool transposed;
} matrix;

/// Writes `factor` times the product of `a`, `[m, k]`, and `b`, `[k, n]`, or adds it to `out`.
static void multiply(
  size_t m, size_t n, size_t k, float factor, matrix a, matrix b, bool adds, float *out, size_t stride) {
  cblas_sgemm(
    CblasRowMajor, a.transposed ? CblasTrans : CblasNoTrans, b.transposed ? CblasTrans : CblasNoTrans, (blasint)m,
    (blasint)n, (blasint)k, factor, a.p, (blasint)a.stride, b.p, (blasint)b.stride, adds ? 1 : 0, out, (blasint)stride);
}

/// Writes the scores of a tile of the head whose queries and keys are given.
static void score(const cgad_attention_shape *a, const tile *t, const float *q, const float *k, float *scores) {
  matrix rows = {q + t->row * a->q_stride, a->q_stride, false};
  matrix columns = {k + t->column * a->k_stride, a->k_stride, true};
  multiply(t->rows, t->columns, a->width, a->scale, rows, columns, false, scores, TILE);
}

// MARK: Forward

/// For each row of a tile, the greatest score so far and the sum of the exponentials of the scores less it.
typedef struct {
  float greatest[TILE], sum[TILE];
} statistics;

/// Makes the scores of a tile their exponentials, and rescales the rows of `y` that were summed before.
CGAD_CLONES static void exponentials(
  const cgad_attention_shape *a, const tile *t, float *scores, statistics *s, float *y) {
  for (size_t i = 0; i < t->rows; i++) {
    size_t n = seen(a, t, i);
    float *row = scores + i * TILE;
    memset(row + n, 0, (t->columns - n) * sizeof(float));
    if (n == 0) continue;
    float now = row_max(row, n), before = s->greatest[i];
    if (t->column > 0 && !(now > before)) now = before;
    float sum = block_exp_sum(row, row, n, now, true);
    if (t->column > 0) {
      float factor = v_exp(splat(before - now))[0];
      sum += s->sum[i] * factor;
      if (factor != 1.0f) row_scale(y + i * a->y_stride, a->value_width, factor);
    }
    s->greatest[i] = now;
    s->sum[i] = sum;
  }
}

CGAD_CLONES static void normalise(
  const cgad_attention_shape *a, size_t rows, const statistics *s, float *y, float *log_sums) {
  for (size_t i = 0; i < rows; i++) {
    row_scale(y + i * a->y_stride, a->value_width, 1.0f / s->sum[i]);
    log_sums[i] = s->greatest[i] + log_of_one(s->sum[i]);
  }
}

/// Computes `rows` rows of head `head` from row `row` on.
static void forward_rows(const attention *t, size_t head, size_t row, size_t rows) {
  const cgad_attention_shape *a = &t->shape;
  float scores[TILE * TILE];
  statistics s;
  float *y = t->y + head_start(a->value_group, head, a->queries, a->y_stride, a->value_width) + row * a->y_stride;
  const float *q = t->in.q + head_start(a->group, head, a->queries, a->q_stride, a->width);
  const float *k = t->in.k + head_start(a->group, head, a->keys, a->k_stride, a->width);
  const float *v = t->in.v + head_start(a->value_group, head, a->keys, a->v_stride, a->value_width);
  size_t columns = a->causal ? least(a->keys, row + rows) : a->keys;
  for (size_t column = 0; column < columns; column += TILE) {
    tile at = {row, rows, column, least(TILE, columns - column)};
    score(a, &at, q, k, scores);
    exponentials(a, &at, scores, &s, y);
    matrix powers = {scores, TILE, false}, values = {v + column * a->v_stride, a->v_stride, false};
    multiply(rows, a->value_width, at.columns, 1, powers, values, column > 0, y, a->y_stride);
  }
  normalise(a, rows, &s, y, t->log_sums + head * a->queries + row);
}

static void forward_body(void *context, size_t begin, size_t end, size_t chunk) {
  const attention *t = context;
  (void)chunk;
  for (size_t i = begin; i < end; i++) {
    size_t row = i % t->blocks * TILE;
    forward_rows(t, i / t->blocks, row, least(TILE, t->shape.queries - row));
  }
}

int cgad_attention(
  cgad_pool *pool, const cgad_attention_shape *a, const float *q, const float *k, const float *v, float *y,
  float *log_sums) {
  attention t = {.shape = *a, .in = {.q = q, .k = k, .v = v}, .y = y, .log_sums = log_sums};
  int status = check(a);
  if (status != CGAD_OK) return status;
  t.blocks = a->queries / TILE + (a->queries % TILE != 0);
  cgad_parallel_for(pool, a->heads * t.blocks, 1, forward_body, &t);
  return CGAD_OK;
}

// MARK: Backward

/// The values of one head.
typedef struct {
  cgad_attention_values in;
  float *dq, *dk, *dv;
} head_values;

static head_values values_of(const attention *t, size_t head) {
  const cgad_attention_shape *a = &t->shape;
  size_t q = head_start(a->group, head, a->queries, a->q_stride, a->width);
  size_t k = head_start(a->group, head, a->keys, a->k_stride, a->width);
  size_t y = head_start(a->value_group, head, a->queries, a->y_stride, a->value_width);
  size_t v = head_start(a->value_group, head, a->keys, a->v_stride, a->value_width);
  return (head_values){
    .in = {
      t->in.q + q, t->in.k + k, t->in.v + v, t->in.y + y, t->in.log_sums + head * a->queries, t->in.dy + y,
    },
    .dq = t->dq + q, .dk = t->dk + k, .dv = t->dv + v,
  };
}

/// Makes the scores of a tile probabilities.
CGAD_CLONES static void probabilities(
  const cgad_attention_shape *a, const tile *t, const float *log_sums, float *scores) {
  for (size_t i = 0; i < t->rows; i++) {
    size_t n = seen(a, t, i), j = 0;
    float *row = scores + i * TILE, l = log_sums[t->row + i];
    for (; j + LANES <= n; j += LANES) store(row + j, v_exp(load(row + j) - l));
    if (j < n) store_first(row + j, v_exp(load_first(row + j, n - j, 0) - l), n - j);
    memset(row + n, 0, (t->columns - n) * sizeof(float));
  }
}

/// Returns the sum of the products of two rows.
CGAD_INLINE float dot(const float *a, const float *b, size_t n) {
  f32x16 s = splat(0.0f);
  size_t i = 0;
  for (; i + LANES <= n; i += LANES) s += load(a + i) * load(b + i);
  if (i < n) s += load_first(a + i, n - i, 0) * load_first(b + i, n - i, 0);
  return sum_lanes(s);
}

/// Makes the gradients of a tile of probabilities `p` those of the scores: `p · (dp - Σ y·dy)`, where `p` is not 0.
CGAD_CLONES static void score_gradients(
  const cgad_attention_shape *a, const tile *t, const cgad_attention_values *in, const float *p, float *dp) {
  for (size_t i = 0; i < t->rows; i++) {
    size_t offset = (t->row + i) * a->y_stride, n = seen(a, t, i);
    float d = dot(in->y + offset, in->dy + offset, a->value_width), *row = dp + i * TILE;
    for (size_t j = 0; j < n; j++) row[j] = p[i * TILE + j] * (row[j] - d);
    memset(row + n, 0, (t->columns - n) * sizeof(float));
  }
}

/// Adds what one tile of the scores gives to the gradients; `starts` iff it is the first tile of its columns.
static void backward_tile(const cgad_attention_shape *a, const tile *t, const head_values *h, bool starts) {
  float p[TILE * TILE], dp[TILE * TILE];
  size_t width = a->width, value_width = a->value_width;
  matrix dy = {h->in.dy + t->row * a->y_stride, a->y_stride, false};
  score(a, t, h->in.q, h->in.k, p);
  probabilities(a, t, h->in.log_sums, p);
  float *dv = h->dv + t->column * a->v_stride;
  multiply(t->columns, value_width, t->rows, 1, (matrix){p, TILE, true}, dy, !starts, dv, a->v_stride);
  matrix v = {h->in.v + t->column * a->v_stride, a->v_stride, true};
  multiply(t->rows, t->columns, value_width, 1, dy, v, false, dp, TILE);
  score_gradients(a, t, &h->in, p, dp);
  matrix k = {h->in.k + t->column * a->k_stride, a->k_stride, false};
  matrix q = {h->in.q + t->row * a->q_stride, a->q_stride, false};
  float *dq = h->dq + t->row * a->q_stride, *dk = h->dk + t->column * a->k_stride;
  multiply(t->rows, width, t->columns, a->scale, (matrix){dp, TILE, false}, k, t->column > 0, dq, a->q_stride);
  multiply(t->columns, width, t->rows, a->scale, (matrix){dp, TILE, true}, q, !starts, dk, a->k_stride);
}

static void backward_head(const cgad_attention_shape *a, const head_values *h) {
  for (size_t column = 0; column < a->keys; column += TILE) {
    size_t columns = least(TILE, a->keys - column), first = a->causal ? column : 0;
    if (first >= a->queries) {
      for (size_t i = column; i < column + columns; i++) {
        memset(h->dk + i * a->k_stride, 0, a->width * sizeof(float));
        memset(h->dv + i * a->v_stride, 0, a->value_width * sizeof(float));
      }
    }
    for (size_t row = first; row < a->queries; row += TILE) {
      tile at = {row, least(TILE, a->queries - row), column, columns};
      backward_tile(a, &at, h, row == first);
    }
  }
}

static void backward_body(void *context, size_t begin, size_t end, size_t chunk) {
  const attention *t = context;
  (void)chunk;
  for (size_t i = begin; i < end; i++) {
    head_values h = values_of(t, i);
    backward_head(&t->shape, &h);
  }
}

int cgad_attention_gradient(
  cgad_pool *pool, const cgad_attention_shape *a, const cgad_attention_values *values, float *dq, float *dk, float *dv) {
  attention t = {.shape = *a, .in = *values, .dq = dq, .dk = dk, .dv = dv};
  int status = check(a);
  if (status == CGAD_OK) cgad_parallel_for(pool, a->heads, 1, backward_body, &t);
  return status;
}

// MARK: Mask

typedef struct {
  size_t rows, cols;
  float fill;
  const float *x;
  float *y;
} mask;

static void mask_body(void *context, size_t begin, size_t end, size_t chunk) {
  const mask *m = context;
  (void)chunk;
  for (size_t i = begin; i < end; i++) {
    const float *x = m->x + i * m->cols;
    float *y = m->y + i * m->cols;
    size_t n = least(i % m->rows + 1, m->cols);
    if (y != x) memcpy(y, x, n * sizeof(float));
    for (size_t j = n; j < m->cols; j++) y[j] = m->fill;
  }
}

void cgad_causal_mask(
  cgad_pool *pool, size_t matrices, size_t rows, size_t cols, float fill, const float *x, float *y) {
  mask m = {rows, cols, fill, x, y};
  cgad_parallel_for(pool, matrices * rows, cgad_rows_per_chunk(cols), mask_body, &m);
}
