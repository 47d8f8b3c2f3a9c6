// The matrix product: one single-threaded OpenBLAS call per thread, each on a part of the rows or of the columns.
//
// The larger of the two extents is split, since each thread packs all of the operand that is not.

#include "pool.h"

#include <cblas.h>
#include <string.h>

/// The number of multiplications below which a product is not split: 10 µs or so.
#define SPLIT_WORK 500000.0

/// What parts are a multiple of, so that all but the last fill the tiles of the inner kernel.
#define TILE ((size_t)16)

typedef struct {
  CBLAS_TRANSPOSE transpose_a, transpose_b;
  size_t m, n, k;
  const float *a, *b;
  float *c;
  blasint lda, ldb;
  bool by_rows;
} product;

static void multiply(const product *p, size_t m, size_t n, const float *a, const float *b, float *c) {
  cblas_sgemm(
    CblasRowMajor, p->transpose_a, p->transpose_b, (blasint)m, (blasint)n, (blasint)p->k, 1, a, p->lda, b, p->ldb, 0,
    c, (blasint)p->n);
}

static void rows_body(const product *p, size_t begin, size_t end) {
  size_t step = p->transpose_a == CblasNoTrans ? (size_t)p->lda : 1;
  multiply(p, end - begin, p->n, p->a + begin * step, p->b, p->c + begin * p->n);
}

static void columns_body(const product *p, size_t begin, size_t end) {
  size_t step = p->transpose_b == CblasNoTrans ? 1 : (size_t)p->ldb;
  multiply(p, p->m, end - begin, p->a, p->b + begin * step, p->c + begin);
}

static void gemm_body(void *context, size_t begin, size_t end, size_t chunk) {
  const product *p = context;
  (void)chunk;
  if (p->by_rows) rows_body(p, begin, end);
  else columns_body(p, begin, end);
}

/// Returns the extent of a part when `extent` is split among `threads`.
static size_t part(size_t extent, size_t threads) {
  size_t each = (extent + threads - 1) / threads;
  return (each + TILE - 1) / TILE * TILE;
}

int cgad_gemm(
  cgad_pool *pool, bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k, const float *a, const float *b,
  float *c) {
  if (m > INT32_MAX || n > INT32_MAX || k > INT32_MAX) return CGAD_TOO_LARGE;
  if (m == 0 || n == 0) return CGAD_OK;
  if (k == 0) {
    memset(c, 0, m * n * sizeof(float));
    return CGAD_OK;
  }
  product p = {
    .transpose_a = transpose_a ? CblasTrans : CblasNoTrans, .transpose_b = transpose_b ? CblasTrans : CblasNoTrans,
    .m = m, .n = n, .k = k, .a = a, .b = b, .c = c, .lda = (blasint)(transpose_a ? m : k),
    .ldb = (blasint)(transpose_b ? k : n), .by_rows = m >= n,
  };
  size_t extent = m >= n ? m : n;
  bool split = (double)m * (double)n * (double)k >= SPLIT_WORK;
  cgad_parallel_for(pool, extent, split ? part(extent, (size_t)cgad_pool_threads(pool)) : extent, gemm_body, &p);
  return CGAD_OK;
}
