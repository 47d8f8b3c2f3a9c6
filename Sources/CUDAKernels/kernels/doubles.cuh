// Elementary functions in double, for functions of float that round as the exact results almost always: operation by
// operation those of the processor's kernels.

// MARK: Choice

CGAD_DEVICE double d_magnitude(double x) { return double_of(bits_of_double(x) & 0x7fffffffffffffff); }

/// Returns `x`, which is not negative, with the sign of `s`.
CGAD_DEVICE double d_with_sign(double x, double s) {
  return double_of((i64)((u64)bits_of_double(x) | ((u64)bits_of_double(s) & 0x8000000000000000u)));
}

// MARK: Exponential and logarithm

/// Adding this to a double below 2⁵¹ leaves the nearest integer in the low bits.
#define CGAD_ROUNDER_F64 6755399441055744.0

/// Returns eˣ, not below e⁻⁷⁰⁰ nor above e⁷⁰⁰.
CGAD_DEVICE double d_exp(double x) {
  double low = x < -700.0 ? -700.0 : x, limit = x > 700.0 ? 700.0 : low;
  double t = limit * 1.4426950408889634 + CGAD_ROUNDER_F64;
  double n = t - CGAD_ROUNDER_F64;
  double r = (limit - n * 0x1.62e42feep-1) - n * 0x1.a39ef35793c76p-33;
  double p = r * (1.0 / 3628800) + 1.0 / 362880;
  p = p * r + 1.0 / 40320;
  p = p * r + 1.0 / 5040;
  p = p * r + 1.0 / 720;
  p = p * r + 1.0 / 120;
  p = p * r + 1.0 / 24;
  p = p * r + 1.0 / 6;
  p = p * r + 0.5;
  p = p * (r * r) + r + 1.0;
  return x != x ? x : double_of((i64)((u64)bits_of_double(p) + ((u64)bits_of_double(t) << 52)));
}

/// Returns the natural logarithm; -inf of 0, NaN of negative numbers.
CGAD_DEVICE double d_log(double x) {
  i64 e = (i64)((u64)bits_of_double(x) - 0x3fe6a09e667f3bcdu) >> 52;
  double m = double_of((i64)((u64)bits_of_double(x) - ((u64)e << 52)));
  double s = (m - 1.0) / (m + 1.0);
  double z = s * s;
  double p = z * (2.0 / 15) + 2.0 / 13;
  p = p * z + 2.0 / 11;
  p = p * z + 2.0 / 9;
  p = p * z + 2.0 / 7;
  p = p * z + 2.0 / 5;
  p = p * z + 2.0 / 3;
  double exponent = double_of(e + 0x4338000000000000) - CGAD_ROUNDER_F64;
  double y = exponent * 0.69314718055994531 + (p * z * s + (s + s));
  y = x == infinity_f64() ? x : y;
  y = x == 0.0 ? -infinity_f64() : y;
  return x < 0.0 || x != x ? not_a_number_f64() : y;
}

CGAD_DEVICE double d_log1p(double x) { return d_magnitude(x) < 0x1p-20 ? x - x * x * 0.5 : d_log(x + 1.0); }

CGAD_DEVICE double d_expm1(double x) {
  double p = x * (1.0 / 3628800) + 1.0 / 362880;
  p = p * x + 1.0 / 40320;
  p = p * x + 1.0 / 5040;
  p = p * x + 1.0 / 720;
  p = p * x + 1.0 / 120;
  p = p * x + 1.0 / 24;
  p = p * x + 1.0 / 6;
  p = p * x + 0.5;
  return d_magnitude(x) < 0.35 ? p * (x * x) + x : d_exp(x) - 1.0;
}

// MARK: Hyperbolic functions and their inverses

CGAD_DEVICE double d_sinh(double x) {
  double z = x * x, a = d_magnitude(x), e = d_exp(a);
  double p = z * (1.0 / 39916800) + 1.0 / 362880;
  p = p * z + 1.0 / 5040;
  p = p * z + 1.0 / 120;
  p = p * z + 1.0 / 6;
  return a < 0.5 ? p * z * x + x : d_with_sign((e - 1.0 / e) * 0.5, x);
}

CGAD_DEVICE double d_cosh(double x) {
  double e = d_exp(d_magnitude(x));
  return (e + 1.0 / e) * 0.5;
}

CGAD_DEVICE double d_asinh(double x) {
  double a = d_magnitude(x), z = a * a;
  double y = d_log1p(a + z / (square_root_f64(z + 1.0) + 1.0));
  return d_with_sign(a == infinity_f64() ? a : y, x);
}

CGAD_DEVICE double d_acosh(double x) {
  double t = x - 1.0;
  double y = d_log1p(t + square_root_f64(t * (x + 1.0)));
  return x < 1.0 ? not_a_number_f64() : y;
}

CGAD_DEVICE double d_atanh(double x) {
  double a = d_magnitude(x);
  double y = d_log1p((a + a) / (1.0 - a)) * 0.5;
  return a <= 1.0 ? d_with_sign(d_magnitude(y), x) : not_a_number_f64();
}

// MARK: Inverse trigonometric functions

CGAD_DEVICE double d_atan(double x) {
  double a = d_magnitude(x);
  bool steep = a > 1.0;
  double t = steep ? 1.0 / a : a;
  bool mid = t > 0.41421356237309503;
  double u = mid ? (t - 1.0) / (t + 1.0) : t;
  double z = u * u;
  double p = z * (-1.0 / 23) + 1.0 / 21;
  p = p * z - 1.0 / 19;
  p = p * z + 1.0 / 17;
  p = p * z - 1.0 / 15;
  p = p * z + 1.0 / 13;
  p = p * z - 1.0 / 11;
  p = p * z + 1.0 / 9;
  p = p * z - 1.0 / 7;
  p = p * z + 1.0 / 5;
  p = p * z - 1.0 / 3;
  double y = p * z * u + u + (mid ? 0.78539816339744831 : 0.0);
  return d_with_sign(steep ? 1.5707963267948966 - y : y, x);
}

CGAD_DEVICE double d_asin(double x) { return d_atan(x / square_root_f64((1.0 - x) * (x + 1.0))); }

CGAD_DEVICE double d_acos(double x) { return d_atan(square_root_f64((1.0 - x) / (x + 1.0))) * 2.0; }

// MARK: Error function

/// The coefficients of erf(x) / x in x², the highest first.
#define CGAD_ERF_NEAR \
  { -6.7113668551641104e-12, 9.422759064650411e-11, -1.2290555301717927e-9, 1.4807192815879217e-8, \
    -1.6365844691234924e-7, 1.6462114365889247e-6, -1.4925650358406251e-5, 0.00012055332981789664, \
    -0.00085483270234508528, 0.0052239776254421878, -0.026866170645131252, 0.11283791670955126, \
    -0.37612638903183752, 1.1283791670955126 }

/// The coefficients of erf(2.5 + 1.5·t) in t, the highest first.
#define CGAD_ERF_FAR \
  { 3.3174397301699161e-5, 7.1842581746542073e-6, -0.00029480609721529073, 0.00023112118511441398, \
    0.00092057110405979144, -0.0019928241229112904, 0.00044189855628984372, 0.0046371539714913565, \
    -0.0096213859639541237, 0.0066494881323100136, 0.0092675520015395753, -0.031870609749561556, \
    0.046453613202889989, -0.043651345137158812, 0.028181552279635539, -0.012252827518250662, \
    0.0032674263451544148, 0.99959304785139049 }

CGAD_DEVICE double d_erf(double x) {
  const double near_terms[14] = CGAD_ERF_NEAR, far_terms[18] = CGAD_ERF_FAR;
  double a = d_magnitude(x), z = a * a, t = (a - 2.5) * (1.0 / 1.5);
  double near = near_terms[0], far = far_terms[0];
  CGAD_UNROLL
  for (int i = 1; i < 14; i++) near = near * z + near_terms[i];
  CGAD_UNROLL
  for (int i = 1; i < 18; i++) far = far * t + far_terms[i];
  double y = a < 1.0 ? near * a : a < 4.0 ? far : 1.0;
  return x != x ? x : d_with_sign(y, x);
}

// MARK: Powers

/// Returns `x` to the power of the constant `n`, with the special values of C's `pow`.
CGAD_DEVICE double d_pow(double x, double n) {
  if (n == 0) return 1.0;
  bool is_even = n <= -0x1p53 || n >= 0x1p53;
  bool is_whole = is_even || (double)(i64)n == n;
  bool is_odd = !is_even && is_whole && ((i64)n & 1) != 0;
  double y = d_exp(d_log(d_magnitude(x)) * n);
  if (is_odd) y = d_with_sign(y, x);
  if (!is_whole && x < 0.0 && x > -infinity_f64()) y = not_a_number_f64();
  return x != x ? x : y;
}

/// Returns `x` to the power of `n`, with the special values of C's `pow`, both being floats.
CGAD_DEVICE double d_pow_of(double x, double n) {
  double a = d_magnitude(x), half = n * 0.5;
  bool is_large = d_magnitude(n) >= 0x1p24;
  bool is_whole = is_large || (n + CGAD_ROUNDER_F64) - CGAD_ROUNDER_F64 == n;
  bool is_odd = is_whole && !is_large && (half + CGAD_ROUNDER_F64) - CGAD_ROUNDER_F64 != half;
  double y = d_exp(d_log(a) * n);
  y = a == 1.0 && n == n ? 1.0 : y;
  y = is_odd ? d_with_sign(y, x) : y;
  y = x < 0.0 && a < infinity_f64() && !is_whole ? not_a_number_f64() : y;
  return n == 0.0 || x == 1.0 ? 1.0 : y;
}

// MARK: Gelu

/// Returns x · Φ(x), Φ being the distribution function of normal numbers; -0 below -20.
CGAD_DEVICE double d_gelu(double x) {
  double limit = x < -20.0 ? -20.0 : x;
  return limit * (d_erf(limit * 0.70710678118654752) + 1.0) * 0.5;
}

CGAD_DEVICE double d_gelu_derivative(double x) {
  double low = x > 20.0 ? 20.0 : x, limit = x < -20.0 ? -20.0 : low;
  double density = d_exp(limit * limit * -0.5) * 0.3989422804014327;
  return (d_erf(limit * 0.70710678118654752) + 1.0) * 0.5 + limit * density;
}

/// Defines a function of a float that computes in double.
#define CGAD_OF_FLOAT(name, function) \
  CGAD_DEVICE float name(float x) { return (float)function((double)x); }

CGAD_OF_FLOAT(f_gelu_exact, d_gelu)
CGAD_OF_FLOAT(f_gelu_exact_derivative, d_gelu_derivative)
CGAD_OF_FLOAT(f_expm1, d_expm1)
CGAD_OF_FLOAT(f_sinh, d_sinh)
CGAD_OF_FLOAT(f_cosh, d_cosh)
CGAD_OF_FLOAT(f_asinh, d_asinh)
CGAD_OF_FLOAT(f_acosh, d_acosh)
CGAD_OF_FLOAT(f_atanh, d_atanh)
CGAD_OF_FLOAT(f_asin, d_asin)
CGAD_OF_FLOAT(f_acos, d_acos)
CGAD_OF_FLOAT(f_atan, d_atan)
CGAD_OF_FLOAT(f_erf, d_erf)
CGAD_OF_FLOAT(f_log_of_next, d_log1p)

CGAD_DEVICE float f_pow(float x, double n) { return (float)d_pow((double)x, n); }

CGAD_DEVICE float f_pow_of(float x, float n) { return (float)d_pow_of((double)x, (double)n); }
