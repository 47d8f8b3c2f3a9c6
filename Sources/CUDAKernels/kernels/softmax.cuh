// Softmax, its logarithm, and their gradients, row by row: a block takes a row.

/// Defines a kernel of the rows of tensors; `r` is the team, `at` where the row starts.
#define CGAD_ROWS(name, ...) CGAD_KERNEL(name, i64 rows, i64 columns, __VA_ARGS__)

#define CGAD_FOR_ROWS(...) \
  __shared__ float values[64]; \
  team r = whole_block(values); \
  for (i64 row = blockIdx.x; row < rows; row += gridDim.x) { \
    i64 at = row * columns; \
    __VA_ARGS__ \
  }

CGAD_ROWS(cgad_cuda_softmax, const float *x, float *y) {
  CGAD_FOR_ROWS({
    float m = row_max(r, x + at, columns);
    double sum = row_sum(r, columns, [=](i64 i) -> float { return v_exp(x[at + i] - m); });
    float factor = (float)(1 / sum);
    for_row(r, columns, [=](i64 i) { y[at + i] = v_exp(x[at + i] - m) * factor; });
  })
}

CGAD_ROWS(cgad_cuda_log_softmax, const float *x, float *y) {
  CGAD_FOR_ROWS({
    float m = row_max(r, x + at, columns);
    double sum = row_sum(r, columns, [=](i64 i) -> float { return v_exp(x[at + i] - m); });
    float l = v_log((float)sum);
    for_row(r, columns, [=](i64 i) { y[at + i] = (x[at + i] - m) - l; });
  })
}

CGAD_ROWS(cgad_cuda_softmax_grad, const float *y, const float *dy, float *dx) {
  CGAD_FOR_ROWS({
    float d = (float)narrow_row_sum(r, columns, [=](i64 i) -> float { return y[at + i] * dy[at + i]; });
    for_row(r, columns, [=](i64 i) { dx[at + i] = y[at + i] * (dy[at + i] - d); });
  })
}

CGAD_ROWS(cgad_cuda_log_softmax_grad, const float *y, const float *dy, float *dx) {
  CGAD_FOR_ROWS({
    float s = (float)narrow_row_sum(r, columns, [=](i64 i) -> float { return dy[at + i]; });
    for_row(r, columns, [=](i64 i) { dx[at + i] = dy[at + i] - v_exp(y[at + i]) * s; });
  })
}
