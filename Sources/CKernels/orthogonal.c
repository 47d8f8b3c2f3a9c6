// Orthonormal vectors.

#include "vector.h"

/// The number of doubles added side by side.
#define WIDTH ((size_t)8)

/// Returns the sum of the products of the `n` elements of `a` and `b`, in eight lanes.
CGAD_INLINE double product(const double *a, const double *b, size_t n) {
  f64x8 sums = {0};
  size_t i = 0;
  for (; i + WIDTH <= n; i += WIDTH) sums += *(const f64x8 *)(a + i) * *(const f64x8 *)(b + i);
  double total = 0;
  for (size_t lane = 0; lane < WIDTH; lane++) total += sums[lane];
  for (; i < n; i++) total += a[i] * b[i];
  return total;
}

/// Takes `factor` times `a` from `b`.
CGAD_INLINE void subtract(double factor, const double *a, double *b, size_t n) {
  size_t i = 0;
  for (; i + WIDTH <= n; i += WIDTH) *(f64x8 *)(b + i) -= *(const f64x8 *)(a + i) * factor;
  for (; i < n; i++) b[i] -= a[i] * factor;
}

CGAD_CLONES void cgad_orthonormalize(size_t count, size_t n, double *vectors) {
  for (size_t j = 0; j < count; j++) {
    double *v = vectors + j * n;
    for (int pass = 0; pass < 2; pass++)
      for (size_t i = 0; i < j; i++) subtract(product(vectors + i * n, v, n), vectors + i * n, v, n);
    double norm = __builtin_elementwise_sqrt(product(v, v, n));
    for (size_t i = 0; i < n; i++) v[i] = norm > 0 ? v[i] / norm : 0;
  }
}
