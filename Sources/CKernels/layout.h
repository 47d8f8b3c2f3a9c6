// Walks over the elements of strided operands in the order of a contiguous output.

#pragma once

#include "pool.h"

/// The extents of an output and the strides of two operands, with dimensions joined where both operands allow.
typedef struct {
  int rank;
  size_t count;
  size_t extents[CGAD_MAX_RANK];
  ptrdiff_t strides[2][CGAD_MAX_RANK];
} cgad_layout;

/// Does `n` consecutive elements of the output from `out` on, given where the operands start. The operands advance by
/// the strides of the innermost dimension.
typedef void cgad_run(void *context, ptrdiff_t a, ptrdiff_t b, size_t out, size_t n);

/// Writes the joined layout of operands with the given strides.
CGAD_HIDDEN int cgad_layout_make(
  cgad_layout *layout, int rank, const size_t *extents, const ptrdiff_t *a, const ptrdiff_t *b);

/// Calls `run` for all runs of `layout` on the threads of `pool`.
CGAD_HIDDEN void cgad_layout_walk(cgad_pool *pool, const cgad_layout *layout, cgad_run *run, void *context);

/// Returns the stride of operand 0 or 1 in the innermost dimension.
static inline ptrdiff_t cgad_inner_stride(const cgad_layout *l, int operand) {
  return l->strides[operand][l->rank - 1];
}
