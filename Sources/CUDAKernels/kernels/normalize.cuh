// Normalisation of rows, and its gradients: a block takes a row.

/// What is taken away from the elements of a row, in two parts, and what the differences are multiplied by.
struct moments {
  float high, low, scale;
};

CGAD_DEVICE float centered(float x, const moments &m) { return (x - m.high) - m.low; }

CGAD_DEVICE moments layer_moments(const team &r, const float *x, i64 n, double epsilon) {
  moments m = {(float)(row_sum(r, n, [=](i64 i) -> float { return x[i]; }) / (double)n), 0.0f, 0.0f};
  float first = m.high;
  double difference = row_sum(r, n, [=](i64 i) -> float { return x[i] - first; });
  double mean = (double)first + difference / (double)n;
  m.high = (float)mean;
  m.low = m.high - m.high == 0 ? (float)(mean - (double)m.high) : 0.0f;
  double squares = row_sum(r, n, [=](i64 i) -> float { return centered(x[i], m) * centered(x[i], m); });
  m.scale = (float)(1 / d_sqrt(squares / (double)n + epsilon));
  return m;
}

CGAD_DEVICE moments rms_moments(const team &r, const float *x, i64 n, double epsilon) {
  double squares = row_sum(r, n, [=](i64 i) -> float { return x[i] * x[i]; });
  moments m = {0.0f, 0.0f, (float)(1 / d_sqrt(squares / (double)n + epsilon))};
  return m;
}

CGAD_DEVICE void normalize_row(const team &r, const float *x, float *y, i64 n, moments m) {
  for_row(r, n, [=](i64 i) { y[i] = centered(x[i], m) * m.scale; });
}

/// Writes `scale · (dy - a - y·b)`, where y is the normalised row, b the mean of dy·y, and a that of dy if `has_mean`.
CGAD_DEVICE void normalization_gradient(
  const team &r, const float *x, const float *dy, float *dx, i64 n, moments m, bool has_mean) {
  double sum = has_mean ? row_sum(r, n, [=](i64 i) -> float { return dy[i]; }) : 0;
  double product = row_sum(r, n, [=](i64 i) -> float { return dy[i] * (centered(x[i], m) * m.scale); });
  float a = (float)(sum / (double)n), b = (float)(product / (double)n);
  for_row(r, n, [=](i64 i) {
    float y = centered(x[i], m) * m.scale;
    dx[i] = ((dy[i] - a) - y * b) * m.scale;
  });
}

/// The number that keeps divisors from 0 is given by its bits.
CGAD_ROWS(cgad_cuda_layer_norm, i64 epsilon, const float *x, float *y) {
  CGAD_FOR_ROWS(
    { normalize_row(r, x + at, y + at, columns, layer_moments(r, x + at, columns, double_of(epsilon))); })
}

CGAD_ROWS(cgad_cuda_rms_norm, i64 epsilon, const float *x, float *y) {
  CGAD_FOR_ROWS({ normalize_row(r, x + at, y + at, columns, rms_moments(r, x + at, columns, double_of(epsilon))); })
}

CGAD_ROWS(cgad_cuda_layer_norm_grad, i64 epsilon, const float *x, const float *dy, float *dx) {
  CGAD_FOR_ROWS({
    moments m = layer_moments(r, x + at, columns, double_of(epsilon));
    normalization_gradient(r, x + at, dy + at, dx + at, columns, m, true);
  })
}

CGAD_ROWS(cgad_cuda_rms_norm_grad, i64 epsilon, const float *x, const float *dy, float *dx) {
  CGAD_FOR_ROWS({
    moments m = rms_moments(r, x + at, columns, double_of(epsilon));
    normalization_gradient(r, x + at, dy + at, dx + at, columns, m, false);
  })
}
