// Reductions along any axes.
//
// Neighbouring axes that are both reduced, or both kept, are joined. If the innermost axis is reduced, an output is the
// total of runs; if it is kept, a tile of 64 outputs is the totals of columns. Variance and logsumexp take two passes:
// the first leaves means or maxima in the output, from which the second takes the differences.

#include "softmax.h"
#include "totals.h"

/// The number of parts of the rows of a tensor with few columns.
#define PARTS ((size_t)16)

/// The least number of rows in a part.
#define PART_ROWS ((size_t)1024)

/// Some axes of a tensor.
typedef struct {
  int rank;
  size_t count;
  size_t extents[CGAD_MAX_RANK];
  size_t strides[CGAD_MAX_RANK];
} axis_set;

/// A reduction by runs or by columns; `inner` is the extent of the innermost axis, which is in neither set. In a second
/// pass the outputs are centers until they are written.
typedef struct {
  cgad_reduction op;
  bool is_second;
  cgad_total total;
  const void *x;
  float *out;
  size_t size, inner, outputs, tiles, parts;
  bool by_runs;
  axis_set kept, reduced;
  double *partials;
} reduction;

// MARK: Axes

/// Returns the offset of position `i` of the product of `axes`.
static size_t offset(const axis_set *axes, size_t i) {
  size_t sum = 0;
  for (int a = axes->rank - 1; a >= 0; a--) {
    sum += i % axes->extents[a] * axes->strides[a];
    i /= axes->extents[a];
  }
  return sum;
}

static void append(axis_set *axes, size_t extent, size_t stride) {
  axes->extents[axes->rank] = extent;
  axes->strides[axes->rank++] = stride;
  axes->count *= extent;
}

/// Joins axes of the same kind, and returns how many are left. The kinds alternate from `*first_is_reduced` on.
static int join(int rank, const size_t *extents, uint32_t axes, size_t *joined, bool *first_is_reduced) {
  int n = 0;
  bool last = false;
  for (int i = 0; i < rank; i++) {
    if (extents[i] == 1) continue;
    bool is_reduced = axes >> i & 1;
    if (n == 0) *first_is_reduced = is_reduced;
    if (n == 0 || is_reduced != last) joined[n++] = 1;
    joined[n - 1] *= extents[i];
    last = is_reduced;
  }
  return n;
}

/// Sets the axes of `r`, no extent being 0.
static void set_axes(reduction *r, int rank, const size_t *extents, uint32_t axes) {
  size_t joined[CGAD_MAX_RANK] = {1}, stride = r->size;
  bool is_reduced = false;
  int n = join(rank, extents, axes, joined, &is_reduced);
  r->kept.count = r->reduced.count = 1;
  for (int i = 0; i < n - 1; i++, is_reduced = !is_reduced) {
    stride /= joined[i];
    append(is_reduced ? &r->reduced : &r->kept, joined[i], stride);
  }
  r->inner = n == 0 ? 1 : joined[n - 1];
  r->by_runs = is_reduced;
}

/// Returns the result of a group whose output was `center` before.
static float finish(const reduction *r, double total, float center) {
  double count = (double)(r->size / r->outputs);
  switch (r->op) {
    case cgad_reduction_sum:
    case cgad_reduction_max:
    case cgad_reduction_min: return (float)total;
    case cgad_reduction_mean:
    case cgad_reduction_variance: return (float)(total / count);
    case cgad_reduction_logsumexp:
      if (!r->is_second) return (float)total;
      return center - center == 0 ? (float)((double)center + (double)log_of_one((float)total)) : center;
  }
}

// MARK: Runs

static void runs_body(void *context, size_t begin, size_t end, size_t chunk) {
  const reduction *r = context;
  (void)chunk;
  for (size_t o = begin; o < end; o++) {
    size_t first = offset(&r->kept, o);
    double total = cgad_total_identity(r->total);
    for (size_t i = 0; i < r->reduced.count; i++) {
      double run = cgad_run_total(r->total, r->x, first + offset(&r->reduced, i), r->inner, r->out[o]);
      total = cgad_total_combine(r->total, total, run);
    }
    r->out[o] = finish(r, total, r->out[o]);
  }
}

static void part_body(void *context, size_t begin, size_t end, size_t chunk) {
  const reduction *r = context;
  r->partials[chunk] = cgad_run_total(r->total, r->x, begin, end - begin, r->out[0]);
}

/// Totals everything.
static void reduce_all(cgad_pool *pool, reduction *r) {
  double partials[CGAD_MAX_PARTIALS], total = cgad_total_identity(r->total);
  size_t chunk = cgad_partial_chunk(r->inner, CGAD_GRAIN);
  r->partials = partials;
  cgad_parallel_for(pool, r->inner, chunk, part_body, r);
  for (size_t i = 0; i * chunk < r->inner; i++) total = cgad_total_combine(r->total, total, partials[i]);
  r->out[0] = finish(r, total, r->out[0]);
}

static void reduce_runs(cgad_pool *pool, reduction *r) {
  if (r->outputs == 1 && r->reduced.count == 1) return reduce_all(pool, r);
  cgad_parallel_for(pool, r->outputs, cgad_rows_per_chunk(r->reduced.count * r->inner), runs_body, r);
}

// MARK: Columns

/// Totals rows `[row, end)`, counted over the reduced axes, of the columns whose first element is at `first`, and whose
/// first output is `out`.
static void total_rows(
  const reduction *r, size_t first, const float *out, size_t width, size_t row, size_t end, double *totals) {
  const axis_set *a = &r->reduced;
  size_t extent = a->rank == 0 ? 1 : a->extents[a->rank - 1], stride = a->rank == 0 ? 0 : a->strides[a->rank - 1];
  while (row < end) {
    size_t run = extent - row % extent;
    size_t rows = run < end - row ? run : end - row;
    cgad_columns c = {r->x, r->size, first + offset(a, row), rows, stride, width, out};
    cgad_column_totals(r->total, &c, totals);
    row += rows;
  }
}

static void columns_task(const reduction *r, size_t task) {
  size_t part = task % r->parts, tile = task / r->parts % r->tiles, o = task / r->parts / r->tiles;
  size_t column = tile * CGAD_TILE, rest = r->inner - column, rows = r->reduced.count;
  size_t width = rest < CGAD_TILE ? rest : CGAD_TILE;
  double local[CGAD_TILE], *totals = r->parts == 1 ? local : r->partials + task * CGAD_TILE;
  for (size_t j = 0; j < CGAD_TILE; j++) totals[j] = cgad_total_identity(r->total);
  float *out = r->out + o * r->inner + column;
  size_t begin = part * rows / r->parts, end = (part + 1) * rows / r->parts;
  total_rows(r, offset(&r->kept, o) + column, out, width, begin, end, totals);
  if (r->parts > 1) return;
  for (size_t j = 0; j < width; j++) out[j] = finish(r, totals[j], out[j]);
}

static void columns_body(void *context, size_t begin, size_t end, size_t chunk) {
  (void)chunk;
  for (size_t t = begin; t < end; t++) columns_task(context, t);
}

/// Combines the parts of output `j` of a reduction in parts.
static float combine_parts(const reduction *r, size_t j) {
  size_t tile = j / r->inner * r->tiles + j % r->inner / CGAD_TILE;
  double total = cgad_total_identity(r->total);
  for (size_t p = 0; p < r->parts; p++) {
    double d = r->partials[(tile * r->parts + p) * CGAD_TILE + j % r->inner % CGAD_TILE];
    total = cgad_total_combine(r->total, total, d);
  }
  return finish(r, total, r->out[j]);
}

static void reduce_columns(cgad_pool *pool, reduction *r) {
  double partials[PARTS * CGAD_TILE];
  r->partials = partials;
  r->tiles = (r->inner + CGAD_TILE - 1) / CGAD_TILE;
  size_t tasks = r->kept.count * r->tiles;
  bool tall = tasks <= PARTS / 2 && r->reduced.count >= 2 * PART_ROWS;
  size_t most = r->reduced.count / PART_ROWS;
  r->parts = !tall ? 1 : most < PARTS / tasks ? most : PARTS / tasks;
  size_t work = (r->inner < CGAD_TILE ? r->inner : CGAD_TILE) * (r->reduced.count / r->parts);
  cgad_parallel_for(pool, tasks * r->parts, cgad_rows_per_chunk(work), columns_body, r);
  for (size_t j = 0; r->parts > 1 && j < r->outputs; j++) r->out[j] = combine_parts(r, j);
}

// MARK: Entry

static int reduce(cgad_pool *pool, int rank, const size_t *extents, uint32_t axes, reduction *r) {
  if (rank < 0 || rank > CGAD_MAX_RANK || (uint64_t)axes >> rank != 0) return CGAD_BAD_RANK;
  r->size = r->outputs = 1;
  for (int i = 0; i < rank; i++) {
    if (__builtin_mul_overflow(r->size, extents[i], &r->size)) return CGAD_TOO_LARGE;
    if (!(axes >> i & 1) && __builtin_mul_overflow(r->outputs, extents[i], &r->outputs)) return CGAD_TOO_LARGE;
  }
  if (r->outputs == 0) return CGAD_OK;
  if (r->size == 0) {
    cgad_fill(pool, r->outputs, finish(r, cgad_total_identity(r->total), 0), r->out);
    return CGAD_OK;
  }
  set_axes(r, rank, extents, axes);
  if (r->by_runs) reduce_runs(pool, r);
  else reduce_columns(pool, r);
  return CGAD_OK;
}

/// Returns how the elements, bytes if `is_u8`, are combined in the first pass.
static cgad_total first_total(cgad_reduction op, bool is_u8) {
  switch (op) {
    case cgad_reduction_sum:
    case cgad_reduction_mean:
    case cgad_reduction_variance: return is_u8 ? SUM_U8 : SUM_F32;
    case cgad_reduction_max:
    case cgad_reduction_logsumexp: return is_u8 ? MAX_U8 : MAX_F32;
    case cgad_reduction_min: return is_u8 ? MIN_U8 : MIN_F32;
  }
}

int cgad_reduce_f32(
  cgad_pool *pool, cgad_reduction op, int rank, const size_t *extents, uint32_t axes, const float *x, float *out) {
  reduction r = {.op = op, .total = first_total(op, false), .x = x, .out = out};
  int status = reduce(pool, rank, extents, axes, &r);
  bool is_done = op != cgad_reduction_variance && op != cgad_reduction_logsumexp;
  if (is_done || status != CGAD_OK || r.size == 0) return status;
  cgad_total second = op == cgad_reduction_variance ? SQUARES_F32 : POWERS_F32;
  r = (reduction){.op = op, .is_second = true, .total = second, .x = x, .out = out};
  return reduce(pool, rank, extents, axes, &r);
}

int cgad_reduce_u8(
  cgad_pool *pool, cgad_reduction op, int rank, const size_t *extents, uint32_t axes, const uint8_t *x, float *out) {
  if (op == cgad_reduction_variance || op == cgad_reduction_logsumexp) return CGAD_BAD_ARGUMENT;
  reduction r = {.op = op, .total = first_total(op, true), .x = x, .out = out};
  return reduce(pool, rank, extents, axes, &r);
}

void cgad_sum_squares(cgad_pool *pool, size_t n, const float *x, float *out) {
  reduction r = {.op = cgad_reduction_sum, .total = SQUARES_F32, .x = x, .out = out};
  *out = 0;  // the center that squares are taken from
  (void)reduce(pool, 1, &n, 1, &r);
}
