// Elementary functions of floats, operation by operation those of the processor's kernels, so that both give the same
// bits. Errors and sources are told there.

// MARK: Choice

CGAD_DEVICE float magnitude(float x) { return float_of(bits_of(x) & 0x7fffffff); }

/// Returns the greater, `b` if either is NaN or they are equal.
CGAD_DEVICE float greater(float a, float b) { return a > b ? a : b; }

/// Returns the lesser, `b` if either is NaN or they are equal.
CGAD_DEVICE float lesser(float a, float b) { return a < b ? a : b; }

/// Returns the greater, NaN if either is.
CGAD_DEVICE float maximum(float a, float b) { return a > b || a != a ? a : b; }

/// Returns the lesser, NaN if either is.
CGAD_DEVICE float minimum(float a, float b) { return a < b || a != a ? a : b; }

/// Returns `x` limited to `[low, high]`, NaN if it is.
CGAD_DEVICE float limited(float x, float low, float high) { return lesser(high, greater(low, x)); }

// MARK: Exponential and logarithm

/// Adding and subtracting this rounds a number below 2²² to an integer, which is left in the low bits of the sum.
#define CGAD_ROUNDER 12582912.0f

/// Returns eˣ, 0 where it would be subnormal.
CGAD_DEVICE float f_exp(float x) {
  float t = x * 1.44269504f + CGAD_ROUNDER;
  float n = t - CGAD_ROUNDER;
  float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  float p = r * 1.9875691500e-4f + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = (p * (r * r) + r) + 1.0f;
  float y = float_of((i32)((u32)bits_of(p) + ((u32)bits_of(t) << 23)));
  y = x < -87.33f ? 0.0f : y;
  return x <= 88.7228394f ? y : x + infinity();
}

/// Returns the logarithm of `1 + m` where `m` is in `√½ - 1 ..< √2 - 1`, plus `e` times that of 2.
CGAD_DEVICE float log_of_parts(float m, float e) {
  float z = m * m;
  float p = m * 7.0376836292e-2f - 1.1514610310e-1f;
  p = p * m + 1.1676998740e-1f;
  p = p * m - 1.2420140846e-1f;
  p = p * m + 1.4249322787e-1f;
  p = p * m - 1.6668057665e-1f;
  p = p * m + 2.0000714765e-1f;
  p = p * m - 2.4999993993e-1f;
  p = p * m + 3.3333331174e-1f;
  float y = p * m * z - e * 2.12194440e-4f - z * 0.5f;
  return (m + y) + e * 0.693359375f;
}

/// Returns the natural logarithm; -inf of 0, NaN of negative numbers.
CGAD_DEVICE float f_log(float x) {
  bool tiny = x < 1.17549435e-38f;
  i32 bits = bits_of(tiny ? x * 33554432.0f : x);
  i32 e = (bits >> 23) - 126 - (tiny ? 25 : 0);
  float m = float_of((bits & 0x007fffff) | 0x3f000000);
  bool low = m < 0.707106781f;
  float y = log_of_parts((low ? m + m : m) - 1.0f, (float)(low ? e - 1 : e));
  y = x == infinity() ? x : y;
  y = x == 0.0f ? -infinity() : y;
  return x < 0.0f || x != x ? not_a_number() : y;
}

/// Returns log(1 + z) for `z` in `0 ... 1`.
CGAD_DEVICE float f_log1p(float z) {
  float w = z + 1.0f;
  return f_log(w) + (z - (w - 1.0f)) / w;
}

// MARK: Functions made of the exponential

CGAD_DEVICE float f_sigmoid(float x) {
  float e = f_exp(-magnitude(x));
  return (x < 0.0f ? e : 1.0f) / (e + 1.0f);
}

CGAD_DEVICE float f_tanh(float x) {
  float a = magnitude(x);
  float z = x * x;
  float p = z * -5.70498872745e-3f + 2.06390887954e-2f;
  p = p * z - 5.37397155531e-2f;
  p = p * z + 1.33314422036e-1f;
  p = p * z - 3.33332819422e-1f;
  float small = p * z * x + x;
  float big = 1.0f - 2.0f / (f_exp(a + a) + 1.0f);
  big = float_of((i32)((u32)bits_of(big) | ((u32)bits_of(x) & 0x80000000u)));
  return a < 0.625f ? small : big;
}

/// Returns log(1 + eˣ).
CGAD_DEVICE float f_softplus(float x) { return maximum(x, 0.0f) + f_log1p(f_exp(-magnitude(x))); }

/// Returns x · sigmoid(x).
CGAD_DEVICE float f_silu(float x) {
  x = x < -90.0f ? -90.0f : x;
  return x * f_sigmoid(x);
}

/// Returns the derivative of `x · sigmoid(u)` where `slope` is x · u'.
CGAD_DEVICE float gate_derivative(float x, float u, float slope) {
  float e = f_exp(-magnitude(u));
  float q = 1.0f / (e + 1.0f);
  float s = (u < 0.0f ? e : 1.0f) * q;
  return x != x ? x : s + slope * (e * q * q);
}

CGAD_DEVICE float f_silu_derivative(float x) {
  x = limited(x, -90.0f, 90.0f);
  return gate_derivative(x, x, x);
}

/// Returns the tanh form of gelu, written as x · sigmoid(u).
CGAD_DEVICE float f_gelu(float x) {
  x = x < -20.0f ? -20.0f : x;
  float u = (x * x * 0.044715f + 1.0f) * x * 1.59576912f;
  return x * f_sigmoid(u);
}

CGAD_DEVICE float f_gelu_derivative(float x) {
  x = limited(x, -20.0f, 20.0f);
  float z = x * x;
  float u = (z * 0.044715f + 1.0f) * x * 1.59576912f;
  float slope = (z * 0.134145f + 1.0f) * x * 1.59576912f;
  return gate_derivative(x, u, slope);
}

// MARK: Others

/// Returns -1, 1, or `x` itself where it is a zero or NaN.
CGAD_DEVICE float f_sign(float x) { return x > 0.0f ? 1.0f : x < 0.0f ? -1.0f : x; }

/// Returns x · tanh(log(1 + eˣ)), written as x · n / (n + 2) with n = eˣ · (eˣ + 2).
CGAD_DEVICE float f_mish(float x) {
  x = x < -90.0f ? -90.0f : x;
  float e = f_exp(lesser(20.0f, x));
  float n = e * (e + 2.0f);
  return x * (n / (n + 2.0f));
}

CGAD_DEVICE float f_mish_derivative(float x) {
  x = limited(x, -90.0f, 90.0f);
  float e = f_exp(lesser(20.0f, x));
  float n = e * (e + 2.0f), q = 1.0f / (n + 2.0f);
  return n * q + x * 4.0f * e * (e + 1.0f) * q * q;
}
