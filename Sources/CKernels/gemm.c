// Matrix products: single-threaded OpenBLAS calls, each on a part of the rows or of the columns of one product.
//
// The larger of the two extents is split, since each thread packs all of the operand that is not. Many products are
// first of all shared among the threads as a whole, and so is a sum of products whose matrices lie below each other,
// which is one product.

#include "layout.h"

#include <cblas.h>
#include <string.h>

/// The number of multiplications below which a product is not split: 10 µs or so.
#define SPLIT_WORK 500000.0

/// What parts are a multiple of, so that all but the last fill the tiles of the inner kernel.
#define TILE ((size_t)16)

/// Products of matrices of one shape, each in `parts` parts of `part` rows or columns.
typedef struct {
  cgad_product shape;
  const cgad_layout *batch;
  const float *a, *b;
  float *c;
  blasint lda, ldb;
  bool by_rows, summed, adds;
  size_t part, parts;
} products;

// MARK: One product

static void multiply(
  const products *p, size_t m, size_t n, const float *a, const float *b, float *c, float kept) {
  cblas_sgemm(
    CblasRowMajor, p->shape.transpose_a ? CblasTrans : CblasNoTrans, p->shape.transpose_b ? CblasTrans : CblasNoTrans,
    (blasint)m, (blasint)n, (blasint)p->shape.k, 1, a, p->lda, b, p->ldb, kept, c, (blasint)p->shape.n);
}

/// Computes part `part` of the product of `a` and `b`, and adds `kept` times what `c` holds.
static void multiply_part(const products *p, const float *a, const float *b, float *c, size_t part, float kept) {
  const cgad_product *s = &p->shape;
  size_t extent = p->by_rows ? s->m : s->n, begin = part * p->part;
  size_t rest = extent - begin, size = rest < p->part ? rest : p->part;
  if (p->by_rows) multiply(p, size, s->n, a + begin * (s->transpose_a ? 1 : s->k), b, c + begin * s->n, kept);
  else multiply(p, s->m, size, a, b + begin * (s->transpose_b ? s->k : 1), c + begin, kept);
}

// MARK: Many products

/// Returns how many matrices of operand 0 or 1 lie before those of product `index`.
static size_t matrix_of(const cgad_layout *l, int operand, size_t index) {
  size_t matrix = 0;
  for (int i = l->rank - 1; i >= 0; i--) {
    matrix += index % l->extents[i] * (size_t)l->strides[operand][i];
    index /= l->extents[i];
  }
  return matrix;
}

static const float *left(const products *p, size_t index) {
  return p->a + matrix_of(p->batch, 0, index) * p->shape.m * p->shape.k;
}

static const float *right(const products *p, size_t index) {
  return p->b + matrix_of(p->batch, 1, index) * p->shape.k * p->shape.n;
}

static void batch_body(void *context, size_t begin, size_t end, size_t chunk) {
  const products *p = context;
  (void)chunk;
  for (size_t i = begin; i < end; i++) {
    size_t index = i / p->parts;
    float *c = p->c + index * p->shape.m * p->shape.n;
    multiply_part(p, left(p, index), right(p, index), c, i % p->parts, p->adds ? 1 : 0);
  }
}

static void sum_body(void *context, size_t begin, size_t end, size_t chunk) {
  const products *p = context;
  (void)chunk;
  for (size_t part = begin; part < end; part++)
    for (size_t i = 0; i < p->batch->count; i++)
      multiply_part(p, left(p, i), right(p, i), p->c, part, i > 0 || p->adds ? 1 : 0);
}

/// Splits each product into at most `parts` parts.
static void split(products *p, size_t parts) {
  size_t extent = p->by_rows ? p->shape.m : p->shape.n, each = (extent + parts - 1) / parts;
  p->part = parts == 1 ? extent : (each + TILE - 1) / TILE * TILE;
  p->parts = (extent + p->part - 1) / p->part;
}

static double work(const cgad_product *s, size_t count) {
  return (double)s->m * (double)s->n * (double)s->k * (double)count;
}

static size_t greatest_common_divisor(size_t a, size_t b) {
  while (b != 0) {
    size_t rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

/// Products so few that some threads would have one more than others are split, so that all have the same work.
static void run_batch(cgad_pool *pool, products *p) {
  size_t threads = (size_t)cgad_pool_threads(pool), count = p->batch->count;
  bool is_split = count < 4 * threads && work(&p->shape, 1) >= SPLIT_WORK;
  split(p, is_split ? threads / greatest_common_divisor(count, threads) : 1);
  double products_per_chunk = SPLIT_WORK / (work(&p->shape, 1) + 1);
  size_t chunk = p->parts > 1 || products_per_chunk < 1 ? 1 : (size_t)products_per_chunk;
  cgad_parallel_for(pool, count * p->parts, chunk, batch_body, p);
}

static void run_sum(cgad_pool *pool, products *p) {
  split(p, work(&p->shape, p->batch->count) >= SPLIT_WORK ? (size_t)cgad_pool_threads(pool) : 1);
  cgad_parallel_for(pool, p->parts, 1, sum_body, p);
}

// MARK: Entries

/// Returns whether operand 0 or 1 is one dense run of matrices, or one matrix, if `stretched`.
static bool is_run(const cgad_layout *l, int operand, bool stretched) {
  return l->rank == 1 && (l->count == 1 || l->strides[operand][0] == (stretched ? 0 : 1));
}

/// Makes one product of many that differ in the rows of the left operand, or of a sum over the rows of both.
static void join(products *p, cgad_layout *l) {
  cgad_product *s = &p->shape;
  bool joins_rows = !p->summed && !s->transpose_a && is_run(l, 0, false) && is_run(l, 1, true);
  bool joins_inner = p->summed && s->transpose_a && !s->transpose_b && is_run(l, 0, false) && is_run(l, 1, false);
  size_t *extent = joins_rows ? &s->m : &s->k, all;
  if (!joins_rows && !joins_inner) return;
  if (__builtin_mul_overflow(*extent, l->count, &all) || all > INT32_MAX) return;
  *extent = all;
  *l = (cgad_layout){.rank = 1, .count = 1, .extents = {1}};
}

static int run(
  cgad_pool *pool, products p, int rank, const size_t *extents, const ptrdiff_t *a_strides,
  const ptrdiff_t *b_strides, const float *_Nullable addend) {
  cgad_layout l;
  cgad_product *s = &p.shape;
  int status = cgad_layout_make(&l, rank, extents, a_strides, b_strides);
  if (status != CGAD_OK) return status;
  if (s->m > INT32_MAX || s->n > INT32_MAX || s->k > INT32_MAX) return CGAD_TOO_LARGE;
  size_t results = p.summed ? 1 : l.count;
  if (s->m == 0 || s->n == 0 || results == 0) return CGAD_OK;
  bool is_zero = s->k == 0 || l.count == 0;
  size_t size = results * s->m * s->n * sizeof(float);
  p.adds = addend != NULL;
  if (p.adds && addend != p.c) cgad_copy(pool, size, addend, p.c);
  if (is_zero && !p.adds) cgad_zero(pool, size, p.c);
  if (is_zero) return CGAD_OK;
  join(&p, &l);
  p.batch = &l;
  p.lda = (blasint)(s->transpose_a ? s->m : s->k);
  p.ldb = (blasint)(s->transpose_b ? s->k : s->n);
  p.by_rows = s->m >= s->n;
  (p.summed ? run_sum : run_batch)(pool, &p);
  return CGAD_OK;
}

int cgad_gemm_batch(
  cgad_pool *pool, cgad_product product, int rank, const size_t *extents, const float *a, const ptrdiff_t *a_strides,
  const float *b, const ptrdiff_t *b_strides, const float *_Nullable addend, float *c) {
  products p = {.shape = product, .a = a, .b = b, .c = c};
  return run(pool, p, rank, extents, a_strides, b_strides, addend);
}

int cgad_gemm_sum(
  cgad_pool *pool, cgad_product product, int rank, const size_t *extents, const float *a, const ptrdiff_t *a_strides,
  const float *b, const ptrdiff_t *b_strides, const float *_Nullable addend, float *c) {
  products p = {.shape = product, .a = a, .b = b, .c = c, .summed = true};
  return run(pool, p, rank, extents, a_strides, b_strides, addend);
}

int cgad_gemm(
  cgad_pool *pool, bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k, const float *a, const float *b,
  float *c) {
  static const size_t extents[1];
  static const ptrdiff_t strides[1];
  cgad_product product = {transpose_a, transpose_b, m, n, k};
  return cgad_gemm_batch(pool, product, 0, extents, a, strides, b, strides, NULL, c);
}
