// Sums, maxima and minima of runs and of columns.

#include "numerics.h"
#include "totals.h"

/// The number of rows combined in float.
#define ROWS ((size_t)32)

// MARK: Elements

CGAD_INLINE bool is_max(cgad_total t) { return t == MAX_F32 || t == MAX_U8; }

CGAD_INLINE bool is_min(cgad_total t) { return t == MIN_F32 || t == MIN_U8; }

CGAD_INLINE bool is_u8(cgad_total t) { return t == SUM_U8 || t == MAX_U8 || t == MIN_U8; }

CGAD_INLINE bool has_center(cgad_total t) { return t == SQUARES_F32 || t == POWERS_F32; }

CGAD_INLINE f32x16 identity(cgad_total t) {
  return splat(is_max(t) ? -__builtin_inff() : is_min(t) ? __builtin_inff() : 0.0f);
}

CGAD_INLINE f32x16 combine(cgad_total t, f32x16 a, f32x16 b) {
  if (is_max(t)) return maximum(a, b);
  return is_min(t) ? minimum(a, b) : a + b;
}

/// Returns what an element adds to a total.
CGAD_INLINE f32x16 term(cgad_total t, f32x16 x, f32x16 center) {
  if (t == POWERS_F32) return v_exp(x - center);
  return t == SQUARES_F32 ? (x - center) * (x - center) : x;
}

CGAD_INLINE f32x16 take(cgad_total t, const void *x, size_t i, f32x16 center) {
  if (is_u8(t)) return __builtin_convertvector(*(const u8x16 *)((const uint8_t *)x + i), f32x16);
  return term(t, load((const float *)x + i), center);
}

/// Returns the terms of the `n` elements from `i` on, then lanes that do not change a total.
CGAD_INLINE f32x16 take_first(cgad_total t, const void *x, size_t i, size_t n, f32x16 center) {
  f32x16 v = splat(0.0f), lanes = identity(t);
  for (size_t j = 0; j < n; j++) v[j] = is_u8(t) ? (float)((const uint8_t *)x)[i + j] : ((const float *)x)[i + j];
  v = term(t, v, center);
  for (size_t j = 0; j < n; j++) lanes[j] = v[j];
  return lanes;
}

// MARK: Runs

CGAD_INLINE float block_total(cgad_total t, const void *x, size_t begin, size_t n, f32x16 center) {
  f32x16 s[4] = {identity(t), identity(t), identity(t), identity(t)};
  size_t i = begin, end = begin + n;
  for (; i + 4 * LANES <= end; i += 4 * LANES) {
    s[0] = combine(t, s[0], take(t, x, i, center));
    s[1] = combine(t, s[1], take(t, x, i + 16, center));
    s[2] = combine(t, s[2], take(t, x, i + 32, center));
    s[3] = combine(t, s[3], take(t, x, i + 48, center));
  }
  for (; i + LANES <= end; i += LANES) s[0] = combine(t, s[0], take(t, x, i, center));
  if (i < end) s[1] = combine(t, s[1], take_first(t, x, i, end - i, center));
  f32x16 total = combine(t, combine(t, s[0], s[1]), combine(t, s[2], s[3]));
  if (is_max(t)) return max_lanes(total);
  return is_min(t) ? -max_lanes(-total) : sum_lanes(total);
}

CGAD_INLINE double run_total(cgad_total t, const void *x, size_t begin, size_t n, float center) {
  double total = cgad_total_identity(t);
  for (size_t i = 0; i < n; i += CGAD_BLOCK) {
    size_t rest = n - i < CGAD_BLOCK ? n - i : CGAD_BLOCK;
    total = cgad_total_combine(t, total, (double)block_total(t, x, begin + i, rest, splat(center)));
  }
  return total;
}

CGAD_CLONES double cgad_run_total(cgad_total t, const void *x, size_t begin, size_t n, float center) {
  switch (t) {
    case SUM_F32: return run_total(SUM_F32, x, begin, n, center);
    case SUM_U8: return run_total(SUM_U8, x, begin, n, center);
    case MAX_F32: return run_total(MAX_F32, x, begin, n, center);
    case MAX_U8: return run_total(MAX_U8, x, begin, n, center);
    case MIN_F32: return run_total(MIN_F32, x, begin, n, center);
    case MIN_U8: return run_total(MIN_U8, x, begin, n, center);
    case SQUARES_F32: return run_total(SQUARES_F32, x, begin, n, center);
    case POWERS_F32: return run_total(POWERS_F32, x, begin, n, center);
  }
}

// MARK: Columns

CGAD_INLINE void flush(cgad_total t, f32x16 v, double *totals, size_t n) {
  for (size_t j = 0; j < n; j++) totals[j] = cgad_total_combine(t, totals[j], (double)v[j]);
}

/// Returns the centers of the `n <= 16` columns from `first` on.
CGAD_INLINE f32x16 centers(cgad_total t, const cgad_columns *c, size_t first, size_t n) {
  if (!has_center(t)) return splat(0.0f);
  return n == LANES ? load(c->centers + first) : load_first(c->centers + first, n, 0);
}

/// Totals rows `[r, end)` of the 64 columns of `c`.
CGAD_INLINE void wide_totals(cgad_total t, const cgad_columns *c, size_t r, size_t end, double *totals) {
  f32x16 s[4] = {identity(t), identity(t), identity(t), identity(t)}, m[4];
  for (size_t g = 0; g < 4; g++) m[g] = centers(t, c, g * LANES, LANES);
  for (; r < end; r++) {
    size_t i = c->begin + r * c->stride;
    s[0] = combine(t, s[0], take(t, c->x, i, m[0]));
    s[1] = combine(t, s[1], take(t, c->x, i + 16, m[1]));
    s[2] = combine(t, s[2], take(t, c->x, i + 32, m[2]));
    s[3] = combine(t, s[3], take(t, c->x, i + 48, m[3]));
  }
  for (size_t g = 0; g < 4; g++) flush(t, s[g], totals + g * LANES, LANES);
}

/// Totals rows `[r, end)` of the columns from `first` on, at most 16. Lanes beyond the columns are loaded where there
/// is memory, and dropped.
CGAD_INLINE void narrow_totals(
  cgad_total t, const cgad_columns *c, size_t first, size_t r, size_t end, double *totals) {
  size_t n = c->width - first < LANES ? c->width - first : LANES;
  f32x16 s = identity(t), m = centers(t, c, first, n);
  for (; r < end; r++) {
    size_t i = c->begin + first + r * c->stride;
    s = combine(t, s, i + LANES <= c->size ? take(t, c->x, i, m) : take_first(t, c->x, i, n, m));
  }
  flush(t, s, totals + first, n);
}

CGAD_INLINE void column_totals(cgad_total t, const cgad_columns *c, double *totals) {
  for (size_t r = 0; r < c->rows; r += ROWS) {
    size_t end = r + ROWS < c->rows ? r + ROWS : c->rows;
    if (c->width == CGAD_TILE) wide_totals(t, c, r, end, totals);
    else
      for (size_t first = 0; first < c->width; first += LANES) narrow_totals(t, c, first, r, end, totals);
  }
}

CGAD_CLONES void cgad_column_totals(cgad_total t, const cgad_columns *c, double *totals) {
  switch (t) {
    case SUM_F32: return column_totals(SUM_F32, c, totals);
    case SUM_U8: return column_totals(SUM_U8, c, totals);
    case MAX_F32: return column_totals(MAX_F32, c, totals);
    case MAX_U8: return column_totals(MAX_U8, c, totals);
    case MIN_F32: return column_totals(MIN_F32, c, totals);
    case MIN_U8: return column_totals(MIN_U8, c, totals);
    case SQUARES_F32: return column_totals(SQUARES_F32, c, totals);
    case POWERS_F32: return column_totals(POWERS_F32, c, totals);
  }
}
