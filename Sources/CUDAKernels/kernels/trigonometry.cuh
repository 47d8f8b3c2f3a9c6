// Sine, cosine and tangent, computed in double: operation by operation those of the processor's kernels.

/// Returns the 64 bits that start at bit `offset` of 64 zero bits and the first 320 binary digits of 2/π.
CGAD_DEVICE u64 digits_of_two_over_pi(u32 offset) {
  const u64 words[6] = {
    0, 0xa2f9836e4e441529u, 0xfc2757d1f534ddc0u, 0xdb6295993c439041u, 0xfe5163abdebbc561u, 0xb7246e3a424dd2e0u,
  };
  u64 high = words[offset / 64] << (offset % 64);
  return offset % 64 == 0 ? high : high | words[offset / 64 + 1] >> (64 - offset % 64);
}

/// Returns the number of 128 bits, rounded.
CGAD_DEVICE double double_of_words(u64 high, u64 low) {
  if (high == 0 && low == 0) return 0.0;
  double scale = 0x1p64;
  for (; high >> 63 == 0; scale *= 0.5) {
    high = high << 1 | low >> 63;
    low <<= 1;
  }
  return (double)(high | (low != 0 ? 1 : 0)) * scale;
}

/// Writes what is left of `x`, not below 2¹⁹ or not finite, after taking away quarters of a turn, and returns their
/// number modulo 4.
///
/// `|x|` is m·2ᵉ with m of 24 bits. Digits of 2/π of weight 2²⁻ᵉ or more contribute multiples of 4 to the product, so
/// the 128 digits that follow them, times m and modulo 2¹²⁸, are the product modulo 4 with 126 fractional bits.
///
/// Source: Payne and Hanek, "Radian reduction for trigonometric functions", 1983.
CGAD_DEVICE i64 reduce_great_angle(float x, double *rest) {
  *rest = (double)(x - x);
  if (x - x != 0) return 0;
  u32 bits = (u32)bits_of(x);
  u64 m = (bits & 0x7fffff) | 0x800000;
  u32 offset = 62 + ((bits >> 23 & 255) - 150);
  u64 first = digits_of_two_over_pi(offset), second = digits_of_two_over_pi(offset + 64);
  u64 lower = (second & 0xffffffffu) * m, upper = (second >> 32) * m + (lower >> 32);
  u64 low = upper << 32 | (lower & 0xffffffffu), high = first * m + (upper >> 32);
  u64 quarters = (high + 0x2000000000000000u) >> 62;
  high -= quarters << 62;
  bool is_negative = high >> 63 != 0;
  if (is_negative) {
    low = ~low + 1;
    high = ~high + (low == 0 ? 1 : 0);
  }
  double fraction = is_negative ? -double_of_words(high, low) : double_of_words(high, low);
  double r = fraction * 0x1p-126 * 1.5707963267948966;
  *rest = bits >> 31 ? -r : r;
  return bits >> 31 ? -(i64)quarters : (i64)quarters;
}

CGAD_DEVICE double sin_of_rest(double r) {
  double z = r * r;
  double p = z * (-1.0 / 39916800) + 1.0 / 362880;
  p = p * z - 1.0 / 5040;
  p = p * z + 1.0 / 120;
  p = p * z - 1.0 / 6;
  return p * z * r + r;
}

CGAD_DEVICE double cos_of_rest(double r) {
  double z = r * r;
  double p = z * (1.0 / 479001600) - 1.0 / 3628800;
  p = p * z + 1.0 / 40320;
  p = p * z - 1.0 / 720;
  p = p * z + 1.0 / 24;
  p = p * z - 0.5;
  return p * z + 1.0;
}

/// Returns the number of quarters of a turn, modulo 4, to be taken from `x`, and writes to `rest` what is left.
CGAD_DEVICE i64 quarters_of(float x, double *rest) {
  double d = (double)x;
  double t = d * 0.63661977236758134 + CGAD_ROUNDER_F64;
  double n = t - CGAD_ROUNDER_F64;
  *rest = d - n * 0x1.921fb544p0 - n * 0x1.0b4611a626331p-34;
  return d >= -1.0e6 && d <= 1.0e6 ? bits_of_double(t) : reduce_great_angle(x, rest);
}

/// Returns the sine of `x + quarter · π/2`.
CGAD_DEVICE float sin_of_quarters(float x, i64 quarter) {
  double r;
  i64 q = quarters_of(x, &r) + quarter;
  double y = (q & 1) != 0 ? cos_of_rest(r) : sin_of_rest(r);
  return (float)double_of((i64)((u64)bits_of_double(y) ^ (u64)(q & 2) << 62));
}

CGAD_DEVICE float f_sin(float x) { return sin_of_quarters(x, 0); }

CGAD_DEVICE float f_cos(float x) { return sin_of_quarters(x, 1); }

CGAD_DEVICE float f_tan(float x) {
  double r;
  bool is_odd = (quarters_of(x, &r) & 1) != 0;
  double s = sin_of_rest(r), c = cos_of_rest(r);
  return (float)((is_odd ? -c : s) / (is_odd ? s : c));
}
