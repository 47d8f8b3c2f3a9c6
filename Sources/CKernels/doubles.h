// Elementary functions of 8 lanes of double, for functions of float that round as the exact results almost always.
//
// Arguments are floats, in double; errors are relative, far below the 6e-8 of a float. NaN gives NaN.

#pragma once

#include "vector.h"

// MARK: Halves

CGAD_INLINE f64x8 low_half(f32x16 x) {
  return __builtin_convertvector(__builtin_shufflevector(x, x, 0, 1, 2, 3, 4, 5, 6, 7), f64x8);
}

CGAD_INLINE f64x8 high_half(f32x16 x) {
  return __builtin_convertvector(__builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15), f64x8);
}

/// Returns the lanes of `a` and then those of `b`, as floats.
CGAD_INLINE f32x16 halves(f64x8 a, f64x8 b) {
  f32x8 low = __builtin_convertvector(a, f32x8), high = __builtin_convertvector(b, f32x8);
  return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

/// Defines a function of 16 floats that computes in double.
#define DEFINE_OF_FLOATS(name, function) \
  CGAD_INLINE f32x16 name(f32x16 x) { return halves(function(low_half(x)), function(high_half(x))); }

// MARK: Choice

CGAD_INLINE f64x8 d_splat(double x) { return x - (f64x8){0}; }

/// Returns the lanes of `a` where `mask` is all ones and of `b` where it is all zeros.
CGAD_INLINE f64x8 d_choose(i64x8 mask, f64x8 a, f64x8 b) {
  return (f64x8)(((i64x8)a & mask) | ((i64x8)b & ~mask));
}

CGAD_INLINE f64x8 d_magnitude(f64x8 x) { return (f64x8)((i64x8)x & INT64_MAX); }

/// Returns `x`, which is not negative, with the sign of `s`.
CGAD_INLINE f64x8 d_with_sign(f64x8 x, f64x8 s) { return (f64x8)((i64x8)x | ((i64x8)s & INT64_MIN)); }

// MARK: Exponential and logarithm

/// Adding this to a double below 2⁵¹ leaves the nearest integer in the low bits.
#define ROUNDER_F64 6755399441055744.0

/// Returns eˣ, within 1e-12; not below e⁻⁷⁰⁰ nor above e⁷⁰⁰, which are 0 and infinity as floats. Source: Taylor.
CGAD_INLINE f64x8 d_exp(f64x8 x) {
  f64x8 limited = d_choose(x > 700.0, d_splat(700.0), d_choose(x < -700.0, d_splat(-700.0), x));
  f64x8 t = limited * 1.4426950408889634 + ROUNDER_F64;
  f64x8 n = t - ROUNDER_F64;
  f64x8 r = (limited - n * 0x1.62e42feep-1) - n * 0x1.a39ef35793c76p-33;
  f64x8 p = r * (1.0 / 3628800) + 1.0 / 362880;
  p = p * r + 1.0 / 40320;
  p = p * r + 1.0 / 5040;
  p = p * r + 1.0 / 720;
  p = p * r + 1.0 / 120;
  p = p * r + 1.0 / 24;
  p = p * r + 1.0 / 6;
  p = p * r + 0.5;
  p = p * (r * r) + r + 1.0;
  return d_choose(x != x, x, (f64x8)((i64x8)p + ((i64x8)t << 52)));
}

/// Returns the natural logarithm, within 1e-11; -inf of 0, NaN of negative numbers.
///
/// Source: log m = 2·artanh((m - 1) / (m + 1)) with m in `√½ ..< √2`, by Taylor.
CGAD_INLINE f64x8 d_log(f64x8 x) {
  i64x8 e = ((i64x8)x - 0x3fe6a09e667f3bcd) >> 52;
  f64x8 m = (f64x8)((i64x8)x - (e << 52));
  f64x8 s = (m - 1.0) / (m + 1.0);
  f64x8 z = s * s;
  f64x8 p = z * (2.0 / 15) + 2.0 / 13;
  p = p * z + 2.0 / 11;
  p = p * z + 2.0 / 9;
  p = p * z + 2.0 / 7;
  p = p * z + 2.0 / 5;
  p = p * z + 2.0 / 3;
  f64x8 exponent = (f64x8)(e + 0x4338000000000000) - ROUNDER_F64;
  f64x8 y = exponent * 0.69314718055994531 + (p * z * s + (s + s));
  y = d_choose(x == __builtin_inf(), x, y);
  y = d_choose(x == 0.0, d_splat(-__builtin_inf()), y);
  return d_choose((x < 0.0) | (x != x), d_splat(__builtin_nan("")), y);
}

/// Returns log(1 + x), within 1e-9 where `x` is small.
CGAD_INLINE f64x8 d_log1p(f64x8 x) {
  return d_choose(d_magnitude(x) < 0x1p-20, x - x * x * 0.5, d_log(x + 1.0));
}

/// Returns eˣ - 1. Source: Taylor near 0.
CGAD_INLINE f64x8 d_expm1(f64x8 x) {
  f64x8 p = x * (1.0 / 3628800) + 1.0 / 362880;
  p = p * x + 1.0 / 40320;
  p = p * x + 1.0 / 5040;
  p = p * x + 1.0 / 720;
  p = p * x + 1.0 / 120;
  p = p * x + 1.0 / 24;
  p = p * x + 1.0 / 6;
  p = p * x + 0.5;
  return d_choose(d_magnitude(x) < 0.35, p * (x * x) + x, d_exp(x) - 1.0);
}

// MARK: Hyperbolic functions and their inverses

/// Source: Taylor below 0.5.
CGAD_INLINE f64x8 d_sinh(f64x8 x) {
  f64x8 z = x * x, a = d_magnitude(x), e = d_exp(a);
  f64x8 p = z * (1.0 / 39916800) + 1.0 / 362880;
  p = p * z + 1.0 / 5040;
  p = p * z + 1.0 / 120;
  p = p * z + 1.0 / 6;
  return d_choose(a < 0.5, p * z * x + x, d_with_sign((e - 1.0 / e) * 0.5, x));
}

CGAD_INLINE f64x8 d_cosh(f64x8 x) {
  f64x8 e = d_exp(d_magnitude(x));
  return (e + 1.0 / e) * 0.5;
}

CGAD_INLINE f64x8 d_asinh(f64x8 x) {
  f64x8 a = d_magnitude(x), z = a * a;
  f64x8 y = d_log1p(a + z / (__builtin_elementwise_sqrt(z + 1.0) + 1.0));
  return d_with_sign(d_choose(a == __builtin_inf(), a, y), x);
}

CGAD_INLINE f64x8 d_acosh(f64x8 x) {
  f64x8 t = x - 1.0;
  f64x8 y = d_log1p(t + __builtin_elementwise_sqrt(t * (x + 1.0)));
  return d_choose(x < 1.0, d_splat(__builtin_nan("")), y);
}

CGAD_INLINE f64x8 d_atanh(f64x8 x) {
  f64x8 a = d_magnitude(x);
  f64x8 y = d_log1p((a + a) / (1.0 - a)) * 0.5;
  return d_choose(a <= 1.0, d_with_sign(d_magnitude(y), x), d_splat(__builtin_nan("")));
}

// MARK: Inverse trigonometric functions

/// Returns the angle in `-π/2 ... π/2` whose tangent is `x`, within 1e-10.
///
/// Source: Taylor below tan(π/8), to where atan x = π/4 + atan((x - 1) / (x + 1)) and atan x = π/2 - atan(1/x) lead.
CGAD_INLINE f64x8 d_atan(f64x8 x) {
  f64x8 a = d_magnitude(x);
  i64x8 steep = a > 1.0;
  f64x8 t = d_choose(steep, 1.0 / a, a);
  i64x8 mid = t > 0.41421356237309503;
  f64x8 u = d_choose(mid, (t - 1.0) / (t + 1.0), t);
  f64x8 z = u * u;
  f64x8 p = z * (-1.0 / 23) + 1.0 / 21;
  p = p * z - 1.0 / 19;
  p = p * z + 1.0 / 17;
  p = p * z - 1.0 / 15;
  p = p * z + 1.0 / 13;
  p = p * z - 1.0 / 11;
  p = p * z + 1.0 / 9;
  p = p * z - 1.0 / 7;
  p = p * z + 1.0 / 5;
  p = p * z - 1.0 / 3;
  f64x8 y = p * z * u + u + d_choose(mid, d_splat(0.78539816339744831), d_splat(0.0));
  return d_with_sign(d_choose(steep, 1.5707963267948966 - y, y), x);
}

CGAD_INLINE f64x8 d_asin(f64x8 x) { return d_atan(x / __builtin_elementwise_sqrt((1.0 - x) * (x + 1.0))); }

/// Returns twice the angle of half the cosine's: exact also where `x` is near 1.
CGAD_INLINE f64x8 d_acos(f64x8 x) { return d_atan(__builtin_elementwise_sqrt((1.0 - x) / (x + 1.0))) * 2.0; }

// MARK: Error function

/// The coefficients of erf(x) / x in x², the highest first. Source: Taylor.
static const double erf_near[14] = {
  -6.7113668551641104e-12, 9.422759064650411e-11, -1.2290555301717927e-9, 1.4807192815879217e-8,
  -1.6365844691234924e-7, 1.6462114365889247e-6, -1.4925650358406251e-5, 0.00012055332981789664,
  -0.00085483270234508528, 0.0052239776254421878, -0.026866170645131252, 0.11283791670955126, -0.37612638903183752,
  1.1283791670955126,
};

/// The coefficients of erf(2.5 + 1.5·t) in t, the highest first: interpolation at Chebyshev's points.
static const double erf_far[18] = {
  3.3174397301699161e-5, 7.1842581746542073e-6, -0.00029480609721529073, 0.00023112118511441398,
  0.00092057110405979144, -0.0019928241229112904, 0.00044189855628984372, 0.0046371539714913565,
  -0.0096213859639541237, 0.0066494881323100136, 0.0092675520015395753, -0.031870609749561556, 0.046453613202889989,
  -0.043651345137158812, 0.028181552279635539, -0.012252827518250662, 0.0032674263451544148, 0.99959304785139049,
};

/// Returns 2/√π ∫ e^(-t²) dt from 0 to `x`, within 2e-10.
CGAD_INLINE f64x8 d_erf(f64x8 x) {
  f64x8 a = d_magnitude(x), z = a * a, t = (a - 2.5) * (1.0 / 1.5);
  f64x8 near = d_splat(erf_near[0]), far = d_splat(erf_far[0]);
  for (int i = 1; i < 14; i++) near = near * z + erf_near[i];
  for (int i = 1; i < 18; i++) far = far * t + erf_far[i];
  f64x8 y = d_choose(a < 1.0, near * a, d_choose(a < 4.0, far, d_splat(1.0)));
  return d_choose(x != x, x, d_with_sign(y, x));
}

// MARK: Powers

/// An exponent, and whether it is a whole number and an odd one.
typedef struct {
  double value;
  bool is_whole, is_odd;
} exponent;

CGAD_INLINE exponent exponent_of(double n) {
  if (n <= -0x1p53 || n >= 0x1p53) return (exponent){n, true, false};
  int64_t whole = (int64_t)n;
  return (exponent){n, (double)whole == n, (double)whole == n && (whole & 1) != 0};
}

/// Returns `x` to the power of `n` with the special values of C's `pow`: 1 of NaN where `n` is 0, NaN of negative
/// numbers where `n` is not whole.
CGAD_INLINE f64x8 d_pow(f64x8 x, exponent n) {
  if (n.value == 0) return d_splat(1.0);
  f64x8 y = d_exp(d_log(d_magnitude(x)) * n.value);
  if (n.is_odd) y = d_with_sign(y, x);
  if (!n.is_whole) y = d_choose((x < 0.0) & (x > -__builtin_inf()), d_splat(__builtin_nan("")), y);
  return d_choose(x != x, x, y);
}

CGAD_INLINE f32x16 v_pow(f32x16 x, exponent n) { return halves(d_pow(low_half(x), n), d_pow(high_half(x), n)); }

/// Returns `x` to the power of `n` with the special values of C's `pow`, both being floats.
///
/// Floats of 2²⁴ and more are even numbers.
CGAD_INLINE f64x8 d_pow_of(f64x8 x, f64x8 n) {
  f64x8 a = d_magnitude(x), half = n * 0.5;
  i64x8 is_large = d_magnitude(n) >= 0x1p24;
  i64x8 is_whole = is_large | ((n + ROUNDER_F64) - ROUNDER_F64 == n);
  i64x8 is_odd = is_whole & ~is_large & ((half + ROUNDER_F64) - ROUNDER_F64 != half);
  f64x8 y = d_exp(d_log(a) * n);
  y = d_choose((a == 1.0) & (n == n), d_splat(1.0), y);
  y = d_choose(is_odd, d_with_sign(y, x), y);
  y = d_choose((x < 0.0) & (a < __builtin_inf()) & ~is_whole, d_splat(__builtin_nan("")), y);
  return d_choose((n == 0.0) | (x == 1.0), d_splat(1.0), y);
}

CGAD_INLINE f32x16 v_pow_of(f32x16 x, f32x16 n) {
  return halves(d_pow_of(low_half(x), low_half(n)), d_pow_of(high_half(x), high_half(n)));
}

// MARK: Gelu

/// Returns x · Φ(x), Φ being the distribution function of normal numbers; -0 below -20.
CGAD_INLINE f64x8 d_gelu(f64x8 x) {
  f64x8 limited = d_choose(x < -20.0, d_splat(-20.0), x);
  return limited * (d_erf(limited * 0.70710678118654752) + 1.0) * 0.5;
}

/// Returns the derivative of `d_gelu`, Φ(x) + x · φ(x).
CGAD_INLINE f64x8 d_gelu_derivative(f64x8 x) {
  f64x8 limited = d_choose(x < -20.0, d_splat(-20.0), d_choose(x > 20.0, d_splat(20.0), x));
  f64x8 density = d_exp(limited * limited * -0.5) * 0.3989422804014327;
  return (d_erf(limited * 0.70710678118654752) + 1.0) * 0.5 + limited * density;
}

DEFINE_OF_FLOATS(v_gelu_exact, d_gelu)
DEFINE_OF_FLOATS(v_gelu_exact_derivative, d_gelu_derivative)
DEFINE_OF_FLOATS(v_expm1, d_expm1)
DEFINE_OF_FLOATS(v_sinh, d_sinh)
DEFINE_OF_FLOATS(v_cosh, d_cosh)
DEFINE_OF_FLOATS(v_asinh, d_asinh)
DEFINE_OF_FLOATS(v_acosh, d_acosh)
DEFINE_OF_FLOATS(v_atanh, d_atanh)
DEFINE_OF_FLOATS(v_asin, d_asin)
DEFINE_OF_FLOATS(v_acos, d_acos)
DEFINE_OF_FLOATS(v_atan, d_atan)
DEFINE_OF_FLOATS(v_erf, d_erf)
DEFINE_OF_FLOATS(v_log_of_next, d_log1p)
