// Walks over the elements of strided operands.

#include "layout.h"

#include <string.h>

// MARK: Joining

/// Returns whether stepping once in the last dimension of `l` is walking the whole of a dimension of `extent`.
static bool is_joinable(const cgad_layout *l, size_t extent, ptrdiff_t a, ptrdiff_t b) {
  int last = l->rank - 1;
  return l->strides[0][last] == a * (ptrdiff_t)extent && l->strides[1][last] == b * (ptrdiff_t)extent;
}

static void append(cgad_layout *l, size_t extent, ptrdiff_t a, ptrdiff_t b) {
  bool joined = l->rank > 0 && is_joinable(l, extent, a, b);
  if (!joined) l->extents[l->rank++] = 1;
  int last = l->rank - 1;
  l->extents[last] *= extent;
  l->strides[0][last] = a;
  l->strides[1][last] = b;
}

int cgad_layout_make(cgad_layout *l, int rank, const size_t *extents, const ptrdiff_t *a, const ptrdiff_t *b) {
  if (rank < 0 || rank > CGAD_MAX_RANK) return CGAD_BAD_RANK;
  *l = (cgad_layout){.count = 1};
  for (int i = 0; i < rank; i++) {
    if (__builtin_mul_overflow(l->count, extents[i], &l->count)) return CGAD_TOO_LARGE;
    if (extents[i] != 1) append(l, extents[i], a[i], b[i]);
  }
  if (l->rank == 0) append(l, 1, 0, 0);
  return CGAD_OK;
}

// MARK: Walking

typedef struct {
  const cgad_layout *layout;
  cgad_run *run;
  void *context;
} walk;

/// A position in the output and in both operands.
typedef struct {
  size_t index[CGAD_MAX_RANK];
  ptrdiff_t a, b;
} cursor;

static cursor cursor_at(const cgad_layout *l, size_t element) {
  cursor c = {.a = 0, .b = 0};
  for (int i = l->rank - 1; i >= 0; i--) {
    c.index[i] = element % l->extents[i];
    element /= l->extents[i];
    c.a += (ptrdiff_t)c.index[i] * l->strides[0][i];
    c.b += (ptrdiff_t)c.index[i] * l->strides[1][i];
  }
  return c;
}

/// Moves to the start of the next run.
static void advance(const cgad_layout *l, cursor *c) {
  int i = l->rank - 1;
  c->a -= (ptrdiff_t)c->index[i] * l->strides[0][i];
  c->b -= (ptrdiff_t)c->index[i] * l->strides[1][i];
  c->index[i] = 0;
  for (i--; i >= 0; i--) {
    c->a += l->strides[0][i];
    c->b += l->strides[1][i];
    if (++c->index[i] < l->extents[i]) return;
    c->a -= (ptrdiff_t)l->extents[i] * l->strides[0][i];
    c->b -= (ptrdiff_t)l->extents[i] * l->strides[1][i];
    c->index[i] = 0;
  }
}

static void walk_body(void *context, size_t begin, size_t end, size_t chunk) {
  const walk *w = context;
  const cgad_layout *l = w->layout;
  cursor c = cursor_at(l, begin);
  (void)chunk;
  for (size_t i = begin; i < end;) {
    size_t run = l->extents[l->rank - 1] - c.index[l->rank - 1];
    size_t n = run < end - i ? run : end - i;
    w->run(w->context, c.a, c.b, i, n);
    i += n;
    advance(l, &c);
  }
}

void cgad_layout_walk(cgad_pool *pool, const cgad_layout *layout, cgad_run *run, void *context) {
  walk w = {layout, run, context};
  cgad_parallel_for(pool, layout->count, CGAD_GRAIN, walk_body, &w);
}
