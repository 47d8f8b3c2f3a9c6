// Copies of elements of any size between strided and contiguous memory.

#include "layout.h"

#include <string.h>

/// The bytes of a chunk of a copy.
#define CHUNK (CGAD_GRAIN * sizeof(float))

// MARK: Elements

typedef struct {
  const char *x;
  char *y;
  size_t size;
  ptrdiff_t stride;
} element_copy;

/// Copies `n` elements that are `x_step` bytes apart to places that are `y_step` bytes apart.
static void copy_elements(size_t n, size_t size, const char *x, ptrdiff_t x_step, char *y, ptrdiff_t y_step) {
  if (size == 1)
    for (size_t i = 0; i < n; i++, x += x_step, y += y_step) *y = *x;
  else if (size == 4)
    for (size_t i = 0; i < n; i++, x += x_step, y += y_step) memcpy(y, x, 4);
  else
    for (size_t i = 0; i < n; i++, x += x_step, y += y_step) memcpy(y, x, size);
}

static void from_run(void *context, ptrdiff_t a, ptrdiff_t b, size_t out, size_t n) {
  const element_copy *c = context;
  ptrdiff_t size = (ptrdiff_t)c->size;
  const char *x = c->x + a * size;
  char *y = c->y + out * c->size;
  (void)b;
  if (c->stride == 1) memcpy(y, x, n * c->size);
  else copy_elements(n, c->size, x, c->stride * size, y, size);
}

static void to_run(void *context, ptrdiff_t a, ptrdiff_t b, size_t in, size_t n) {
  const element_copy *c = context;
  ptrdiff_t size = (ptrdiff_t)c->size;
  const char *x = c->x + in * c->size;
  char *y = c->y + a * size;
  (void)b;
  if (c->stride == 1) memcpy(y, x, n * c->size);
  else copy_elements(n, c->size, x, size, y, c->stride * size);
}

static int copy_strided(
  cgad_pool *pool, cgad_run *run, element_copy c, int rank, const size_t *extents, const ptrdiff_t *strides) {
  static const ptrdiff_t zeros[CGAD_MAX_RANK];
  cgad_layout l;
  int status = cgad_layout_make(&l, rank, extents, strides, zeros);
  if (status != CGAD_OK || l.count == 0) return status;
  c.stride = cgad_inner_stride(&l, 0);
  cgad_layout_walk(pool, &l, run, &c);
  return CGAD_OK;
}

int cgad_copy_from_strided(
  cgad_pool *pool, size_t element_size, int rank, const size_t *extents, const void *x, const ptrdiff_t *strides,
  void *y) {
  if (element_size == sizeof(float)) return cgad_broadcast(pool, rank, extents, x, strides, y);
  return copy_strided(pool, from_run, (element_copy){.x = x, .y = y, .size = element_size}, rank, extents, strides);
}

int cgad_copy_to_strided(
  cgad_pool *pool, size_t element_size, int rank, const size_t *extents, const void *x, void *y,
  const ptrdiff_t *strides) {
  return copy_strided(pool, to_run, (element_copy){.x = x, .y = y, .size = element_size}, rank, extents, strides);
}

// MARK: Rows

typedef struct {
  const char *x;
  char *y;
  size_t row_size, x_pitch, y_pitch;
} row_copy;

static void rows_body(void *context, size_t begin, size_t end, size_t chunk) {
  const row_copy *c = context;
  (void)chunk;
  for (size_t i = begin; i < end;) {
    size_t row = i / c->row_size, at = i % c->row_size;
    size_t rest = c->row_size - at, n = rest < end - i ? rest : end - i;
    memcpy(c->y + row * c->y_pitch + at, c->x + row * c->x_pitch + at, n);
    i += n;
  }
}

void cgad_copy_rows(
  cgad_pool *pool, size_t rows, size_t row_size, const void *x, size_t x_pitch, void *y, size_t y_pitch) {
  row_copy c = {x, y, row_size, x_pitch, y_pitch};
  if (row_size > 0) cgad_parallel_for(pool, rows * row_size, CHUNK, rows_body, &c);
}

static void zero_body(void *context, size_t begin, size_t end, size_t chunk) {
  (void)chunk;
  memset((char *)context + begin, 0, end - begin);
}

void cgad_zero(cgad_pool *pool, size_t size, void *y) { cgad_parallel_for(pool, size, CHUNK, zero_body, y); }
