// Elementary functions in double, for functions of float that round as the exact results almost always; for processors
// and devices, operation by operation the same.
//
// Arguments are floats, in double; errors are relative, far below the 6e-8 of a float. NaN gives NaN.
// `CGAD_OF_FLOATS(name, function)` defines a function of floats by one of doubles, on either side.

// MARK: Choice

CGAD_FUNCTION f64s d_magnitude(f64s x) { return double_of(bits_of_double(x) & 0x7fffffffffffffffu); }

/// Returns `x`, which is not negative, with the sign of `s`.
CGAD_FUNCTION f64s d_with_sign(f64s x, f64s s) {
  return double_of(bits_of_double(x) | (bits_of_double(s) & 0x8000000000000000u));
}

// MARK: Exponential and logarithm

/// Adding this to a double below 2⁵¹ leaves the nearest integer in the low bits.
#define CGAD_ROUNDER_F64 6755399441055744.0

/// Returns eˣ, within 1e-12; not below e⁻⁷⁰⁰ nor above e⁷⁰⁰, which are 0 and infinity as floats. Source: Taylor.
CGAD_FUNCTION f64s d_exp(f64s x) {
  f64s limited = d_choose(x > 700.0, d_splat(700.0), d_choose(x < -700.0, d_splat(-700.0), x));
  f64s t = limited * 1.4426950408889634 + CGAD_ROUNDER_F64;
  f64s n = t - CGAD_ROUNDER_F64;
  f64s r = (limited - n * 0x1.62e42feep-1) - n * 0x1.a39ef35793c76p-33;
  f64s p = r * (1.0 / 3628800) + 1.0 / 362880;
  p = p * r + 1.0 / 40320;
  p = p * r + 1.0 / 5040;
  p = p * r + 1.0 / 720;
  p = p * r + 1.0 / 120;
  p = p * r + 1.0 / 24;
  p = p * r + 1.0 / 6;
  p = p * r + 0.5;
  p = p * (r * r) + r + 1.0;
  return d_choose(x != x, x, double_of(bits_of_double(p) + (bits_of_double(t) << 52)));
}

/// Returns the natural logarithm, within 1e-11; -inf of 0, NaN of negative numbers.
///
/// Source: log m = 2·artanh((m - 1) / (m + 1)) with m in `√½ ..< √2`, by Taylor.
CGAD_FUNCTION f64s d_log(f64s x) {
  u64s bits = bits_of_double(x);
  u64s e = (u64s)((i64s)(bits - 0x3fe6a09e667f3bcdu) >> 52);
  f64s m = double_of(bits - (e << 52));
  f64s s = (m - 1.0) / (m + 1.0);
  f64s z = s * s;
  f64s p = z * (2.0 / 15) + 2.0 / 13;
  p = p * z + 2.0 / 11;
  p = p * z + 2.0 / 9;
  p = p * z + 2.0 / 7;
  p = p * z + 2.0 / 5;
  p = p * z + 2.0 / 3;
  f64s whole = double_of(e + 0x4338000000000000u) - CGAD_ROUNDER_F64;
  f64s y = whole * 0.69314718055994531 + (p * z * s + (s + s));
  y = d_choose(x == d_infinity(), x, y);
  y = d_choose(x == 0.0, d_splat(-d_infinity()), y);
  return d_choose((x < 0.0) | (x != x), d_splat(d_not_a_number()), y);
}

/// Returns log(1 + x), within 1e-9 where `x` is small.
CGAD_FUNCTION f64s d_log1p(f64s x) {
  return d_choose(d_magnitude(x) < 0x1p-20, x - x * x * 0.5, d_log(x + 1.0));
}

/// Returns eˣ - 1. Source: Taylor near 0.
CGAD_FUNCTION f64s d_expm1(f64s x) {
  f64s p = x * (1.0 / 3628800) + 1.0 / 362880;
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
CGAD_FUNCTION f64s d_sinh(f64s x) {
  f64s z = x * x, a = d_magnitude(x), e = d_exp(a);
  f64s p = z * (1.0 / 39916800) + 1.0 / 362880;
  p = p * z + 1.0 / 5040;
  p = p * z + 1.0 / 120;
  p = p * z + 1.0 / 6;
  return d_choose(a < 0.5, p * z * x + x, d_with_sign((e - 1.0 / e) * 0.5, x));
}

CGAD_FUNCTION f64s d_cosh(f64s x) {
  f64s e = d_exp(d_magnitude(x));
  return (e + 1.0 / e) * 0.5;
}

CGAD_FUNCTION f64s d_asinh(f64s x) {
  f64s a = d_magnitude(x), z = a * a;
  f64s y = d_log1p(a + z / (d_sqrt(z + 1.0) + 1.0));
  return d_with_sign(d_choose(a == d_infinity(), a, y), x);
}

CGAD_FUNCTION f64s d_acosh(f64s x) {
  f64s t = x - 1.0;
  f64s y = d_log1p(t + d_sqrt(t * (x + 1.0)));
  return d_choose(x < 1.0, d_splat(d_not_a_number()), y);
}

CGAD_FUNCTION f64s d_atanh(f64s x) {
  f64s a = d_magnitude(x);
  f64s y = d_log1p((a + a) / (1.0 - a)) * 0.5;
  return d_choose(a <= 1.0, d_with_sign(d_magnitude(y), x), d_splat(d_not_a_number()));
}

// MARK: Inverse trigonometric functions

/// Returns the angle in `-π/2 ... π/2` whose tangent is `x`, within 1e-10.
///
/// Source: Taylor below tan(π/8), to where atan x = π/4 + atan((x - 1) / (x + 1)) and atan x = π/2 - atan(1/x) lead.
CGAD_FUNCTION f64s d_atan(f64s x) {
  f64s a = d_magnitude(x);
  mask64 steep = a > 1.0;
  f64s t = d_choose(steep, 1.0 / a, a);
  mask64 mid = t > 0.41421356237309503;
  f64s u = d_choose(mid, (t - 1.0) / (t + 1.0), t);
  f64s z = u * u;
  f64s p = z * (-1.0 / 23) + 1.0 / 21;
  p = p * z - 1.0 / 19;
  p = p * z + 1.0 / 17;
  p = p * z - 1.0 / 15;
  p = p * z + 1.0 / 13;
  p = p * z - 1.0 / 11;
  p = p * z + 1.0 / 9;
  p = p * z - 1.0 / 7;
  p = p * z + 1.0 / 5;
  p = p * z - 1.0 / 3;
  f64s y = p * z * u + u + d_choose(mid, d_splat(0.78539816339744831), d_splat(0.0));
  return d_with_sign(d_choose(steep, 1.5707963267948966 - y, y), x);
}

CGAD_FUNCTION f64s d_asin(f64s x) { return d_atan(x / d_sqrt((1.0 - x) * (x + 1.0))); }

/// Returns twice the angle of half the cosine's: exact also where `x` is near 1.
CGAD_FUNCTION f64s d_acos(f64s x) { return d_atan(d_sqrt((1.0 - x) / (x + 1.0))) * 2.0; }

// MARK: Error function

/// Returns erf(x) / x of z = x², below 1. Source: Taylor.
CGAD_FUNCTION f64s erf_near(f64s z) {
  f64s y = z * -6.7113668551641104e-12 + 9.422759064650411e-11;
  y = y * z - 1.2290555301717927e-9;
  y = y * z + 1.4807192815879217e-8;
  y = y * z - 1.6365844691234924e-7;
  y = y * z + 1.6462114365889247e-6;
  y = y * z - 1.4925650358406251e-5;
  y = y * z + 0.00012055332981789664;
  y = y * z - 0.00085483270234508528;
  y = y * z + 0.0052239776254421878;
  y = y * z - 0.026866170645131252;
  y = y * z + 0.11283791670955126;
  y = y * z - 0.37612638903183752;
  y = y * z + 1.1283791670955126;
  return y;
}

/// Returns erf(2.5 + 1.5·t), `t` being in `-1 ... 1`: interpolation at Chebyshev's points.
CGAD_FUNCTION f64s erf_far(f64s t) {
  f64s y = t * 3.3174397301699161e-5 + 7.1842581746542073e-6;
  y = y * t - 0.00029480609721529073;
  y = y * t + 0.00023112118511441398;
  y = y * t + 0.00092057110405979144;
  y = y * t - 0.0019928241229112904;
  y = y * t + 0.00044189855628984372;
  y = y * t + 0.0046371539714913565;
  y = y * t - 0.0096213859639541237;
  y = y * t + 0.0066494881323100136;
  y = y * t + 0.0092675520015395753;
  y = y * t - 0.031870609749561556;
  y = y * t + 0.046453613202889989;
  y = y * t - 0.043651345137158812;
  y = y * t + 0.028181552279635539;
  y = y * t - 0.012252827518250662;
  y = y * t + 0.0032674263451544148;
  y = y * t + 0.99959304785139049;
  return y;
}

/// Returns 2/√π ∫ e^(-t²) dt from 0 to `x`, within 2e-10.
CGAD_FUNCTION f64s d_erf(f64s x) {
  f64s a = d_magnitude(x);
  f64s y = d_choose(a < 4.0, erf_far((a - 2.5) * (1.0 / 1.5)), d_splat(1.0));
  y = d_choose(a < 1.0, erf_near(a * a) * a, y);
  return d_choose(x != x, x, d_with_sign(y, x));
}

// MARK: Powers

/// An exponent, and whether it is a whole number and an odd one.
typedef struct {
  double value;
  bool is_whole, is_odd;
} exponent;

CGAD_FUNCTION exponent exponent_of(double n) {
  exponent e = {n, true, false};
  if (n <= -0x1p53 || n >= 0x1p53) return e;
  e.is_whole = (double)(long long)n == n;
  e.is_odd = e.is_whole && ((long long)n & 1) != 0;
  return e;
}

/// Returns `x` to the power of `n` with the special values of C's `pow`: 1 of NaN where `n` is 0, NaN of negative
/// numbers where `n` is not whole.
CGAD_FUNCTION f64s d_pow(f64s x, exponent n) {
  if (n.value == 0) return d_splat(1.0);
  f64s y = d_exp(d_log(d_magnitude(x)) * n.value);
  if (n.is_odd) y = d_with_sign(y, x);
  if (!n.is_whole) y = d_choose((x < 0.0) & (x > -d_infinity()), d_splat(d_not_a_number()), y);
  return d_choose(x != x, x, y);
}

/// Returns `x` to the power of `n` with the special values of C's `pow`, both being floats.
///
/// Floats of 2²⁴ and more are even numbers.
CGAD_FUNCTION f64s d_pow_of(f64s x, f64s n) {
  f64s a = d_magnitude(x), half = n * 0.5;
  mask64 is_large = d_magnitude(n) >= 0x1p24;
  mask64 is_whole = is_large | ((n + CGAD_ROUNDER_F64) - CGAD_ROUNDER_F64 == n);
  mask64 is_odd = is_whole & (d_magnitude(n) < 0x1p24) & ((half + CGAD_ROUNDER_F64) - CGAD_ROUNDER_F64 != half);
  f64s y = d_exp(d_log(a) * n);
  y = d_choose((a == 1.0) & (n == n), d_splat(1.0), y);
  y = d_choose(is_odd, d_with_sign(y, x), y);
  y = d_choose((x < 0.0) & (a < d_infinity()), d_choose(is_whole, y, d_splat(d_not_a_number())), y);
  return d_choose((n == 0.0) | (x == 1.0), d_splat(1.0), y);
}

// MARK: Gelu

/// Returns x · Φ(x), Φ being the distribution function of normal numbers; -0 below -20.
CGAD_FUNCTION f64s d_gelu(f64s x) {
  f64s limited = d_choose(x < -20.0, d_splat(-20.0), x);
  return limited * (d_erf(limited * 0.70710678118654752) + 1.0) * 0.5;
}

/// Returns the derivative of `d_gelu`, Φ(x) + x · φ(x).
CGAD_FUNCTION f64s d_gelu_derivative(f64s x) {
  f64s limited = d_choose(x < -20.0, d_splat(-20.0), d_choose(x > 20.0, d_splat(20.0), x));
  f64s density = d_exp(limited * limited * -0.5) * 0.3989422804014327;
  return (d_erf(limited * 0.70710678118654752) + 1.0) * 0.5 + limited * density;
}

CGAD_OF_FLOATS(v_gelu_exact, d_gelu)
CGAD_OF_FLOATS(v_gelu_exact_derivative, d_gelu_derivative)
CGAD_OF_FLOATS(v_expm1, d_expm1)
CGAD_OF_FLOATS(v_sinh, d_sinh)
CGAD_OF_FLOATS(v_cosh, d_cosh)
CGAD_OF_FLOATS(v_asinh, d_asinh)
CGAD_OF_FLOATS(v_acosh, d_acosh)
CGAD_OF_FLOATS(v_atanh, d_atanh)
CGAD_OF_FLOATS(v_asin, d_asin)
CGAD_OF_FLOATS(v_acos, d_acos)
CGAD_OF_FLOATS(v_atan, d_atan)
CGAD_OF_FLOATS(v_erf, d_erf)
CGAD_OF_FLOATS(v_log_of_next, d_log1p)
CGAD_OF_FLOATS_AND(v_pow, d_pow, exponent)
CGAD_OF_TWO_FLOATS(v_pow_of, d_pow_of)
