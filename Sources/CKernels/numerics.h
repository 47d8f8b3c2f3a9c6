// The functions of numerics/, of 16 floats: what their text leaves open is defined here for vectors.

#pragma once

#include "pool.h"
#include "vector.h"

typedef f64x8 f64s;
typedef i64x8 i64s, mask64;
typedef u64x8 u64s;

// MARK: Floats

CGAD_INLINE f32x16 floats_of(i32x16 x) { return __builtin_convertvector(x, f32x16); }

CGAD_INLINE float infinity(void) { return __builtin_inff(); }

CGAD_INLINE float not_a_number(void) { return __builtin_nanf(""); }

/// Returns `x` where `mask` is all ones, and zeros.
CGAD_INLINE i32x16 choose_i32(i32x16 mask, int32_t x) { return mask & x; }

CGAD_INLINE f32x16 v_sqrt(f32x16 x) { return __builtin_elementwise_sqrt(x); }

// MARK: Doubles

CGAD_INLINE f64x8 d_splat(double x) { return x - (f64x8){0}; }

CGAD_INLINE u64x8 bits_of_double(f64x8 x) { return (u64x8)x; }

CGAD_INLINE f64x8 double_of(u64x8 bits) { return (f64x8)bits; }

CGAD_INLINE double d_infinity(void) { return __builtin_inf(); }

CGAD_INLINE double d_not_a_number(void) { return __builtin_nan(""); }

/// Returns the lanes of `a` where `mask` is all ones and of `b` where it is all zeros.
CGAD_INLINE f64x8 d_choose(i64x8 mask, f64x8 a, f64x8 b) { return (f64x8)(((i64x8)a & mask) | ((i64x8)b & ~mask)); }

CGAD_INLINE f64x8 d_sqrt(f64x8 x) { return __builtin_elementwise_sqrt(x); }

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
#define CGAD_OF_FLOATS(name, function) \
  CGAD_INLINE f32x16 name(f32x16 x) { return halves(function(low_half(x)), function(high_half(x))); }

/// Defines a function of 16 floats and of a constant that computes in double.
#define CGAD_OF_FLOATS_AND(name, function, constant) \
  CGAD_INLINE f32x16 name(f32x16 x, constant c) { return halves(function(low_half(x), c), function(high_half(x), c)); }

/// Defines a function of two floats, 16 of each, that computes in double.
#define CGAD_OF_TWO_FLOATS(name, function) \
  CGAD_INLINE f32x16 name(f32x16 x, f32x16 y) { \
    return halves(function(low_half(x), low_half(y)), function(high_half(x), high_half(y))); \
  }

// MARK: Great angles

/// As `reduce_great_angle`, not inlined into loops that hardly ever need it.
CGAD_HIDDEN int64_t cgad_reduce_angle(float x, double *rest);

CGAD_INLINE uint32_t bits_of_one(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

/// Returns `q`, but in the lanes that are not `near` what `cgad_reduce_angle` returns, which writes their `rest`.
CGAD_INLINE u64x8 quarters_of_any(f64x8 x, i64x8 near, u64x8 q, f64x8 *rest) {
  if (__builtin_reduce_and(near) != 0) return q;
  f64x8 r = *rest;
  for (int i = 0; i < 8; i++) {
    double left = r[i];
    if (!near[i]) q[i] = (uint64_t)cgad_reduce_angle((float)x[i], &left);
    r[i] = left;
  }
  *rest = r;
  return q;
}

// MARK: Functions

#include "numerics/functions.h"
#include "numerics/doubles.h"
#include "numerics/trigonometry.h"
#include "numerics/unary.h"
