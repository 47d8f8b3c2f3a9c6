// Sine, cosine and tangent, computed in double, so that they round as the exact results almost always: within 0.501 ulp
// over 116 million floats spread over all bit patterns. For processors and devices, operation by operation the same.

// MARK: Great angles

/// Returns the 64 bits that start at bit `offset` of 64 zero bits and the first 320 binary digits of 2/π.
CGAD_FUNCTION unsigned long long digits_of_two_over_pi(unsigned offset) {
  const unsigned long long words[6] = {
    0, 0xa2f9836e4e441529u, 0xfc2757d1f534ddc0u, 0xdb6295993c439041u, 0xfe5163abdebbc561u, 0xb7246e3a424dd2e0u,
  };
  unsigned long long high = words[offset / 64] << (offset % 64);
  return offset % 64 == 0 ? high : high | words[offset / 64 + 1] >> (64 - offset % 64);
}

/// Returns the number of 128 bits, rounded.
CGAD_FUNCTION double double_of_words(unsigned long long high, unsigned long long low) {
  if (high == 0 && low == 0) return 0.0;
  double scale = 0x1p64;
  for (; high >> 63 == 0; scale *= 0.5) {
    high = high << 1 | low >> 63;
    low <<= 1;
  }
  return (double)(high | (low != 0 ? 1 : 0)) * scale;
}

/// Writes to `rest`, in `-π/4 ... π/4`, what is left of `x` after taking away quarters of a turn, and returns their
/// number modulo 4; the rest of inf and NaN is NaN.
///
/// `|x|` is m·2ᵉ with m of 24 bits. Digits of 2/π of weight 2²⁻ᵉ or more contribute multiples of 4 to the product, so
/// the 128 digits that follow them, times m and modulo 2¹²⁸, are the product modulo 4 with 126 fractional bits.
///
/// Requires: `|x|` is not below 2¹⁹, or `x` is not finite.
/// Source: Payne and Hanek, "Radian reduction for trigonometric functions", 1983.
CGAD_FUNCTION long long reduce_great_angle(float x, double *rest) {
  *rest = (double)(x - x);
  if (x - x != 0) return 0;
  unsigned bits = bits_of_one(x);
  unsigned long long m = (bits & 0x7fffff) | 0x800000;
  unsigned offset = 62 + ((bits >> 23 & 255) - 150);
  unsigned long long first = digits_of_two_over_pi(offset), second = digits_of_two_over_pi(offset + 64);
  unsigned long long lower = (second & 0xffffffffu) * m, upper = (second >> 32) * m + (lower >> 32);
  unsigned long long low = upper << 32 | (lower & 0xffffffffu), high = first * m + (upper >> 32);
  unsigned long long quarters = (high + 0x2000000000000000u) >> 62;
  high -= quarters << 62;
  bool is_negative = high >> 63 != 0;
  if (is_negative) {
    low = ~low + 1;
    high = ~high + (low == 0 ? 1 : 0);
  }
  double fraction = is_negative ? -double_of_words(high, low) : double_of_words(high, low);
  double r = fraction * 0x1p-126 * 1.5707963267948966;
  *rest = bits >> 31 ? -r : r;
  return bits >> 31 ? -(long long)quarters : (long long)quarters;
}

// MARK: Any angles

/// Returns the sine of `r`, in `-π/4 ... π/4`. Source: Taylor; the error is below 1e-11.
CGAD_FUNCTION f64s sin_of_rest(f64s r) {
  f64s z = r * r;
  f64s p = z * (-1.0 / 39916800) + 1.0 / 362880;
  p = p * z - 1.0 / 5040;
  p = p * z + 1.0 / 120;
  p = p * z - 1.0 / 6;
  return p * z * r + r;
}

/// Returns the cosine of `r`, in `-π/4 ... π/4`. Source: Taylor; the error is below 1e-12.
CGAD_FUNCTION f64s cos_of_rest(f64s r) {
  f64s z = r * r;
  f64s p = z * (1.0 / 479001600) - 1.0 / 3628800;
  p = p * z + 1.0 / 40320;
  p = p * z - 1.0 / 720;
  p = p * z + 1.0 / 24;
  p = p * z - 0.5;
  return p * z + 1.0;
}

/// Returns the number of quarters of a turn, modulo 4, to be taken from `x`, and writes to `rest` what is left.
CGAD_FUNCTION u64s quarters_of(f64s x, f64s *rest) {
  f64s t = x * 0.63661977236758134 + CGAD_ROUNDER_F64;
  f64s n = t - CGAD_ROUNDER_F64;
  *rest = x - n * 0x1.921fb544p0 - n * 0x1.0b4611a626331p-34;
  return quarters_of_any(x, (x >= -1.0e6) & (x <= 1.0e6), bits_of_double(t), rest);
}

/// Returns the sine of `x + quarter · π/2`.
CGAD_FUNCTION f64s sin_of_quarters(f64s x, unsigned quarter) {
  f64s r;
  u64s q = quarters_of(x, &r) + quarter;
  f64s y = d_choose((q & 1) != 0, cos_of_rest(r), sin_of_rest(r));
  return double_of(bits_of_double(y) ^ (q & 2) << 62);
}

CGAD_FUNCTION f64s d_sin(f64s x) { return sin_of_quarters(x, 0); }

CGAD_FUNCTION f64s d_cos(f64s x) { return sin_of_quarters(x, 1); }

CGAD_FUNCTION f64s d_tan(f64s x) {
  f64s r;
  mask64 is_odd = (quarters_of(x, &r) & 1) != 0;
  f64s s = sin_of_rest(r), c = cos_of_rest(r);
  return d_choose(is_odd, -c, s) / d_choose(is_odd, s, c);
}

CGAD_OF_FLOATS(v_sin, d_sin)
CGAD_OF_FLOATS(v_cos, d_cos)
CGAD_OF_FLOATS(v_tan, d_tan)
