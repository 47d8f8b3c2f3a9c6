// Attention that never stores its matrix of scores, and the causal mask.
//
// The scores are computed by tiles of 64 by 64, by blocks of 256 threads, each thread 4 by 4. Going through the tiles of 64
// rows, a block keeps the greatest score so far and the sum of the exponentials for each row, and rescales what was summed
// before whenever the greatest score grows. It makes 64 columns of the result: where values are wider, several blocks
// compute the same scores. The gradients compute each tile again from the logarithms of the sums; one kernel goes through
// the columns of rows for dq, another through the rows of columns for dk and dv, so that sums go in one order.
//
// Source: Dao, FlashAttention-2: Faster Attention with Better Parallelism and Work Partitioning, 2023.

/// The rows and columns of a tile, the inner indices of a panel, and from one of them to the next.
#define CGAD_TILE 64
#define CGAD_DEPTH 16
#define CGAD_PITCH (CGAD_TILE + 4)

/// The pitch of a tile in shared memory.
#define CGAD_SCORE_PITCH (CGAD_TILE + 1)

/// The memory that the threads of a block share.
struct attention_memory {
  /// Two panels of 16 inner indices.
  float *panels;
  /// Scores, probabilities or their gradients.
  float *tile;
  /// For each row of the tile.
  float *greatest, *sums, *factors;
};

#define CGAD_ATTENTION_MEMORY \
  __shared__ __align__(16) float panels_[2 * CGAD_DEPTH * CGAD_PITCH]; \
  __shared__ float tile_[CGAD_TILE * CGAD_SCORE_PITCH], greatest_[CGAD_TILE], sums_[CGAD_TILE], factors_[CGAD_TILE]; \
  attention_memory s = {panels_, tile_, greatest_, sums_, factors_}

/// Rows of a matrix from one on, as many as there are; `p` is the first, and each begins `stride` after the one before.
struct matrix_rows {
  const float *p;
  i64 rows, width, stride;
};

/// From one row to the next; `group` heads lie side by side in those of queries and keys, `value_group` in the others.
struct row_strides {
  i64 group, value_group, q, k, v, y;
};

/// Returns where the rows of one head begin.
CGAD_DEVICE i64 head_start(i64 head, i64 group, i64 rows, i64 stride, i64 width) {
  return head / group * rows * stride + head % group * width;
}

CGAD_DEVICE matrix_rows rows_at(const matrix_rows &m, i64 first) {
  matrix_rows rest = {m.p + first * m.stride, m.rows - first, m.width, m.stride};
  return rest;
}

/// Writes to a panel columns `[k, k + 16)` of 64 rows, zeros where there are none.
CGAD_DEVICE void put_columns(const matrix_rows &m, i64 k, float *panel) {
  int row = (int)threadIdx.x / 4, first = (int)threadIdx.x % 4 * 4;
  CGAD_UNROLL
  for (int j = 0; j < 4; j++) {
    i64 i = k + first + j;
    panel[(first + j) * CGAD_PITCH + row] = row < m.rows && i < m.width ? m.p[row * m.stride + i] : 0.0f;
  }
}

/// Writes to a panel rows `[k, k + 16)` of 64 columns from `column` on, zeros where there are none.
CGAD_DEVICE void put_rows(const matrix_rows &m, int k, i64 column, float *panel) {
  int row = (int)threadIdx.x / 16, first = (int)threadIdx.x % 16 * 4;
  CGAD_UNROLL
  for (int j = 0; j < 4; j++) {
    i64 i = column + first + j;
    panel[row * CGAD_PITCH + first + j] = k + row < m.rows && i < m.width ? m.p[(k + row) * m.stride + i] : 0.0f;
  }
}

CGAD_DEVICE void add_outer(float (&sums)[4][4], const float *u, const float *v) {
  CGAD_UNROLL
  for (int x = 0; x < 4; x++) {
    CGAD_UNROLL
    for (int y = 0; y < 4; y++) sums[x][y] = fused(u[x], v[y], sums[x][y]);
  }
}

/// Sets `sums` to the products of 64 rows of `a` and 64 of `b`.
CGAD_DEVICE void multiply_rows(float (&sums)[4][4], const matrix_rows &a, const matrix_rows &b, float *panels) {
  float *other = panels + CGAD_DEPTH * CGAD_PITCH;
  int row = (int)threadIdx.x / 16 * 4, column = (int)threadIdx.x % 16 * 4;
  CGAD_UNROLL
  for (int x = 0; x < 4; x++)
    for (int y = 0; y < 4; y++) sums[x][y] = 0.0f;
  for (i64 k = 0; k < a.width; k += CGAD_DEPTH) {
    __syncthreads();
    put_columns(a, k, panels);
    put_columns(b, k, other);
    __syncthreads();
    CGAD_UNROLL
    for (int i = 0; i < CGAD_DEPTH; i++) {
      pack<float> u = *(const pack<float> *)(panels + i * CGAD_PITCH + row);
      pack<float> v = *(const pack<float> *)(other + i * CGAD_PITCH + column);
      add_outer(sums, u.v, v.v);
    }
  }
}

/// Adds to `sums` the product of the tile, or the transposed tile, and 64 columns of `m` from `column` on.
template <bool transposed>
CGAD_DEVICE void multiply_tile(float (&sums)[4][4], const float *tile, const matrix_rows &m, i64 column, float *panel) {
  int row = (int)threadIdx.x / 16 * 4, first = (int)threadIdx.x % 16 * 4;
  for (int k = 0; k < CGAD_TILE && k < m.rows; k += CGAD_DEPTH) {
    __syncthreads();
    put_rows(m, k, column, panel);
    __syncthreads();
    CGAD_UNROLL
    for (int i = 0; i < CGAD_DEPTH; i++) {
      float u[4];
      CGAD_UNROLL
      for (int x = 0; x < 4; x++)
        u[x] = transposed ? tile[(k + i) * CGAD_SCORE_PITCH + row + x] : tile[(row + x) * CGAD_SCORE_PITCH + k + i];
      pack<float> v = *(const pack<float> *)(panel + i * CGAD_PITCH + first);
      add_outer(sums, u, v.v);
    }
  }
}

/// Returns how many of the columns of the tile at `row`, `column` its row `i` sees.
CGAD_DEVICE int seen(i64 row, i64 column, int i, i64 queries, i64 keys, i64 causal) {
  if (row + i >= queries) return 0;
  i64 end = causal ? least(row + i + 1, keys) : keys;
  return end <= column ? 0 : (int)least(end - column, CGAD_TILE);
}

CGAD_DEVICE void put_scores(const float (&sums)[4][4], float factor, float *tile) {
  CGAD_UNROLL
  for (int x = 0; x < 4; x++) {
    CGAD_UNROLL
    for (int y = 0; y < 4; y++)
      tile[(threadIdx.x / 16 * 4 + x) * CGAD_SCORE_PITCH + threadIdx.x % 16 * 4 + y] = sums[x][y] * factor;
  }
}

/// Writes 64 by 64 elements from row 0 and column `column` on, row `i` times `factor(i)`.
template <class F>
CGAD_DEVICE void put_result(
  const float (&sums)[4][4], float *p, i64 stride, i64 rows, i64 width, i64 column, F factor) {
  CGAD_UNROLL
  for (int x = 0; x < 4; x++) {
    int i = (int)threadIdx.x / 16 * 4 + x;
    float f = i < rows ? factor(i) : 0.0f;
    CGAD_UNROLL
    for (int y = 0; y < 4; y++) {
      i64 j = column + threadIdx.x % 16 * 4 + y;
      if (i < rows && j < width) p[i * stride + j] = sums[x][y] * f;
    }
  }
}

// MARK: Forward

/// Makes the scores of a tile their exponentials; four threads take a row, of which they see `n` columns.
CGAD_DEVICE void make_exponentials(const attention_memory &s, int n, bool is_first) {
  int i = (int)threadIdx.x / 4, begin = (int)threadIdx.x % 4 * 16;
  float *row = s.tile + i * CGAD_SCORE_PITCH, now = -infinity(), sum = 0.0f;
  float before = s.greatest[i];
  for (int j = begin; j < begin + 16; j++)
    if (j < n) now = greater(row[j], now);
  now = greater(__shfl_xor_sync(CGAD_ALL_LANES, now, 1), now);
  now = greater(__shfl_xor_sync(CGAD_ALL_LANES, now, 2), now);
  if (!is_first && !(now > before)) now = before;
  for (int j = begin; j < begin + 16; j++) {
    float e = j < n ? v_exp(row[j] - now) : 0.0f;
    row[j] = e;
    sum += e;
  }
  sum += __shfl_xor_sync(CGAD_ALL_LANES, sum, 1);
  sum += __shfl_xor_sync(CGAD_ALL_LANES, sum, 2);
  __syncwarp();  // all have read the greatest score
  if (begin > 0) return;
  float factor = is_first || n == 0 ? 1.0f : v_exp(before - now);
  s.factors[i] = factor;
  if (n == 0) return;
  s.sums[i] = is_first ? sum : sum + s.sums[i] * factor;
  s.greatest[i] = now;
}

CGAD_BOUNDED_KERNEL(
  cgad_cuda_attention, 256, 2, i64 heads, i64 queries, i64 keys, i64 width, i64 value_width, i64 causal, float scale,
  i64 group, i64 value_group, i64 q_stride, i64 k_stride, i64 v_stride, i64 y_stride, const float *q, const float *k, const float *v, float *y, float *log_sums) {
  CGAD_ATTENTION_MEMORY;
  i64 blocks = (queries + CGAD_TILE - 1) / CGAD_TILE, chunks = (value_width + CGAD_TILE - 1) / CGAD_TILE;
  for (i64 item = blockIdx.x; item < heads * blocks * chunks; item += gridDim.x) {
    i64 chunk = item % chunks * CGAD_TILE, row = item / chunks % blocks * CGAD_TILE, head = item / chunks / blocks;
    matrix_rows q_rows = {q + head_start(head, group, queries, q_stride, width), queries, width, q_stride};
    matrix_rows k_rows = {k + head_start(head, group, keys, k_stride, width), keys, width, k_stride};
    matrix_rows v_rows = {v + head_start(head, value_group, keys, v_stride, value_width), keys, value_width, v_stride};
    float result[4][4] = {}, scores[4][4];
    __syncthreads();
    if (threadIdx.x < CGAD_TILE) s.greatest[threadIdx.x] = -infinity(), s.sums[threadIdx.x] = 1.0f;
    i64 columns = causal ? least(keys, row + CGAD_TILE) : keys;
    for (i64 column = 0; column < columns; column += CGAD_TILE) {
      multiply_rows(scores, rows_at(q_rows, row), rows_at(k_rows, column), s.panels);
      put_scores(scores, scale, s.tile);
      __syncthreads();
      make_exponentials(s, seen(row, column, (int)threadIdx.x / 4, queries, keys, causal), column == 0);
      __syncthreads();
      CGAD_UNROLL
      for (int x = 0; x < 4; x++) {
        float factor = s.factors[threadIdx.x / 16 * 4 + x];
        CGAD_UNROLL
        for (int j = 0; j < 4; j++) result[x][j] *= factor;
      }
      multiply_tile<false>(result, s.tile, rows_at(v_rows, column), chunk, s.panels);
    }
    float *out = y + head_start(head, value_group, queries, y_stride, value_width) + row * y_stride;
    put_result(
      result, out, y_stride, queries - row, value_width, chunk, [&](int i) -> float { return 1.0f / s.sums[i]; });
    i64 i = row + threadIdx.x;
    if (chunk == 0 && threadIdx.x < CGAD_TILE && i < queries)
      log_sums[head * queries + i] = s.greatest[threadIdx.x] + v_log(s.sums[threadIdx.x]);
  }
}

// MARK: Backward

/// The operands of the gradients of one head.
struct head_values {
  matrix_rows q, k, v, y, dy;
  const float *log_sums;
};

CGAD_DEVICE head_values head_at(
  i64 head, const row_strides &strides, i64 queries, i64 keys, i64 width, i64 value_width, const float *q,
  const float *k, const float *v, const float *y, const float *log_sums, const float *dy) {
  i64 result = head_start(head, strides.value_group, queries, strides.y, value_width);
  head_values h = {
    {q + head_start(head, strides.group, queries, strides.q, width), queries, width, strides.q},
    {k + head_start(head, strides.group, keys, strides.k, width), keys, width, strides.k},
    {v + head_start(head, strides.value_group, keys, strides.v, value_width), keys, value_width, strides.v},
    {y + result, queries, value_width, strides.y},
    {dy + result, queries, value_width, strides.y},
    log_sums + head * queries,
  };
  return h;
}

/// Writes to `sums` Σ y·dy of each of the 64 rows from `row` on; four threads take a row.
CGAD_DEVICE void put_row_products(const head_values &h, i64 row, float *sums) {
  i64 i = row + threadIdx.x / 4;
  float sum = 0.0f;
  for (i64 j = threadIdx.x % 4; i < h.y.rows && j < h.y.width; j += 4)
    sum = fused(h.y.p[i * h.y.stride + j], h.dy.p[i * h.dy.stride + j], sum);
  sum += __shfl_xor_sync(CGAD_ALL_LANES, sum, 1);
  sum += __shfl_xor_sync(CGAD_ALL_LANES, sum, 2);
  if (threadIdx.x % 4 == 0) sums[threadIdx.x / 4] = sum;
}

/// Sets this thread's elements of a tile to the probabilities, 0 where rows see no column.
CGAD_DEVICE void make_probabilities(
  float (&p)[4][4], const head_values &h, i64 row, i64 column, i64 causal, float scale, float *panels) {
  multiply_rows(p, rows_at(h.q, row), rows_at(h.k, column), panels);
  CGAD_UNROLL
  for (int x = 0; x < 4; x++) {
    int i = (int)threadIdx.x / 16 * 4 + x, n = seen(row, column, i, h.q.rows, h.k.rows, causal);
    float l = n == 0 ? 0.0f : h.log_sums[row + i];
    CGAD_UNROLL
    for (int y = 0; y < 4; y++)
      p[x][y] = (int)threadIdx.x % 16 * 4 + y < n ? v_exp(p[x][y] * scale - l) : 0.0f;
  }
}

/// Makes probabilities the gradients of the scores, `p · (dp - Σ y·dy)`, where the row sees the column.
CGAD_DEVICE void make_score_gradients(
  float (&p)[4][4], const head_values &h, i64 row, i64 column, i64 causal, const attention_memory &s) {
  float dp[4][4];
  multiply_rows(dp, rows_at(h.dy, row), rows_at(h.v, column), s.panels);
  CGAD_UNROLL
  for (int x = 0; x < 4; x++) {
    int i = (int)threadIdx.x / 16 * 4 + x, n = seen(row, column, i, h.q.rows, h.k.rows, causal);
    CGAD_UNROLL
    for (int y = 0; y < 4; y++)
      p[x][y] = (int)threadIdx.x % 16 * 4 + y < n ? p[x][y] * (dp[x][y] - s.sums[i]) : 0.0f;
  }
}

#define CGAD_ATTENTION_GRADIENT(name, ...) \
  CGAD_BOUNDED_KERNEL( \
    name, 256, 2, i64 heads, i64 queries, i64 keys, i64 width, i64 value_width, i64 causal, float scale, i64 group, \
    i64 value_group, i64 q_stride, i64 k_stride, i64 v_stride, i64 y_stride, const float *q, const float *k, const float *v, const float *y, const float *log_sums, const float *dy, __VA_ARGS__)

CGAD_ATTENTION_GRADIENT(cgad_cuda_attention_query_grad, float *dq) {
  CGAD_ATTENTION_MEMORY;
  row_strides strides = {group, value_group, q_stride, k_stride, v_stride, y_stride};
  i64 blocks = (queries + CGAD_TILE - 1) / CGAD_TILE, chunks = (width + CGAD_TILE - 1) / CGAD_TILE;
  for (i64 item = blockIdx.x; item < heads * blocks * chunks; item += gridDim.x) {
    i64 chunk = item % chunks * CGAD_TILE, row = item / chunks % blocks * CGAD_TILE, head = item / chunks / blocks;
    head_values h = head_at(head, strides, queries, keys, width, value_width, q, k, v, y, log_sums, dy);
    float result[4][4] = {}, p[4][4];
    __syncthreads();
    put_row_products(h, row, s.sums);
    i64 columns = causal ? least(keys, row + CGAD_TILE) : keys;
    for (i64 column = 0; column < columns; column += CGAD_TILE) {
      CGAD_HIDE_LONG(row);  // the addresses that depend on it are computed anew: over the loop they would be spilled
      make_probabilities(p, h, row, column, causal, scale, s.panels);
      make_score_gradients(p, h, row, column, causal, s);
      __syncthreads();
      put_scores(p, 1.0f, s.tile);
      multiply_tile<false>(result, s.tile, rows_at(h.k, column), chunk, s.panels);
    }
    float *out = dq + head_start(head, group, queries, q_stride, width) + row * q_stride;
    put_result(result, out, q_stride, queries - row, width, chunk, [=](int) -> float { return scale; });
  }
}

CGAD_ATTENTION_GRADIENT(cgad_cuda_attention_key_grad, float *dk, float *dv) {
  CGAD_ATTENTION_MEMORY;
  row_strides strides = {group, value_group, q_stride, k_stride, v_stride, y_stride};
  i64 blocks = (keys + CGAD_TILE - 1) / CGAD_TILE;
  i64 chunks = ((width > value_width ? width : value_width) + CGAD_TILE - 1) / CGAD_TILE;
  for (i64 item = blockIdx.x; item < heads * blocks * chunks; item += gridDim.x) {
    i64 chunk = item % chunks * CGAD_TILE, column = item / chunks % blocks * CGAD_TILE, head = item / chunks / blocks;
    head_values h = head_at(head, strides, queries, keys, width, value_width, q, k, v, y, log_sums, dy);
    float keys_result[4][4] = {}, values_result[4][4] = {}, p[4][4];
    for (i64 row = causal ? column : 0; row < queries; row += CGAD_TILE) {
      __syncthreads();
      put_row_products(h, row, s.sums);
      make_probabilities(p, h, row, column, causal, scale, s.panels);
      __syncthreads();
      put_scores(p, 1.0f, s.tile);
      multiply_tile<true>(values_result, s.tile, rows_at(h.dy, row), chunk, s.panels);
      make_score_gradients(p, h, row, column, causal, s);
      __syncthreads();
      put_scores(p, 1.0f, s.tile);
      multiply_tile<true>(keys_result, s.tile, rows_at(h.q, row), chunk, s.panels);
    }
    float *keys_out = dk + head_start(head, group, keys, k_stride, width) + column * k_stride;
    float *values_out = dv + head_start(head, value_group, keys, v_stride, value_width) + column * v_stride;
    put_result(keys_result, keys_out, k_stride, keys - column, width, chunk, [=](int) -> float { return scale; });
    put_result(
      values_result, values_out, v_stride, keys - column, value_width, chunk, [](int) -> float { return 1.0f; });
  }
}

// MARK: Mask

/// Writes `x` up to the diagonal of each matrix, and `fill` behind it.
CGAD_KERNEL(cgad_cuda_causal_mask, i64 n, const float *x, float *y, i64 rows, i64 columns, float fill) {
  for (i64 i = global_thread(); i < n; i += global_threads()) {
    i64 row = divide(i, columns);
    y[i] = i - row * columns <= row - divide(row, rows) * rows ? x[i] : fill;
  }
}
