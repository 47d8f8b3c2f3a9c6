// What softmax and cross-entropy share.

#pragma once

#include "numerics.h"

/// Returns the greatest of `n` elements, NaNs left out (they show in the sum of exponentials).
CGAD_INLINE float row_max(const float *x, size_t n) {
  f32x16 m[2] = {splat(-__builtin_inff()), splat(-__builtin_inff())};
  size_t i = 0;
  for (; i + 2 * LANES <= n; i += 2 * LANES) {
    m[0] = greater(load(x + i), m[0]);
    m[1] = greater(load(x + i + LANES), m[1]);
  }
  for (; i < n; i += LANES) m[0] = greater(load_first(x + i, n - i < LANES ? n - i : LANES, -__builtin_inff()), m[0]);
  return max_lanes(greater(m[0], m[1]));
}

/// Returns the sum of e to the powers `x[i] - m` of at most `ROW_BLOCK` elements; writes the terms to `y` if `keep`.
CGAD_INLINE float block_exp_sum(const float *x, float *y, size_t n, float m, bool keep) {
  f32x16 s[2] = {splat(0.0f), splat(0.0f)};
  size_t i = 0;
  for (; i + 2 * LANES <= n; i += 2 * LANES) {
    f32x16 a = v_exp(load(x + i) - m), b = v_exp(load(x + i + LANES) - m);
    if (keep) store(y + i, a), store(y + i + LANES, b);
    s[0] += a;
    s[1] += b;
  }
  for (; i < n; i += LANES) {
    size_t rest = n - i < LANES ? n - i : LANES;
    f32x16 a = v_exp(load_first(x + i, rest, -__builtin_inff()) - m);
    if (keep) store_first(y + i, a, rest);
    s[0] += a;
  }
  return sum_lanes(s[0] + s[1]);
}

/// The elements of a row summed in float before they are in double.
#define ROW_BLOCK ((size_t)4096)

/// As `block_exp_sum`, of any number of elements.
CGAD_INLINE double row_exp_sum(const float *x, float *y, size_t n, float m, bool keep) {
  double sum = 0;
  for (size_t i = 0; i < n; i += ROW_BLOCK)
    sum += (double)block_exp_sum(x + i, keep ? y + i : y, n - i < ROW_BLOCK ? n - i : ROW_BLOCK, m, keep);
  return sum;
}

/// Multiplies `n` elements by `factor`.
CGAD_INLINE void row_scale(float *y, size_t n, float factor) {
  size_t i = 0;
  for (; i + LANES <= n; i += LANES) store(y + i, load(y + i) * factor);
  if (i < n) store_first(y + i, load_first(y + i, n - i, 0) * factor, n - i);
}

CGAD_INLINE float log_of_one(float x) { return v_log(splat(x))[0]; }
