// Losses and their gradients.
//
// Rows, or elements, are summed by chunks in double, and these in order: a block takes a chunk, and the last kernel adds
// up the chunks.

/// Adds up in order what `term(i)` gives for `[begin, end)`, one to each warp, to all threads; `sums` has a place for each
/// warp.
template <class F>
CGAD_DEVICE double sum_by_warps(i64 begin, i64 end, double *sums, F term) {
  double sum = 0;
  for (i64 first = begin; first < end; first += blockDim.y) {
    double mine = first + threadIdx.y < end ? term(first + threadIdx.y) : 0;
    __syncthreads();
    if (threadIdx.x == 0) sums[threadIdx.y] = mine;
    __syncthreads();
    for (i64 w = 0; w < blockDim.y && first + w < end; w++) sum += sums[w];
  }
  return sum;
}

/// Writes the sum of `n` partial sums in their order, divided by a number that is given by its bits, unless there is a
/// failure. One block.
CGAD_KERNEL(cgad_cuda_sum_chunks, i64 n, const double *partials, i64 divisor, float *y, const u64 *failure) {
  __shared__ double all[256];
  if (failure != nullptr && *failure != 0) return;
  for (i64 i = threadIdx.x; i < n; i += blockDim.x) all[i] = partials[i];
  __syncthreads();
  if (threadIdx.x > 0) return;
  double sum = 0;
  for (i64 i = 0; i < n; i++) sum += all[i];
  *y = (float)(sum / double_of(divisor));
}

// MARK: Cross-entropy

CGAD_DEVICE double row_exp_sum(const team &r, const float *x, i64 n, float m) {
  return row_sum(r, n, [=](i64 i) -> float { return v_exp(x[i] - m); });
}

/// Returns Σ (x - m) of a row.
CGAD_DEVICE double row_difference(const team &r, const float *x, i64 n, float m) {
  return narrow_row_sum(r, n, [=](i64 i) -> float { return x[i] - m; });
}

/// The smoothing is given by its bits.
CGAD_KERNEL(
  cgad_cuda_cross_entropy, i64 rows, i64 columns, const float *logits, const i32 *labels, i64 smoothing, i64 chunk,
  double *partials, const u64 *failure) {
  __shared__ double sums[32];
  double smooth = double_of(smoothing);
  if (*failure != 0) return;
  i64 begin = blockIdx.x * chunk;
  double sum = sum_by_warps(begin, least(begin + chunk, rows), sums, [=](i64 i) -> double {
    team r = one_warp();
    const float *x = logits + i * columns;
    float m = row_max(r, x, columns);
    double exp_sum = row_exp_sum(r, x, columns, m), of_label = (double)x[labels[i]] - (double)m;
    if (smooth != 0) of_label += smooth * (row_difference(r, x, columns, m) / (double)columns - of_label);
    return (double)v_log((float)exp_sum) - of_label;
  });
  if (threadIdx.x == 0 && threadIdx.y == 0) partials[blockIdx.x] = sum;
}

CGAD_ROWS(
  cgad_cuda_cross_entropy_grad, const float *logits, const i32 *labels, i64 smoothing, const float *g, float *dx,
  const u64 *failure) {
  float scale = (float)((double)*g / (double)rows);
  double smooth = double_of(smoothing);
  float share = (float)(-(double)scale * smooth / (double)columns), part = (float)((double)scale * (1 - smooth));
  if (*failure != 0) return;
  CGAD_FOR_ROWS({
    const float *x = logits + at;
    float m = row_max(r, x, columns);
    float factor = (float)((double)scale / row_exp_sum(r, x, columns, m));
    i32 label = labels[row];
    for_row(r, columns, [=](i64 i) {
      float d = v_exp(x[i] - m) * factor;
      if (smooth != 0) d = d + share;
      dx[at + i] = i == label ? d - part : d;
    });
  })
}

// MARK: Cross-entropy of probabilities

CGAD_KERNEL(
  cgad_cuda_soft_cross_entropy, i64 rows, i64 columns, const float *logits, const float *targets, i64 chunk,
  double *partials) {
  __shared__ double sums[32];
  i64 begin = blockIdx.x * chunk;
  double sum = sum_by_warps(begin, least(begin + chunk, rows), sums, [=](i64 row) -> double {
    team r = one_warp();
    const float *x = logits + row * columns, *t = targets + row * columns;
    float m = row_max(r, x, columns);
    float l = v_log((float)row_exp_sum(r, x, columns, m));
    return narrow_row_sum(r, columns, [=](i64 i) -> float { return t[i] == 0.0f ? 0.0f : t[i] * (l - (x[i] - m)); });
  });
  if (threadIdx.x == 0 && threadIdx.y == 0) partials[blockIdx.x] = sum;
}

CGAD_ROWS(
  cgad_cuda_soft_cross_entropy_grad, const float *logits, const float *targets, const float *g, float *dx) {
  float scale = (float)((double)*g / (double)rows);
  CGAD_FOR_ROWS({
    const float *x = logits + at;
    const float *t = targets + at;
    float m = row_max(r, x, columns);
    double sum = row_exp_sum(r, x, columns, m), total = row_difference(r, t, columns, 0.0f);
    float factor = (float)((double)scale * total / sum);
    for_row(r, columns, [=](i64 i) { dx[at + i] = v_exp(x[i] - m) * factor - t[i] * scale; });
  })
}

// MARK: Means over pairs of elements

/// Defines the kernels of a loss from the term that a pair adds and its slope.
#define CGAD_PAIR_LOSS(name, factor, term, slope) \
  CGAD_KERNEL(cgad_cuda_##name, i64 n, const float *x_, const float *y_, i64 chunk, double *partials) { \
    __shared__ float values[64]; \
    i64 begin = blockIdx.x * chunk; \
    const float *u = x_ + begin, *v = y_ + begin; \
    double sum = row_sum(whole_block(values), least(chunk, n - begin), [=](i64 i) -> float { \
      float x = u[i], y = v[i]; \
      return term; \
    }); \
    if (threadIdx.x == 0 && threadIdx.y == 0) partials[blockIdx.x] = sum; \
  } \
  CGAD_KERNEL( \
    cgad_cuda_##name##_grad, i64 n, const float *x_, const float *y_, i64 divisor, const float *g, float *dx) { \
    float scale = (float)(factor * (double)*g / (double)divisor); \
    map_two(n, x_, y_, dx, [=](float x, float y) -> float { return ((void)x, (void)y, (slope) * scale); }); \
  }

CGAD_PAIR_LOSS(mse, 2.0, (x - y) * (x - y), x - y)
CGAD_PAIR_LOSS(mae, 1.0, magnitude(x - y), v_sign(x - y))
CGAD_PAIR_LOSS(
  bce_with_logits, 1.0, (maximum(x, 0.0f) - x * y) + v_log1p(v_exp(-magnitude(x))), v_sigmoid(x) - y)
CGAD_PAIR_LOSS(kl_divergence, 1.0, y == 0.0f ? 0.0f : y * (v_log(y) - x), -y)
