// A 64-bit digest, to compare runs and files; it resists accidents, not attackers.
//
// FNV-1a over little-endian words of 8 bytes instead of bytes. Since a product carries differences upward only, the
// upper half is folded into the lower after each word; without that, the signs of two numbers would cancel. The last
// word is filled with zeros, and the size follows it.

#include "cgad_kernels.h"

#include <string.h>

static uint64_t absorb(uint64_t h, uint64_t word) {
  h = (h ^ word) * 0x100000001b3;
  return h ^ h >> 32;
}

/// Returns the word of the `n <= 8` bytes at `p`.
static uint64_t word_at(const unsigned char *p, size_t n) {
  uint64_t w = 0;
  memcpy(&w, p, n);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  w = __builtin_bswap64(w);
#endif
  return w;
}

uint64_t cgad_digest(uint64_t seed, const void *bytes, size_t size) {
  const unsigned char *p = bytes;
  uint64_t h = seed ^ 0xcbf29ce484222325;
  size_t i = 0;
  for (; i + 8 <= size; i += 8) h = absorb(h, word_at(p + i, 8));
  if (i < size) h = absorb(h, word_at(p + i, size - i));
  return absorb(h, size);
}
