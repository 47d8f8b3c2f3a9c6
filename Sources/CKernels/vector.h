// Vectors of 16 lanes, the same on every machine.
//
// Nothing here may depend on the instruction set: products and sums are never contracted, and sums of lanes have a
// fixed order. `CGAD_CLONES` compiles a function once per level of x86-64; everything that takes or returns a vector
// must be `CGAD_INLINE`, since passing vectors differs between the levels.

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#pragma clang fp contract(off)
#pragma clang diagnostic ignored "-Wpsabi"

#define CGAD_INLINE static inline __attribute__((always_inline, unused))

#if defined(__x86_64__) && defined(__linux__) && defined(__GLIBC__) && !defined(CGAD_NO_CLONES)
#define CGAD_CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define CGAD_CLONES
#endif

#define LANES ((size_t)16)

typedef float f32x16 __attribute__((vector_size(64), aligned(4)));
typedef int32_t i32x16 __attribute__((vector_size(64), aligned(4)));
typedef uint32_t u32x16 __attribute__((vector_size(64), aligned(4)));
typedef uint8_t u8x16 __attribute__((vector_size(16), aligned(1)));
typedef float f32x8 __attribute__((vector_size(32), aligned(4)));
typedef double f64x8 __attribute__((vector_size(64), aligned(8)));
typedef int64_t i64x8 __attribute__((vector_size(64), aligned(8)));
typedef uint64_t u64x8 __attribute__((vector_size(64), aligned(8)));

// MARK: Memory

CGAD_INLINE f32x16 load(const float *p) { return *(const f32x16 *)p; }

CGAD_INLINE void store(float *p, f32x16 v) { *(f32x16 *)p = v; }

/// Subtracts zeros, as adding them would make a negative zero positive.
CGAD_INLINE f32x16 splat(float x) { return x - (f32x16){0}; }

CGAD_INLINE i32x16 splat_i32(int32_t x) { return (i32x16){0} + x; }

/// Has a loop of 16 iterations become masked vector instructions. A copy of `n` elements to memory and back would wait
/// for the narrow stores.
#define MASKED _Pragma("clang loop unroll(disable) vectorize(enable)")

/// Returns the `n <= 16` elements at `p` followed by lanes of `padding`.
CGAD_INLINE f32x16 load_first(const float *p, size_t n, float padding) {
  float lanes[16];
  MASKED for (uint32_t i = 0; i < 16; i++) lanes[i] = i < (uint32_t)n ? p[i] : padding;
  return load(lanes);
}

/// Writes the first `n <= 16` lanes.
CGAD_INLINE void store_first(float *p, f32x16 v, size_t n) {
  float lanes[16];
  store(lanes, v);
  MASKED for (uint32_t i = 0; i < 16; i++)
    if (i < (uint32_t)n) p[i] = lanes[i];
}

/// Returns `n` elements that are `stride` apart, followed by zeros.
CGAD_INLINE f32x16 gather(const float *p, ptrdiff_t stride, size_t n) {
  float lanes[16] = {0};
  for (size_t i = 0; i < n; i++) lanes[i] = p[(ptrdiff_t)i * stride];
  return load(lanes);
}

/// As `gather`, of integers.
CGAD_INLINE i32x16 gather_i32(const int32_t *p, ptrdiff_t stride, size_t n) {
  int32_t lanes[16] = {0};
  for (size_t i = 0; i < n; i++) lanes[i] = p[(ptrdiff_t)i * stride];
  return *(const i32x16 *)lanes;
}

// MARK: Choice

/// Returns the lanes of `a` where `mask` is all ones and of `b` where it is all zeros.
CGAD_INLINE f32x16 choose(i32x16 mask, f32x16 a, f32x16 b) {
  return (f32x16)(((i32x16)a & mask) | ((i32x16)b & ~mask));
}

CGAD_INLINE u32x16 bits_of(f32x16 x) { return (u32x16)x; }

CGAD_INLINE f32x16 float_of(u32x16 bits) { return (f32x16)bits; }

typedef f32x16 f32s;
typedef i32x16 i32s, mask32;
typedef u32x16 u32s;

#define CGAD_FUNCTION CGAD_INLINE

#include "numerics/choice.h"

CGAD_INLINE bool any(i32x16 mask) { return __builtin_reduce_or(mask) != 0; }

// MARK: Shuffles

/// Returns `a[0], b[0], a[1], b[1], …` up to the middle.
CGAD_INLINE f32x16 interleave_low(f32x16 a, f32x16 b) {
  return __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

/// Returns `a[8], b[8], a[9], b[9], …` up to the end.
CGAD_INLINE f32x16 interleave_high(f32x16 a, f32x16 b) {
  return __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

/// Returns `v` with its halves, quarters, pairs or neighbours exchanged, for a distance of 8, 4, 2 or 1.
#define EXCHANGE(v, d) \
  __builtin_shufflevector( \
    v, v, 0 ^ d, 1 ^ d, 2 ^ d, 3 ^ d, 4 ^ d, 5 ^ d, 6 ^ d, 7 ^ d, 8 ^ d, 9 ^ d, 10 ^ d, 11 ^ d, 12 ^ d, 13 ^ d, \
    14 ^ d, 15 ^ d)

// MARK: Lanes to one

/// Returns the sum of the lanes, by halves.
CGAD_INLINE float sum_lanes(f32x16 v) {
  v += EXCHANGE(v, 8);
  v += EXCHANGE(v, 4);
  v += EXCHANGE(v, 2);
  v += EXCHANGE(v, 1);
  return v[0];
}

/// Returns the greatest lane, NaN if one is.
CGAD_INLINE float max_lanes(f32x16 v) {
  v = maximum(v, EXCHANGE(v, 8));
  v = maximum(v, EXCHANGE(v, 4));
  v = maximum(v, EXCHANGE(v, 2));
  v = maximum(v, EXCHANGE(v, 1));
  return v[0];
}
