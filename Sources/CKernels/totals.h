// Sums, maxima and minima of runs and of columns, in a fixed order.
//
// A run is combined by blocks of 4096 in 64 lanes of float, the blocks in double; columns are combined by 32 rows in
// float, those in double.

#pragma once

#include "pool.h"
#include "vector.h"

/// The type of the elements and the way to combine them: also sums of the squares of what they differ from a center by,
/// and of e to the power of that difference.
typedef enum { SUM_F32, SUM_U8, MAX_F32, MAX_U8, MIN_F32, MIN_U8, SQUARES_F32, POWERS_F32 } cgad_total;

/// The width of a tile of columns.
#define CGAD_TILE ((size_t)64)

/// The size of the blocks of a run.
#define CGAD_BLOCK ((size_t)4096)

/// The total of no element.
static inline double cgad_total_identity(cgad_total t) {
  if (t == MAX_F32 || t == MAX_U8) return -__builtin_inf();
  return t == MIN_F32 || t == MIN_U8 ? __builtin_inf() : 0;
}

static inline double cgad_total_combine(cgad_total t, double a, double b) {
  if (t == MAX_F32 || t == MAX_U8) return a > b || a != a ? a : b;
  if (t == MIN_F32 || t == MIN_U8) return a < b || a != a ? a : b;
  return a + b;
}

/// Returns the total of the `n` elements of `x` from `begin` on, `center` being that of squares and powers.
CGAD_HIDDEN double cgad_run_total(cgad_total t, const void *x, size_t begin, size_t n, float center);

/// A matrix inside a tensor of `size` elements, and the centers of its columns.
typedef struct {
  const void *x;
  size_t size;
  size_t begin, rows, stride, width;
  const float *centers;
} cgad_columns;

/// Combines with each of the elements of `totals` the total of a column, there being at most `CGAD_TILE`.
CGAD_HIDDEN void cgad_column_totals(cgad_total t, const cgad_columns *c, double *totals);
