// The reduction of great angles.

#include "trigonometry.h"

/// 64 zero bits and the first 320 binary digits of 2/π.
static const uint64_t two_over_pi[6] = {
  0, 0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041, 0xfe5163abdebbc561, 0xb7246e3a424dd2e0,
};

/// Returns the 64 bits that start at bit `offset` of `two_over_pi`.
static uint64_t digits(size_t offset) {
  uint64_t high = two_over_pi[offset / 64] << (offset % 64);
  return offset % 64 == 0 ? high : high | two_over_pi[offset / 64 + 1] >> (64 - offset % 64);
}

/// `|x|` is m·2ᵉ with m of 24 bits. Digits of 2/π of weight 2²⁻ᵉ or more contribute multiples of 4 to the product, so
/// the 128 digits that follow them, times m and modulo 2¹²⁸, are the product modulo 4 with 126 fractional bits.
///
/// Requires: `|x|` is not below 2¹⁹, or `x` is not finite.
/// Source: Payne and Hanek, "Radian reduction for trigonometric functions", 1983.
int64_t cgad_reduce_angle(float x, double *rest) {
  *rest = (double)(x - x);
  if (x - x != 0) return 0;
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  uint64_t m = (bits & 0x7fffff) | 0x800000;
  size_t offset = 62 + ((bits >> 23 & 255) - 150);
  unsigned __int128 product = ((unsigned __int128)digits(offset) << 64 | digits(offset + 64)) * m;
  int64_t quarters = (int64_t)((product + ((unsigned __int128)1 << 125)) >> 126);
  __int128 fraction = (__int128)(product - ((unsigned __int128)quarters << 126));
  double r = (double)fraction * 0x1p-126 * 1.5707963267948966;
  *rest = bits >> 31 ? -r : r;
  return bits >> 31 ? -quarters : quarters;
}
